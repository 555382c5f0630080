using SipStreamApp.Hosting;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Api;

/// <summary><c>/rest-api/call</c>: calls, in the words of the WCS REST interface.</summary>
internal static partial class CallApi
{
    public static void MapCalls(this IEndpointRouteBuilder rest)
    {
        var group = rest.MapGroup("/call").WithTags("Call");
        group.MapPost("/startup", Startup).WithSummary("Place a SIP call whose media becomes a stream")
            .WithDescription("Returns before the call is answered. Empty body where callId was given, else the generated ids.")
            .WithMetadata(new BodyDoc(typeof(CallStartupDoc)))
            .Produces<CallStarted>().Documented(400, 409, 415, 500, 503);
        group.MapPost("/find", Find).WithSummary("Find calls that are up").WithMetadata(new BodyDoc(typeof(CallFilterDoc)))
            .Produces<CallObject[]>().Documented(404, 500);
        group.MapMethods("/find_all", [HttpMethods.Get, HttpMethods.Post], FindAll).WithSummary("All calls that are up")
            .Produces<CallObject[]>().Documented(404);
        group.MapPost("/terminate", Terminate).WithSummary("Hang up").WithMetadata(new BodyDoc(typeof(CallIdDoc)))
            .Produces(200).Documented(404, 500);
        foreach (var path in (string[])["/startup", "/find", "/terminate"]) group.RefuseOthers(path, "POST");
        group.RefuseOthers("/find_all", "GET", "POST");
        group.MapCallControl();
    }

    private static async Task<IResult> Startup(HttpContext http, MediaEngine engine, ILogger<CallStartupBody> logger)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.CallStartupBody);
        if (body is null) return error!;
        var (request, errors) = CallStartup.Parse(body);
        if (request is null) return Problems.Fields(http, errors);
        var outcome = engine.StartCall(request);
        if (!outcome.Succeeded)
        {
            Log.Refused(logger, outcome.Failures[0].Code);
            return Problems.From(http, outcome.Failures);
        }

        var call = outcome.Value;
        Log.Started(logger, call.Id, call.StreamName);

        // WCS scripts parse whatever body comes here as a list of calls; only an empty one does not disturb them.
        if (request.CallId is not null) return new EmptyOk();
        return TypedResults.Json(new CallStarted(call.Id.Value, call.StreamName.Value), ApiJson.Default.CallStarted);
    }

    private static async Task<IResult> Find(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.CallFilterBody);
        if (body is null) return error!;
        var errors = new FieldErrors();
        foreach (var (field, value) in ((string, LooseValue)[])[("callId", body.CallId), ("callee", body.Callee), ("rtmpUrl", body.RtmpUrl), ("status", body.Status)])
            if (value.IsComposite) errors.Add(field, "must be a text");
        if (errors.Any) return Problems.Fields(http, errors);
        var filter = CallFilter.From(body);
        return List(http, engine, engine.Calls.Where(filter.Matches));
    }

    private static IResult FindAll(HttpContext http, MediaEngine engine) => List(http, engine, engine.Calls.Where(c => !c.IsEnded));

    private static async Task<IResult> Terminate(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.CallFilterBody);
        if (body is null) return error!;
        if (!CallId.TryParse(body.CallId.Text?.Trim(), out var id))
        {
            var errors = new FieldErrors();
            errors.Add("callId", body.CallId.IsEmpty ? "is required" : "is not a call id");
            return Problems.Fields(http, errors);
        }

        return await engine.HangUpAsync(id) ? new EmptyOk() : NoCall(http);
    }

    private static IResult List(HttpContext http, MediaEngine engine, IEnumerable<CallSnapshot> calls)
    {
        CallObject[] found = [.. calls.Select(c => CallObject.From(c, engine.PushOf(c)))];
        return found.Length == 0 ? NoCall(http) : TypedResults.Json(found, ApiJson.Default.CallObjectArray);
    }

    internal static IResult NoCall(HttpContext http) => Problems.Of(http, 404, "call-not-found", "No such call", "It has ended or never was");

    private static partial class Log
    {
        [LoggerMessage(EventIds.ApiCallStarted, LogLevel.Information, "REST started call {CallId} to stream {Stream}")]
        public static partial void Started(ILogger logger, CallId callId, StreamName stream);

        [LoggerMessage(EventIds.ApiCallRefused, LogLevel.Information, "REST call refused: {Code}")]
        public static partial void Refused(ILogger logger, string code);
    }
}
