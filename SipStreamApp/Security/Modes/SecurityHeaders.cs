using System.Security.Cryptography;

namespace SipStreamApp.Security.Modes;

/// <summary>Headers that tell browsers what our pages may do: no sniffing, no foreign scripts, no frames around the pages.</summary>
internal static class SecurityHeaders
{
    private static readonly object NonceKey = new();

    /// <summary>The word that marks the page's own inline scripts; a new one for each request.</summary>
    public static string Nonce(HttpContext http)
    {
        if (http.Items[NonceKey] is string known) return known;
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        http.Items[NonceKey] = nonce;
        return nonce;
    }

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        http.Response.OnStarting(static state =>
        {
            Write((HttpContext)state);
            return Task.CompletedTask;
        }, http);
        await next(http);
    });

    private static void Write(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.TryAdd("Referrer-Policy", "same-origin");
        var path = http.Request.Path;
        if (http.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true) return;

        // The player is made for frames of other sites; the page of the REST documentation brings scripts of its own.
        if (path.StartsWithSegments("/embed") || path.StartsWithSegments("/player", out var file) && file.HasValue || path.StartsWithSegments("/api-docs")) return;
        headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{Nonce(http)}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob: data:; "
            + "font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";
        headers.XFrameOptions = "SAMEORIGIN";
    }
}
