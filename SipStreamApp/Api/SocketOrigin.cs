using SipStreamApp.Hosting;

namespace SipStreamApp.Api;

/// <summary>Browsers put no CORS on WebSockets: the server has to look at the origin itself. Programs send none.</summary>
internal static class SocketOrigin
{
    /// <summary>True for no origin, one that the rule allows, and pages of this server.</summary>
    public static bool IsAllowed(HttpRequest request, OriginRule rule)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || rule.Allows(origin)) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
