using System.Diagnostics;

namespace SipStreamApp.Telemetry;

/// <summary>Spans of the program (source "SipStreamApp"): REST, hooks, calls, pushes. Without a listener they cost nothing. No address, number or body is put in: those may be secret.</summary>
internal static class Tracing
{
    public const string Name = "SipStreamApp";

    // Where ASP.NET Core makes a span of every request.
    public const string Requests = "Microsoft.AspNetCore";

    private static readonly string[] Told = ["/rest-api", "/whep", "/whip", "/admin"];

    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Names the spans of REST requests; those of pages, files and players are left out, they are many and say nothing.</summary>
    public static void UseTracing(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        if (Activity.Current is not { } span || span.Source.Name != Requests)
        {
            await next(http);
            return;
        }

        var prefix = Array.Find(Told, p => http.Request.Path.StartsWithSegments(p));
        if (prefix is null)
        {
            (span.IsAllDataRequested, span.ActivityTraceFlags) = (false, span.ActivityTraceFlags & ~ActivityTraceFlags.Recorded);
            await next(http);
            return;
        }

        // Behind /whep there are names of streams, which may be all that guards them.
        var path = prefix is "/rest-api" or "/admin" ? http.Request.Path.Value : prefix;
        span.DisplayName = $"{http.Request.Method} {path}";
        span.SetTag("http.request.method", http.Request.Method).SetTag("url.path", path);
        await next(http);
        span.SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
    });

    /// <summary>Ends a span with its outcome.</summary>
    public static void Finish(this Activity? span, string? problem, DateTimeOffset? at = null)
    {
        if (span is null) return;
        if (problem is not null) span.SetStatus(ActivityStatusCode.Error, problem);
        if (at is { } end) span.SetEndTime(end.UtcDateTime);
        span.Dispose();
    }
}
