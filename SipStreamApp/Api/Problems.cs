using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Api;

/// <summary>Error answers of the REST interface and WHEP.</summary>
internal static class Problems
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    public static IResult Of(HttpContext http, int status, string code, string title, string detail = "", Dictionary<string, string[]>? errors = null) =>
        new ProblemResult(ApiProblem.Create(http.Request.Path, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), status, code, title, detail, errors), null);

    public static IResult Fields(HttpContext http, FieldErrors errors) =>
        Of(http, StatusOfWrong(http, errors.Has("rtmpUrl")), "invalid-field", "Some fields are wrong", errors.ToString(), errors.ToDictionary());

    /// <summary>One wrong field.</summary>
    public static IResult Field(HttpContext http, string field, string message)
    {
        var errors = new FieldErrors();
        errors.Add(field, message);
        return Fields(http, errors);
    }

    /// <summary>True for the addresses of Web Call Server's own interface; those under /v2 and /v3 are ours to say what is meant.</summary>
    public static bool IsWcs(PathString path) =>
        path.StartsWithSegments("/rest-api", out var rest) && !rest.StartsWithSegments("/v2") && !rest.StartsWithSegments("/v3");

    /// <summary>The answer to an expected failure of the engine.</summary>
    public static IResult From(HttpContext http, IReadOnlyList<Failure> failures)
    {
        var first = failures[0];
        var (status, retryAfter) = first.Code switch
        {
            "bad-offer" or "bad-answer" => (StatusCodes.Status400BadRequest, (int?)null),
            "invalid-field" => (StatusOfWrong(http, failures.Any(f => f.Field == "rtmpUrl")), null),
            "call-id-taken" or "stream-taken" or "call-not-ringing" or "push-taken" or "recording-busy" or "push-not-waiting" => (StatusCodes.Status409Conflict, null),
            "call-not-found" or "stream-not-found" or "push-not-found" or "sound-not-found" or "recording-not-found" or "file-not-found" or "no-picture" or "session-not-found" or "push-target-not-found" =>
                (StatusCodes.Status404NotFound, null),
            "no-common-codec" => (StatusCodes.Status406NotAcceptable, null),
            "viewer-removed" or "callee-not-allowed" or "domain-not-allowed" => (StatusCodes.Status403Forbidden, null),
            "stream-not-ready" or "hls-not-ready" or "busy" => (StatusCodes.Status503ServiceUnavailable, 1),
            "needs-ffmpeg" => (StatusCodes.Status503ServiceUnavailable, null),
            "call-limit" or "viewer-limit" or "push-limit" or "not-running" => (StatusCodes.Status503ServiceUnavailable, 5),
            "caller-limit" => (StatusCodes.Status429TooManyRequests, (int)Math.Ceiling((first.RetryAfter ?? TimeSpan.FromSeconds(5)).TotalSeconds)),
            _ when first.Blame is Blame.Caller => (StatusOfWrong(http, first.Field == "rtmpUrl"), null),
            _ when first.Retryable => (StatusCodes.Status503ServiceUnavailable, 5),
            _ => (StatusCodes.Status500InternalServerError, null),
        };
        var errors = failures.Where(f => f.Field is { Length: > 0 }).GroupBy(f => f.Field!)
            .ToDictionary(g => g.Key, g => g.Select(f => f.ToString()).ToArray());
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return new ProblemResult(
            ApiProblem.Create(http.Request.Path, now, status, first.Code, first.Title, first.Advice, errors.Count > 0 ? errors : null) with { RetryAfter = retryAfter }, retryAfter);
    }

    // Web Call Server answers 500 to a wrong parameter, and 400 only to an address it cannot push to; its clients get what they know.
    private static int StatusOfWrong(HttpContext http, bool isAddress) =>
        IsWcs(http.Request.Path) && !isAddress ? StatusCodes.Status500InternalServerError : StatusCodes.Status400BadRequest;

    /// <summary>The body for answers the framework gives by itself: unknown path, wrong method, wrong content type, a defect of ours.</summary>
    public static Task WriteBare(HttpContext http)
    {
        var status = http.Response.StatusCode;
        var (code, detail) = status switch
        {
            404 => ("not-found", "There is nothing at this address; /api-docs lists what there is"),
            413 => ("too-large", "The body is too large"),
            415 => ("unsupported-media-type", "The content type of the body is not the one that is taken here"),
            >= 500 => ("internal-error", "The server failed; its log says more"),
            _ => ("error", ""),
        };
        return Of(http, status, code, ReasonPhrases.GetReasonPhrase(status), detail).ExecuteAsync(http);
    }

    /// <summary>
    /// Answers 405 to the other methods of a path, and <see cref="RefuseUnknown"/> 404 below a prefix. The pages' fallback takes every GET,
    /// so the framework by itself says 404 for the first and 405 for the second.
    /// </summary>
    public static void RefuseOthers(this IEndpointRouteBuilder routes, string pattern, params string[] allowed) =>
        routes.MapMethods(pattern, Methods.Except(allowed), (HttpContext http) =>
        {
            http.Response.Headers.Allow = string.Join(", ", allowed);
            return Of(http, 405, "method-not-allowed", "Method Not Allowed", $"This address takes {string.Join(", ", allowed)}");
        }).ExcludeFromDescription();

    /// <summary>Answers 404 to every path below a prefix that nothing else takes.</summary>
    public static void RefuseUnknown(this IEndpointRouteBuilder routes, string prefix) =>
        routes.Map(prefix + "/{**rest}", (HttpContext http) =>
            Of(http, 404, "not-found", "Not Found", "There is nothing at this address; /api-docs lists what there is")).ExcludeFromDescription();

    private sealed class ProblemResult(ApiProblem problem, int? retryAfter) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = problem.Status;
            if (retryAfter is { } seconds) httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return httpContext.Response.WriteAsJsonAsync(problem, ApiJson.Default.ApiProblem, "application/problem+json", httpContext.RequestAborted);
        }
    }
}
