using System.Text.Encodings.Web;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Primitives;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Embed;

/// <summary>
/// <c>/embed/{stream}</c>: the player alone, for frames of other sites. Plain HTML and modules: no circuit, no cookie, no framework;
/// measured 18 kB before the first media. What it takes by its address and by messages stands in docs/embed.md.
/// </summary>
internal static class EmbedPage
{
    public static void MapEmbed(this IEndpointRouteBuilder routes) => routes.MapGet("/embed/{stream}", Show).ExcludeFromDescription();

    private static IResult Show(string stream, HttpContext http, AppSettings settings)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self' ws: wss:; media-src 'self' blob:; img-src 'self' https: data:; "
            + $"base-uri 'none'; form-action 'none'; frame-ancestors {settings.CorsOrigins.FrameAncestors}";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-cache";
        return StreamName.TryParse(stream, out var name)
            ? Results.Content(Page(name.Value), "text/html; charset=utf-8")
            : Results.Content(Wrong(), "text/html; charset=utf-8", statusCode: StatusCodes.Status404NotFound);
    }

    private static string Page(string stream) => $$"""
        <!DOCTYPE html>
        <html lang="{{Language}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{HtmlEncoder.Default.Encode(stream)}}</title>
        <link rel="icon" href="data:,">
        <style>html, body { margin: 0; height: 100%; background: #05070a; overflow: hidden } main { height: 100% } sip-stream-player { width: 100%; height: 100%; aspect-ratio: auto; border-radius: 0 } noscript { color: #e6eaf0; font: 16px system-ui, sans-serif }</style>
        <script type="module" src="/player/embed.mjs"></script>
        </head>
        <body><main aria-label="{{HtmlEncoder.Default.Encode(L("Stream {0}", stream))}}" data-stream="{{HtmlEncoder.Default.Encode(stream)}}"><h1 style="position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)">{{HtmlEncoder.Default.Encode(stream)}}</h1><noscript>{{HtmlEncoder.Default.Encode(L("Playing needs JavaScript."))}}</noscript></main></body>
        </html>
        """;

    private static string Wrong() => $$"""
        <!DOCTYPE html>
        <html lang="{{Language}}"><head><meta charset="utf-8"><title>{{HtmlEncoder.Default.Encode(L("No such stream"))}}</title><link rel="icon" href="data:,"></head>
        <body style="margin:0;background:#05070a;color:#e6eaf0;font:16px system-ui,sans-serif"><main style="padding:16px"><h1 style="font-size:20px">{{HtmlEncoder.Default.Encode(L("No such stream"))}}</h1><p>{{HtmlEncoder.Default.Encode(L("A stream name holds letters, digits and . _ - only."))}}</p></main></body></html>
        """;
}
