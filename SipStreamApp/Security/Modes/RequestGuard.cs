using System.Net;
using SipStreamApp.Api;
using SipStreamApp.Hosting;

namespace SipStreamApp.Security.Modes;

/// <summary>Why a request is refused before anything looks at it.</summary>
/// <param name="Code">Stable word.</param>
/// <param name="Title">What is wrong.</param>
/// <param name="Detail">What to do.</param>
internal sealed record Refusal(string Code, string Title, string Detail);

/// <summary>
/// What a web page of another site makes a browser send must not reach the program: not under a foreign name that points at this machine
/// (DNS rebinding), and nothing that changes state or opens a WebSocket from a foreign origin (CSRF). Every port and path.
/// </summary>
internal sealed class RequestGuard(SecuritySettings security, OriginRule origins)
{
    /// <summary>Methods that change nothing (RFC 9110 section 9.2.1).</summary>
    public static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    /// <summary>Null where the request may go on.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="host">Host header; empty only from programs (HTTP/1.0).</param>
    /// <param name="origin">Origin header, or empty.</param>
    /// <param name="fetchSite">Sec-Fetch-Site header, or empty.</param>
    /// <param name="webSocket">It asks for a WebSocket.</param>
    /// <param name="local">The address it came in on; null for other sockets than TCP.</param>
    public Refusal? Check(string method, HostString host, string origin, string fetchSite, bool webSocket, IPAddress? local)
    {
        if (!security.LoginRequired && local is not null && !LoopbackNames.Contains(local))
            return new Refusal("not-open", "This server is open to its own machine only", "Name the address by the key Urls: then users are required, and others may come in.");
        if (host.HasValue && !IsOurs(host.Host))
            return new Refusal("host-refused", "This name does not lead here", $"The request names the host \"{Short(host.Host)}\". The key Security:AllowedHosts lists further names.");
        if (IsSafe(method) && !webSocket) return null;
        if (origin.Length == 0)
        {
            return fetchSite is "cross-site"
                ? new Refusal("origin-refused", "Pages of other sites may not do this", "The key Cors:Origins names those that may.")
                : null;
        }

        return IsSame(origin, host) || origins.Allows(origin) || (!security.LoginRequired && IsLoopback(origin))
            ? null
            : new Refusal("origin-refused", "Pages of this origin may not do this", $"The request comes from \"{Short(origin)}\". The key Cors:Origins names those that may.");
    }

    private bool IsOurs(string host)
    {
        if (LoopbackNames.Contains(host) || security.Hosts.Allows(host)) return true;
        if (!security.LoginRequired) return false;

        // With users every name may lead here, unless a list says which. Without a key for REST a foreign name would open it to its page.
        return security.Hosts.IsEmpty && (!security.AnonymousRest || HostRule.IsAddress(host) || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsSame(string origin, HostString host) =>
        host.HasValue && Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(Authority(host, uri), StringComparison.OrdinalIgnoreCase);

    // "Host: example.org:443" and "Origin: https://example.org" are the same place.
    private static string Authority(HostString host, Uri origin) => host.Port == origin.Port && origin.IsDefaultPort ? host.Host : host.Value!;

    private static bool IsLoopback(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && LoopbackNames.Contains(uri.Host);

    private static string Short(string text) => text.Length <= 80 ? text : text[..80] + "…";
}

/// <summary>Puts <see cref="RequestGuard"/> in front of everything.</summary>
internal static class RequestGuardSetup
{
    public static void UseRequestGuard(this IApplicationBuilder app)
    {
        var guard = app.ApplicationServices.GetRequiredService<RequestGuard>();
        app.Use(async (http, next) =>
        {
            var request = http.Request;
            var refusal = guard.Check(
                request.Method, request.Host, request.Headers.Origin.ToString(), request.Headers["Sec-Fetch-Site"].ToString(), IsUpgrade(request), http.Connection.LocalIpAddress);
            if (refusal is null) await next(http);
            else await Problems.Of(http, StatusCodes.Status403Forbidden, refusal.Code, refusal.Title, refusal.Detail).ExecuteAsync(http);
        });
    }

    /// <summary>True for a WebSocket by HTTP/1.1 (RFC 6455) or HTTP/2 (RFC 8441), before the WebSocket middleware looked.</summary>
    public static bool IsUpgrade(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method) || request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);
}
