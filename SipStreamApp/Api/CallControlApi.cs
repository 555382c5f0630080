using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Api;

/// <summary>
/// <c>/rest-api/call</c>: what is done to calls that are up. As Web Call Server has it: 200 with an empty body, 404 where the call, the file
/// or the stream is not there, 500 for everything else; under /v3 what is meant.
/// </summary>
internal static class CallControlApi
{
    public static void MapCallControl(this RouteGroupBuilder group)
    {
        group.MapPost("/send_dtmf", SendDtmf).WithSummary("Press keys in a call")
            .WithDescription("type is RFC2833 (in the sound; the default), INFO or INFO_RELAY. Answered when the last key was sent.")
            .WithMetadata(new BodyDoc(typeof(CallDtmfDoc))).Produces(200).Documented(404, 500);
        group.MapPost("/inject_sound", InjectSound).WithSummary("Play a file of the media folder to the other side, once")
            .WithMetadata(new BodyDoc(typeof(CallSoundDoc))).Produces(200).Documented(404, 500);
        foreach (var path in (string[])["/inject_stream/startup", "/inject_stream"])
            group.MapPost(path, InjectStream).WithSummary("Send a stream of this server to the other side instead of silence")
                .WithMetadata(new BodyDoc(typeof(CallStreamDoc))).Produces(200).Documented(404, 500);
        group.MapPost("/inject_stream/terminate", StopStream).WithSummary("Go back to silence").WithMetadata(new BodyDoc(typeof(CallIdDoc))).Produces(200).Documented(404, 500);

        // Not of Web Call Server, whose clients hold and transfer by its SDK only; the names are the SDK's.
        group.MapPost("/hold", Hold).WithSummary("Put the other side on hold; what is injected goes on: music on hold")
            .WithMetadata(new BodyDoc(typeof(CallIdDoc))).Produces(200).Documented(404, 500);
        group.MapPost("/unhold", Unhold).WithSummary("Take the other side off hold").WithMetadata(new BodyDoc(typeof(CallIdDoc))).Produces(200).Documented(404, 500);
        group.MapPost("/transfer", Transfer).WithSummary("Ask the other side to call somebody else instead (blind transfer)")
            .WithDescription("Answered when it has agreed to try. The call ends once the target is reached; where it is not, it goes on.")
            .WithMetadata(new BodyDoc(typeof(CallTransferDoc))).Produces(200).Documented(404, 500);
        foreach (var path in (string[])["/send_dtmf", "/inject_sound", "/inject_stream", "/inject_stream/startup", "/inject_stream/terminate", "/hold", "/unhold", "/transfer"]) group.RefuseOthers(path, "POST");
    }

    private static async Task<IResult> SendDtmf(HttpContext http, MediaEngine engine)
    {
        var (body, id, error) = await ReadAsync(http, engine);
        if (body is null) return error!;
        DtmfWay? way = Text(body.Type)?.ToUpperInvariant() switch
        {
            null or "RFC2833" or "RFC4733" => DtmfWay.Rfc2833,
            "INFO" => DtmfWay.Info,
            "INFO_RELAY" => DtmfWay.InfoRelay,
            _ => null,
        };
        return way is { } known
            ? Answer(http, await engine.SendDtmfAsync(id, Text(body.Dtmf) ?? "", known, http.RequestAborted))
            : Problems.Field(http, "type", "must be RFC2833, INFO or INFO_RELAY");
    }

    private static async Task<IResult> InjectSound(HttpContext http, MediaEngine engine)
    {
        var (body, id, error) = await ReadAsync(http, engine);
        if (body is null) return error!;
        return Text(body.FileName) is { } file ? Answer(http, await engine.InjectSoundAsync(id, file, http.RequestAborted)) : Problems.Field(http, "fileName", "is required");
    }

    private static async Task<IResult> InjectStream(HttpContext http, MediaEngine engine)
    {
        var (body, id, error) = await ReadAsync(http, engine);
        if (body is null) return error!;
        return StreamName.TryParse(Text(body.StreamName), out var name)
            ? Answer(http, await engine.InjectStreamAsync(id, name, http.RequestAborted))
            : Problems.Field(http, "streamName", body.StreamName.IsEmpty ? "is required" : "must be 1 to 64 letters, digits, dots, underscores or hyphens");
    }

    private static Task<IResult> Hold(HttpContext http, MediaEngine engine) => DoAsync(http, engine, engine.HoldAsync);

    private static Task<IResult> Unhold(HttpContext http, MediaEngine engine) => DoAsync(http, engine, engine.ResumeAsync);

    private static async Task<IResult> DoAsync(HttpContext http, MediaEngine engine, Func<CallId, CancellationToken, Task<Failure?>> work)
    {
        var (body, id, error) = await ReadAsync(http, engine);
        return body is null ? error! : Answer(http, await work(id, http.RequestAborted));
    }

    private static async Task<IResult> Transfer(HttpContext http, MediaEngine engine)
    {
        var (body, id, error) = await ReadAsync(http, engine);
        if (body is null) return error!;
        return Text(body.Target) is { } target ? Answer(http, await engine.TransferAsync(id, target, http.RequestAborted)) : Problems.Field(http, "target", "is required");
    }

    // To stop what does not run is no error: scripts do it to be sure.
    private static async Task<IResult> StopStream(HttpContext http, MediaEngine engine)
    {
        var (body, id, error) = await ReadAsync(http, engine);
        if (body is null) return error!;
        await engine.StopInjectingAsync(id);
        return new EmptyOk();
    }

    // The call comes first: 404 for one that is gone, whatever else is wrong.
    private static async Task<(CallControlBody? Body, CallId Id, IResult? Error)> ReadAsync(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.CallControlBody);
        if (body is null) return (null, default, error);
        if (!CallId.TryParse(Text(body.CallId), out var id)) return (null, id, Problems.Field(http, "callId", body.CallId.IsEmpty ? "is required" : "is not a call id"));
        return engine.FindCall(id) is { IsEnded: false } ? (body, id, null) : (null, id, CallApi.NoCall(http));
    }

    private static IResult Answer(HttpContext http, Failure? failure) => failure switch
    {
        null => new EmptyOk(),
        { Code: "call-not-found" or "call-ended" } => CallApi.NoCall(http),
        { Code: "stream-not-found" or "sound-not-found" } => Problems.Of(http, StatusCodes.Status404NotFound, failure.Code, failure.Title, failure.Advice, Errors(failure)),
        { Code: "callee-not-allowed" or "domain-not-allowed" } => Problems.From(http, [failure]),
        _ when !Problems.IsWcs(http.Request.Path) => Problems.From(http, [failure]),
        _ => Problems.Of(http, StatusCodes.Status500InternalServerError, failure.Code, failure.Title, failure.Advice, Errors(failure)),
    };

    private static Dictionary<string, string[]>? Errors(Failure failure) => failure.Field is { Length: > 0 } field ? new() { [field] = [failure.ToString()] } : null;

    private static string? Text(LooseValue value) => value.IsEmpty ? null : value.Text?.Trim();
}
