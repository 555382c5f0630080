using System.Globalization;
using SipStreamApp.Media.Hls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Api;

/// <summary><c>/hls</c>: low-latency HLS (RFC 8216bis). Players that know nothing of parts read it as plain HLS.</summary>
internal static class HlsApi
{
    public static void MapHls(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("HLS").AddEndpointFilter(RemovedViewersFilter.Invoke);
        group.MapGet("/hls/{stream}/index.m3u8", (string stream, HttpContext http, MediaEngine engine) => Playlist(stream, "", http, engine))
            .WithSummary("Play a stream by HLS: the playlist").Produces<string>(200, HlsContentType).Documented(400, 403, 404, 406, 503);
        group.MapGet("/hls/{stream}/{file}", File).WithSummary("A segment, a part or an init segment").Produces(200, contentType: "video/mp4").Documented(404);
        // Where Web Call Server has it.
        group.MapGet("/{stream}/{file}.m3u8", (string stream, string file, HttpContext http, MediaEngine engine) =>
            file == stream ? Playlist(stream, $"{http.Request.PathBase}/hls/{stream}/", http, engine) : Task.FromResult(NoStream(http))).ExcludeFromDescription();
        routes.RefuseOthers("/hls/{stream}/{file}", "GET");
    }

    private const string HlsContentType = "application/vnd.apple.mpegurl";

    private static async Task<IResult> Playlist(string stream, string prefix, HttpContext http, MediaEngine engine)
    {
        if (!StreamName.TryParse(stream, out var name)) return NoStream(http);
        if (!TryNumber(http, "_HLS_msn", out var number) || !TryNumber(http, "_HLS_part", out var part) || part > int.MaxValue)
            return Problems.Of(http, 400, "bad-sequence", "_HLS_msn and _HLS_part are whole numbers");
        return Answer(http, await engine.HlsPlaylistAsync(name, number, (int?)part, prefix, HttpPlayers.Of(http), http.RequestAborted));
    }

    private static async Task<IResult> File(string stream, string file, HttpContext http, MediaEngine engine) =>
        StreamName.TryParse(stream, out var name) ? Answer(http, await engine.HlsFileAsync(name, file, HttpPlayers.Of(http), http.RequestAborted)) : NoStream(http);

    private static IResult Answer(HttpContext http, Outcome<HlsFile> outcome)
    {
        // Whatever it is, a failure of now says nothing about the next second.
        http.Response.Headers.CacheControl = outcome.Value is { IsLasting: true } ? "public, max-age=60, immutable" : "no-cache, no-store";
        return outcome.Succeeded ? new FileResult(outcome.Value) : Problems.From(http, outcome.Failures);
    }

    private static bool TryNumber(HttpContext http, string key, out long? number)
    {
        number = null;
        if (!http.Request.Query.TryGetValue(key, out var text)) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;
        number = value;
        return true;
    }

    private static IResult NoStream(HttpContext http) => Problems.Of(http, 404, "stream-not-found", "No such stream", "Stream names hold letters, digits and ._- only");

    private sealed class FileResult(HlsFile file) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = file.ContentType;
            httpContext.Response.ContentLength = file.Body.Sum(b => (long)b.Length);
            foreach (var piece in file.Body) await httpContext.Response.Body.WriteAsync(piece, httpContext.RequestAborted);
        }
    }
}
