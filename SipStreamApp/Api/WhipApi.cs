using Microsoft.AspNetCore.Http.HttpResults;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Api;

/// <summary><c>/whip</c>: publishing a stream by WebRTC-HTTP ingest (RFC 9725). No trickle: the answer holds every candidate.</summary>
internal static class WhipApi
{
    private const string Sdp = "application/sdp";

    public static void MapWhip(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/whip").WithTags("WHIP");
        group.MapPost("/{stream}", Publish).WithSummary("Publish a stream: SDP offer in, SDP answer out")
            .WithMetadata(new BodyDoc(null, Sdp)).Produces<string>(201, Sdp).Documented(400, 404, 406, 409, 413, 415, 503);
        group.MapDelete("/{stream}/{session}", Stop).WithSummary("Stop publishing").Produces(200).Documented(404);
        group.MapMethods("/{stream}", [HttpMethods.Options], Options).ExcludeFromDescription();
        group.RefuseOthers("/{stream}", "POST", "OPTIONS");
        group.RefuseOthers("/{stream}/{session}", "DELETE");
    }

    private static async Task<IResult> Publish(string stream, HttpContext http, MediaEngine engine, RightsWatch rights)
    {
        var (offer, error) = await RequestBody.ReadTextAsync(http, t => t.MediaType.Equals(Sdp, StringComparison.OrdinalIgnoreCase), Sdp);
        if (error is not null) return error;
        if (string.IsNullOrEmpty(http.Request.ContentType))
            return Problems.Of(http, 415, "unsupported-media-type", $"The content type must be {Sdp}", "None was given");
        if (!StreamName.TryParse(stream, out var name))
            return Problems.Of(http, 404, "stream-not-found", "No such stream name", "Stream names hold letters, digits and ._- only");
        if (string.IsNullOrWhiteSpace(offer)) return Problems.Of(http, 400, "bad-offer", "The body must be an SDP offer", "It was empty");

        var outcome = await engine.PublishAsync(name, offer, http.Connection.LocalIpAddress, http.RequestAborted);
        if (!outcome.Succeeded) return Problems.From(http, outcome.Failures);
        rights.Hold(Caller.Of(http), () => engine.StopWatching(outcome.Value.SessionId), () => engine.IsWatching(outcome.Value.SessionId));
        http.Response.Headers.Location = $"{http.Request.PathBase}/whip/{name.Value}/{Uri.EscapeDataString(outcome.Value.SessionId)}";
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(outcome.Value.Sdp, Sdp, statusCode: StatusCodes.Status201Created);
    }

    private static IResult Stop(string stream, string session, HttpContext http, MediaEngine engine) =>
        engine.StopWatching(session)
            ? new EmptyOk()
            : Problems.Of(http, 404, "session-not-found", "No such session", $"Nobody publishes {stream} under this id");

    private static NoContent Options(HttpContext http)
    {
        http.Response.Headers["Accept-Post"] = Sdp;
        http.Response.Headers.Allow = "OPTIONS, POST";
        return TypedResults.NoContent();
    }
}
