using Microsoft.AspNetCore.Http.HttpResults;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.People;

namespace SipStreamApp.Api;

/// <summary><c>/whep</c>: playing a stream by WebRTC-HTTP egress (draft-ietf-wish-whep). No trickle: the answer holds every candidate.</summary>
internal static class WhepApi
{
    private const string Sdp = "application/sdp";

    public static void MapWhep(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/whep").WithTags("WHEP").AddEndpointFilter(RemovedViewersFilter.Invoke);
        group.MapPost("/{stream}", Play).WithSummary("Play a stream: SDP offer in, SDP answer out; with ?optional 204 while there is no such stream")
            .WithMetadata(new BodyDoc(null, Sdp)).Produces<string>(201, Sdp).Produces(204).Documented(400, 403, 404, 406, 413, 415, 503);
        group.MapDelete("/{stream}/{session}", Stop).WithSummary("Stop playing").Produces(200).Documented(404);
        group.MapMethods("/{stream}", [HttpMethods.Options], Options).ExcludeFromDescription();
        group.RefuseOthers("/{stream}", "POST", "OPTIONS");
        group.RefuseOthers("/{stream}/{session}", "DELETE");
    }

    private static async Task<IResult> Play(string stream, HttpContext http, MediaEngine engine, RemovedViewers removed, RightsWatch rights)
    {
        var (offer, error) = await RequestBody.ReadTextAsync(http, t => t.MediaType.Equals(Sdp, StringComparison.OrdinalIgnoreCase), Sdp);
        if (error is not null) return error;
        if (string.IsNullOrEmpty(http.Request.ContentType))
            return Problems.Of(http, 415, "unsupported-media-type", $"The content type must be {Sdp}", "None was given");
        if (!StreamName.TryParse(stream, out var name)) return NoStream(http);
        if (string.IsNullOrWhiteSpace(offer)) return Problems.Of(http, 400, "bad-offer", "The body must be an SDP offer", "It was empty");

        var outcome = await engine.WatchAsync(name, offer, http.Connection.LocalIpAddress, http.RequestAborted);
        if (!outcome.Succeeded) return http.Request.Query.ContainsKey("optional") && NotYet(http, outcome.Failures[0]) is { } notYet ? notYet : Problems.From(http, outcome.Failures);
        removed.Opened(outcome.Value.SessionId, http.Connection.RemoteIpAddress);
        rights.Hold(Caller.Of(http), () => engine.StopWatching(outcome.Value.SessionId), () => engine.IsWatching(outcome.Value.SessionId));
        http.Response.Headers.Location = $"{http.Request.PathBase}/whep/{name.Value}/{Uri.EscapeDataString(outcome.Value.SessionId)}";
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Text(outcome.Value.Sdp, Sdp, statusCode: StatusCodes.Status201Created);
    }

    // A player that waits for a stream asks again and again: a browser would write every 404 and 503 into its console, as if something had failed.
    private static NoContent? NotYet(HttpContext http, Failure failure)
    {
        if (failure.Code is not ("stream-not-found" or "stream-not-ready")) return null;
        if (failure.Code == "stream-not-ready") http.Response.Headers.RetryAfter = "1";
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.NoContent();
    }

    private static IResult Stop(string stream, string session, HttpContext http, MediaEngine engine, RemovedViewers removed) =>
        engine.StopWatching(session) || removed.AskedBy(session) is not null // A session that the end of its stream has ended already: what is asked for is so.
            ? new EmptyOk()
            : Problems.Of(http, 404, "session-not-found", "No such session", $"Nobody watches {stream} under this id");

    private static NoContent Options(HttpContext http)
    {
        http.Response.Headers["Accept-Post"] = Sdp;
        http.Response.Headers.Allow = "OPTIONS, POST";
        return TypedResults.NoContent();
    }

    private static IResult NoStream(HttpContext http) => Problems.Of(http, 404, "stream-not-found", "No such stream", "Stream names hold letters, digits and ._- only");
}
