using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;

namespace SipStreamApp.Api;

/// <summary><c>/rest-api/push</c>: streams sent on to RTMP, RTMPS, SRT and RTSP servers, in the words of the WCS REST interface.</summary>
internal static class PushApi
{
    public static void MapPushes(this IEndpointRouteBuilder rest)
    {
        var group = rest.MapGroup("/push").WithTags("Push");
        group.MapPost("/startup", Startup).WithSummary("Send a stream to a server")
            .WithDescription("rtmp_ and the stream's name are put behind rtmpUrl, unless rtmpTransponderFullUrl is true. The stream may still be only reserved by its call.")
            .WithMetadata(new BodyDoc(typeof(PushStartupDoc))).Produces<PushObject>().Documented(400, 404, 409, 415, 500, 503);
        group.MapPost("/find", Find).WithSummary("Find pushes that run").WithMetadata(new BodyDoc(typeof(PushFilterDoc))).Produces<PushObject[]>().Documented(404, 500);
        group.MapMethods("/find_all", [HttpMethods.Get, HttpMethods.Post], FindAll).WithSummary("All pushes that run").Produces<PushObject[]>().Documented(404);
        group.MapPost("/terminate", Terminate).WithSummary("End a push").WithMetadata(new BodyDoc(typeof(PushIdDoc))).Produces(200).Documented(404, 500);
        group.MapPost("/mute", (HttpContext http, MediaEngine engine) => Mute(http, engine, true)).WithSummary("Send silence instead of the call's sound")
            .WithMetadata(new BodyDoc(typeof(PushIdDoc))).Produces(200).Documented(404, 500);
        group.MapPost("/unmute", (HttpContext http, MediaEngine engine) => Mute(http, engine, false)).WithSummary("Send the call's sound again")
            .WithMetadata(new BodyDoc(typeof(PushIdDoc))).Produces(200).Documented(404, 500);
        group.MapPost("/sound_on", SoundOn).WithSummary("Send a sound file instead of the call's sound")
            .WithMetadata(new BodyDoc(typeof(PushSoundDoc))).Produces(200).Documented(404, 500);
        group.MapPost("/sound_off", SoundOff).WithSummary("Go back to the call's sound").WithMetadata(new BodyDoc(typeof(PushIdDoc))).Produces(200).Documented(404, 500);
        foreach (var path in (string[])["/startup", "/find", "/terminate", "/mute", "/unmute", "/sound_on", "/sound_off"]) group.RefuseOthers(path, "POST");
        group.RefuseOthers("/find_all", "GET", "POST");
    }

    private static async Task<IResult> Startup(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.PushBody);
        if (body is null) return error!;
        var errors = new FieldErrors();
        if (!StreamName.TryParse(Text(body.StreamName), out var stream))
            errors.Add("streamName", body.StreamName.IsEmpty ? "is required" : "must be 1 to 64 letters, digits, dots, underscores or hyphens");
        if (body.RtmpUrl.IsEmpty) errors.Add("rtmpUrl", "is required");
        var isFull = Flag(errors, "rtmpTransponderFullUrl", body.RtmpTransponderFullUrl);
        var action = body.Option("action");
        if (action is not (null or "" or "mute" or "sound_on")) errors.Add("options", "action must be mute or sound_on");
        var soundFile = action == "sound_on" ? body.Option("soundFile") : null;
        if (action == "sound_on" && soundFile is null) errors.Add("options", "sound_on needs soundFile");
        if (errors.Any) return Problems.Fields(http, errors);
        var outcome = engine.StartPush(new PushRequest(stream, Text(body.RtmpUrl)!)
        {
            FullUrl = isFull, Muted = action == "mute", SoundFile = soundFile, LoopSound = body.Option("loop") is "true",
        });
        return outcome.Succeeded ? TypedResults.Json(PushObject.From(outcome.Value), ApiJson.Default.PushObject) : Problems.From(http, outcome.Failures);
    }

    private static async Task<IResult> Find(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.PushBody);
        if (body is null) return error!;
        var errors = new FieldErrors();
        if (body.StreamName.IsComposite) errors.Add("streamName", "must be a text");
        if (body.RtmpUrl.IsComposite) errors.Add("rtmpUrl", "must be a text");
        if (errors.Any) return Problems.Fields(http, errors);
        var name = Text(body.StreamName);
        return List(http, engine.FindPushes(Text(body.RtmpUrl)).Where(p => name is null || p.Name == name));
    }

    private static IResult FindAll(HttpContext http, MediaEngine engine) => List(http, engine.FindPushes());

    private static async Task<IResult> Terminate(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await ReadIdAsync(http);
        return body is null ? error! : await engine.StopPushAsync(Text(body.MediaSessionId)!) ? new EmptyOk() : NoPush(http);
    }

    private static async Task<IResult> Mute(HttpContext http, MediaEngine engine, bool muted)
    {
        var (body, error) = await ReadIdAsync(http);
        return body is null ? error! : engine.MutePush(Text(body.MediaSessionId)!, muted) ? new EmptyOk() : NoPush(http);
    }

    private static async Task<IResult> SoundOn(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await ReadIdAsync(http);
        if (body is null) return error!;
        var errors = new FieldErrors();
        if (body.SoundFile.IsEmpty) errors.Add("soundFile", "is required");
        var loop = Flag(errors, "loop", body.Loop);
        return errors.Any ? Problems.Fields(http, errors) : await PlayAsync(http, engine, body, Text(body.SoundFile), loop);
    }

    private static async Task<IResult> SoundOff(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await ReadIdAsync(http);
        return body is null ? error! : await PlayAsync(http, engine, body, null, false);
    }

    private static async Task<IResult> PlayAsync(HttpContext http, MediaEngine engine, PushBody body, string? file, bool loop) =>
        await engine.PlayToPushAsync(Text(body.MediaSessionId)!, file, loop, http.RequestAborted) is { } failure ? Problems.From(http, [failure]) : new EmptyOk();

    private static async Task<(PushBody? Body, IResult? Error)> ReadIdAsync(HttpContext http)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.PushBody);
        if (body is null || !body.MediaSessionId.IsEmpty) return (body, error);
        var errors = new FieldErrors();
        errors.Add("mediaSessionId", "is required");
        return (null, Problems.Fields(http, errors));
    }

    private static bool Flag(FieldErrors errors, string field, LooseValue value)
    {
        if (value.IsEmpty) return false;
        if (value.TryFlag(out var flag)) return flag;
        errors.Add(field, "must be true or false");
        return false;
    }

    private static string? Text(LooseValue value) => value.IsEmpty ? null : value.Text?.Trim();

    private static IResult List(HttpContext http, IEnumerable<PushSnapshot> pushes)
    {
        PushObject[] found = [.. pushes.Select(PushObject.From)];
        return found.Length == 0 ? NoPush(http) : TypedResults.Json(found, ApiJson.Default.PushObjectArray);
    }

    private static IResult NoPush(HttpContext http) => Problems.Of(http, 404, "push-not-found", "No such push", "It has ended or never was");
}
