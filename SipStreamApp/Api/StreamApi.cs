using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling;

namespace SipStreamApp.Api;

/// <summary><c>/rest-api/stream</c>: published streams and their viewers, in the words of the WCS REST interface.</summary>
internal static class StreamApi
{
    public static void MapStreams(this IEndpointRouteBuilder rest)
    {
        var group = rest.MapGroup("/stream").WithTags("Stream");
        group.MapPost("/find", Find).WithSummary("Find streams and viewers").WithMetadata(new BodyDoc(typeof(StreamFilterDoc)))
            .Produces<StreamObject[]>().Documented(404, 500);
        group.MapMethods("/find_all", [HttpMethods.Get, HttpMethods.Post], FindAll).WithSummary("All streams and viewers").Produces<StreamObject[]>().Documented(404);
        group.MapPost("/terminate", Terminate).WithSummary("End streams or viewers; with an empty body all")
            .WithDescription("A call that feeds a stream is hung up, a viewer is told \"Stopped by rest /terminate\".")
            .WithMetadata(new BodyDoc(typeof(StreamTerminateDoc))).Produces(200).Documented(404, 500);
        group.MapPost("/event/send", SendEvent).WithSummary("Send an event to all who watch a stream by the Web SDK").WithMetadata(new BodyDoc(typeof(StreamEventDoc)))
            .Produces(200).Documented(404, 500);
        foreach (var path in (string[])["/find", "/terminate", "/event/send"]) group.RefuseOthers(path, "POST");
        group.RefuseOthers("/find_all", "GET", "POST");
    }

    private static async Task<IResult> Find(HttpContext http, StreamDirectory streams)
    {
        var (filter, error) = await ReadAsync(http);
        return filter is null ? error! : List(http, streams.All(filter.WithMetrics).Where(filter.Matches));
    }

    private static IResult FindAll(HttpContext http, StreamDirectory streams) => List(http, streams.All());

    private static async Task<IResult> Terminate(HttpContext http, StreamDirectory streams)
    {
        var (filter, error) = await ReadAsync(http);
        if (filter is null) return error!;

        // Viewers first: each is told who stopped it before the end of its stream does.
        var stopped = false;
        foreach (var stream in streams.All().Where(filter.Matches).OrderBy(s => s.Published)) stopped |= await streams.StopAsync(stream);
        return stopped ? new EmptyOk() : NoStream(http);
    }

    private static async Task<IResult> SendEvent(HttpContext http, MediaEngine engine, IClientSessions sessions)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.StreamEventBody);
        if (body is null) return error!;
        var given = body.StreamName.IsEmpty ? body.Name : body.StreamName;
        if (given.IsEmpty) return Problems.Field(http, "streamName", "is required");
        if (!StreamName.TryParse(given.Text?.Trim(), out var name) || engine.FindStream(name) is null) return NoStream(http);
        sessions.SendStreamEvent(name, body.Payload);
        return new EmptyOk();
    }

    private static async Task<(StreamFilter? Filter, IResult? Error)> ReadAsync(HttpContext http)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.StreamFilterBody);
        if (body is null) return (null, error);
        var errors = new FieldErrors();
        var filter = StreamFilter.Read(body, errors);
        if (filter.IsEmpty && body.Others is { Count: > 0 } others && !errors.Any)
            foreach (var field in others.Keys) errors.Add(field, "is not known here; an empty body means every stream");
        return errors.Any ? (null, Problems.Fields(http, errors)) : (filter, null);
    }

    private static IResult List(HttpContext http, IEnumerable<StreamObject> streams)
    {
        StreamObject[] found = [.. streams];
        return found.Length == 0 ? NoStream(http) : TypedResults.Json(found, ApiJson.Default.StreamObjectArray);
    }

    private static IResult NoStream(HttpContext http) => Problems.Of(http, 404, "stream-not-found", "No such stream", "It is there while its call is up");
}
