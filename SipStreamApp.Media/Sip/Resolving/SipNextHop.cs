// RFC 3263 section 4: which transport, host and port a request goes to, before any look-up.
using System.Net;

namespace SipStreamApp.Media.Sip;

/// <summary>The next hop of a request.</summary>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">Port of the URI, 0 where it has none.</param>
/// <param name="Transport">Transport of the URI, null where it has none.</param>
/// <param name="Secure">True for sips.</param>
internal readonly record struct SipNextHop(string Host, int Port, SipTransport? Transport, bool Secure)
{
    /// <summary>maddr, where present, replaces the host (section 4).</summary>
    public static SipNextHop Of(SipUri uri) =>
        new((uri.Params["maddr"] is { Length: > 0 } maddr ? maddr : uri.Host).Trim('[', ']'), uri.Port, uri.Transport, uri.IsSecure);

    /// <summary>True where no name has to be looked up: an address goes to the named or default port by UDP unless told otherwise.</summary>
    public bool TryDirect(out SipEndpoint target)
    {
        var transport = Transport ?? (Secure ? SipTransport.Tls : SipTransport.Udp);
        var ok = IPAddress.TryParse(Host, out var address) && (Host.Contains('.') || Host.Contains(':'));
        target = ok ? new SipEndpoint(address!, Port != 0 ? Port : SipEndpoint.DefaultPort(transport), transport) : default;
        return ok;
    }

    /// <summary>The SRV names to ask, in order; none where a port is given, then only the address is looked up (section 4.2).</summary>
    public IReadOnlyList<(string Name, SipTransport Transport)> SrvNames(bool tcpAllowed = true)
    {
        if (Port != 0) return [];
        if (Transport is { } only) return [(SrvName(only, Host), only)];
        if (Secure) return [(SrvName(SipTransport.Tls, Host), SipTransport.Tls)];
        return tcpAllowed
            ? [(SrvName(SipTransport.Udp, Host), SipTransport.Udp), (SrvName(SipTransport.Tcp, Host), SipTransport.Tcp)]
            : [(SrvName(SipTransport.Udp, Host), SipTransport.Udp)];
    }

    private static string SrvName(SipTransport transport, string host) => transport switch
    {
        SipTransport.Udp => $"_sip._udp.{host}",
        SipTransport.Tcp => $"_sip._tcp.{host}",
        _ => $"_sips._tcp.{host}",
    };
}
