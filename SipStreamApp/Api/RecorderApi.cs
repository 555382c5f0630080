using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Api;

/// <summary><c>/rest-api/recorder</c> and <c>/rest-api/stream/startRecording|stopRecording</c>: recording, in the words of the WCS REST interface.</summary>
internal static class RecorderApi
{
    public static void MapRecorder(this IEndpointRouteBuilder rest)
    {
        var recorder = rest.MapGroup("/recorder").WithTags("Recorder");
        Start(recorder.MapPost("/startup", Startup));
        Stop(recorder.MapPost("/terminate", Terminate));
        recorder.MapMethods("/find_all", [HttpMethods.Get, HttpMethods.Post], FindAll).WithSummary("Recordings that run or are being finished")
            .Produces<RecorderObject[]>().Documented(404);
        recorder.RefuseOthers("/startup", "POST");
        recorder.RefuseOthers("/terminate", "POST");
        recorder.RefuseOthers("/find_all", "GET", "POST");

        var stream = rest.MapGroup("/stream").WithTags("Stream");
        Start(stream.MapPost("/startRecording", Startup));
        Stop(stream.MapPost("/stopRecording", Terminate));
        stream.RefuseOthers("/startRecording", "POST");
        stream.RefuseOthers("/stopRecording", "POST");
    }

    private static void Start(RouteHandlerBuilder route) => route.WithSummary("Record a stream")
        .WithDescription("A recording of that stream that runs ends, and a new one starts with this configuration.")
        .WithMetadata(new BodyDoc(typeof(RecorderDoc))).Produces(200).Documented(404, 415, 500, 503);

    private static void Stop(RouteHandlerBuilder route) => route.WithSummary("End the recording of a stream")
        .WithMetadata(new BodyDoc(typeof(RecorderDoc))).Produces(200).Documented(404, 415, 500);

    private static async Task<IResult> Startup(HttpContext http, MediaEngine engine)
    {
        var (stream, body, error) = await ReadAsync(http, engine);
        if (stream is null) return error!;
        var (request, errors) = RecorderConfigReader.Read(body!.Config);
        if (errors.Any) return Problems.Fields(http, errors);
        var outcome = engine.StartRecording(stream.Name, request);
        return outcome.Succeeded ? new EmptyOk() : Problems.From(http, outcome.Failures);
    }

    private static async Task<IResult> Terminate(HttpContext http, MediaEngine engine)
    {
        var (stream, _, error) = await ReadAsync(http, engine);
        if (stream is null) return error!;
        return await engine.StopRecordingAsync(stream.Name)
            ? new EmptyOk()
            : Problems.Of(http, 404, "recording-not-found", "The stream is not recorded", "It was stopped already, or never started");
    }

    private static IResult FindAll(HttpContext http, MediaEngine engine)
    {
        RecorderObject[] found = [.. engine.Recordings.Where(r => !r.IsOver).Select(RecorderObject.From)];
        return found.Length == 0
            ? Problems.Of(http, 404, "recording-not-found", "Nothing is recorded", "Start with /rest-api/recorder/startup")
            : TypedResults.Json(found, ApiJson.Default.RecorderObjectArray);
    }

    private static async Task<(StreamSnapshot? Stream, RecorderBody? Body, IResult? Error)> ReadAsync(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.RecorderBody);
        if (body is null) return (null, null, error);
        var stream = !body.MediaSessionId.IsEmpty ? engine.FindMediaSession(body.MediaSessionId.Text?.Trim() ?? "")
            : StreamName.TryParse((body.StreamName.IsEmpty ? body.Name : body.StreamName).Text?.Trim(), out var name) ? engine.FindStream(name)
            : null;
        if (stream is not null) return (stream, body, null);
        if (!body.MediaSessionId.IsEmpty || !body.StreamName.IsEmpty || !body.Name.IsEmpty)
            return (null, null, Problems.Of(http, 404, "stream-not-found", "There is no such stream", "It is there while its call is up"));
        var errors = new FieldErrors();
        errors.Add("mediaSessionId", "is required");
        return (null, null, Problems.Fields(http, errors));
    }
}
