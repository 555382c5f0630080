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
            .WithSummary("The newest keyframe as a JPEG; the same one for 5 s").Produces(200, contentType: Jpeg).Documented(404, 503);
        group.MapPost("/rest-api/stream/snapshot", Post).WithSummary("The newest keyframe as a JPEG").WithMetadata(new BodyDoc(typeof(SnapshotBody)))
            .Produces(200, contentType: Jpeg).Documented(400, 404, 415, 503);
        routes.RefuseOthers("/streams/{stream}/snapshot.jpg", "GET");
        routes.RefuseOthers("/rest-api/stream/snapshot", "POST");
    }

    private static async Task<IResult> Post(HttpContext http, MediaEngine engine)
    {
        var (body, error) = await RequestBody.ReadJsonAsync(http, ApiJson.Default.SnapshotBody);
        if (error is not null) return error;
        if (body!.StreamName is { Length: > 0 } name) return await Take(name, http, engine);
        return Problems.Of(http, 400, "invalid-field", "Some fields are wrong", "streamName is missing", new() { ["streamName"] = ["The name of a stream is needed"] });
    }

    private static async Task<IResult> Take(string stream, HttpContext http, MediaEngine engine)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!StreamName.TryParse(stream, out var name)) return Problems.Of(http, 404, "stream-not-found", "No such stream", "Stream names hold letters, digits and ._- only");
        var outcome = await engine.SnapshotAsync(name, http.RequestAborted);
        return outcome.Succeeded ? Results.Bytes(outcome.Value.Jpeg, Jpeg, lastModified: outcome.Value.TakenAt) : Problems.From(http, outcome.Failures);
    }
}

/// <summary>Body of <c>/stream/snapshot</c>.</summary>
internal sealed record SnapshotBody
{
    public string? StreamName { get; init; }
}
