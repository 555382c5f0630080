using Microsoft.AspNetCore.Mvc;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Api;

/// <summary><c>GET /live/levels?s=a&amp;s=b</c>: how loud streams are, as server-sent events, for whoever paints meters.</summary>
internal static class LevelsApi
{
    private const int MostStreams = 100;

    // The browser comes again by itself; who was signed out or lost the right meanwhile does not get in then.
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(2);

    public static void MapLevels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/live/levels", StreamAsync).WithTags("Streams").WithSummary("Levels of sound, ten times a second, as server-sent events")
            .WithDescription("s: name of a stream, to be repeated. Each event is two hexadecimal digits for each of them, in their order: -dBov as in RFC 6464 (00 the loudest, 7f silence); -- where none is known.")
            .Produces<string>(200, "text/event-stream").Documented(400, 503);
        routes.RefuseOthers("/live/levels", "GET");
    }

    private static async Task StreamAsync(HttpContext http, MediaEngine engine, IHostApplicationLifetime life, TimeProvider time, [FromQuery] string[] s)
    {
        var names = new List<StreamName>();
        foreach (var text in s) if (StreamName.TryParse(text, out var name)) names.Add(name);
        if (names.Count == 0 || names.Count != s.Length || names.Count > MostStreams)
        {
            await Problems.Field(http, "s", $"must name 1 to {MostStreams} streams").ExecuteAsync(http);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var over = new CancellationTokenSource(MostTime, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping, over.Token);
        var lines = new LevelLines(names.Count);
        try
        {
            await foreach (var levels in engine.WatchLevelsAsync(names, stop.Token))
            {
                var line = lines.Next(levels);
                if (line.IsEmpty) continue;
                await http.Response.Body.WriteAsync(line, stop.Token);
                await http.Response.Body.FlushAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The page was closed, the program ends, or it is time to come again.
        }
    }
}
