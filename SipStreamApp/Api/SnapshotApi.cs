using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Api;

/// <summary>Still pictures: <c>GET /streams/{name}/snapshot.jpg</c> and, as Web Call Server has it, <c>POST /rest-api/stream/snapshot</c>.</summary>
internal static class SnapshotApi
{
    private const string Jpeg = "image/jpeg";

    public static void MapSnapshots(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Streams");
        group.MapGet("/streams/{stream}/snapshot.jpg", (string stream, HttpContext http, MediaEngine engine) => Take(stream, http, engine))
            .WithSummary("The newest keyframe as a JPEG; the same one for 5 s; with ?optional 204 where there is none").Produces(200, contentType: Jpeg).Produces(204).Documented(404, 503);
        routes.RefuseOthers("/streams/{stream}/snapshot.jpg", "GET");
    }

    /// <summary>The method of the REST interface.</summary>
    public static void MapSnapshotMethod(this IEndpointRouteBuilder rest)
    {
        rest.MapPost("/stream/snapshot", Post).WithTags("Stream").WithSummary("The newest keyframe as a JPEG").WithMetadata(new BodyDoc(typeof(SnapshotDoc)))
            .Produces(200, contentType: Jpeg).Documented(404, 415, 500, 503);
        rest.RefuseOthers("/stream/snapshot", "POST");
    }

    private static async Task<IResult> Post(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.SnapshotBody);
        if (body is null) return error!;
        var name = body.StreamName.IsEmpty ? body.Name : body.StreamName;
        if (!name.IsEmpty) return await Take(name.Text?.Trim() ?? "", http, engine);
        if (body.MediaSessionId.IsEmpty) return Problems.Field(http, "streamName", "is required, or mediaSessionId");
        return engine.FindMediaSession(body.MediaSessionId.Text?.Trim() ?? "") is { } stream
            ? await Take(stream.Name.Value, http, engine)
            : Problems.Of(http, 404, "stream-not-found", "No such stream", "It is there while its call is up");
    }

    private static async Task<IResult> Take(string stream, HttpContext http, MediaEngine engine)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!StreamName.TryParse(stream, out var name)) return Problems.Of(http, 404, "stream-not-found", "No such stream", "Stream names hold letters, digits and ._- only");
        var outcome = await engine.SnapshotAsync(name, http.RequestAborted);

        // For pages that show many: a tile may outlive its stream by a moment, which is no error.
        if (!outcome.Succeeded && HttpMethods.IsGet(http.Request.Method) && http.Request.Query.ContainsKey("optional")) return TypedResults.NoContent();
        return outcome.Succeeded ? Results.Bytes(outcome.Value.Data, Jpeg, lastModified: outcome.Value.TakenAt) : Problems.From(http, outcome.Failures);
    }
}

/// <summary>Body of <c>/stream/snapshot</c> as it arrives.</summary>
internal sealed record SnapshotBody
{
    public LooseValue StreamName { get; init; }
    public LooseValue Name { get; init; }
    public LooseValue MediaSessionId { get; init; }
}

/// <summary>The same, for the OpenAPI document.</summary>
internal sealed record SnapshotDoc(string? StreamName, string? MediaSessionId);
