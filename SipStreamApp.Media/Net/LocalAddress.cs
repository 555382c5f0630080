using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace SipStreamApp.Media.Net;

/// <summary>Which of its own addresses this machine should name to others.</summary>
internal static class LocalAddress
{
    // Any port will do: connecting a UDP socket sends nothing, it only makes the kernel choose a route.
    private const int AnyPort = 9;

    /// <summary>The local address from which datagrams to <paramref name="peer"/> leave; null where there is no route.</summary>
    public static IPAddress? RouteTo(IPAddress peer)
    {
        if (peer.IsIPv4MappedToIPv6) peer = peer.MapToIPv4();
        try
        {
            using var probe = new Socket(peer.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(new IPEndPoint(peer, AnyPort));
            return ((IPEndPoint)probe.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>
    /// Addresses to offer as ICE host candidates for a port bound to <paramref name="bound"/>, IPv4 first. A port bound to one address has
    /// just that one. Link-local ones are left out (they mean nothing without a scope), loopback too, unless asked for or nothing else is there.
    /// </summary>
    public static IReadOnlyList<IPAddress> HostAddresses(IPAddress bound, bool includeLoopback = false)
    {
        if (!bound.Equals(IPAddress.Any) && !bound.Equals(IPAddress.IPv6Any)) return [bound];
        var all = NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(u => u.Address);
        return Choose(all, bound.AddressFamily == AddressFamily.InterNetworkV6, includeLoopback);
    }

    internal static IReadOnlyList<IPAddress> Choose(IEnumerable<IPAddress> all, bool ipv6Too, bool includeLoopback)
    {
        var usable = all
            .Where(a => a.AddressFamily == AddressFamily.InterNetwork || (ipv6Too && a.AddressFamily == AddressFamily.InterNetworkV6))
            .Where(a => !IsLinkLocal(a))
            .Distinct()
            .OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .ToList();
        var routable = usable.Where(a => !IPAddress.IsLoopback(a)).ToList();
        return includeLoopback || routable.Count == 0 ? usable : routable;
    }

    private static bool IsLinkLocal(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return address.IsIPv6LinkLocal;
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return bytes[0] == 169 && bytes[1] == 254;
    }
}
