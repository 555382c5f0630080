// RFC 8445 section 5.1.2.1: candidate priorities; RFC 8839 section 5.1.
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Sdp;

namespace SipStreamApp.Media.WebRtc;

/// <summary>Which addresses to name to a viewer.</summary>
internal static class Candidates
{
    private const uint HostPreference = 126;
    private const int MaxCount = 10;

    /// <summary>The address the request came in on is best (the browser just used it), then the public one, then all others of this machine.</summary>
    public static ImmutableArray<IceCandidateLine> For(IPEndPoint bound, IPAddress? publicAddress, IPAddress? requestedOn)
    {
        if (requestedOn is { IsIPv4MappedToIPv6: true }) requestedOn = requestedOn.MapToIPv4();
        var isLocal = requestedOn is not null && IPAddress.IsLoopback(requestedOn);
        var hosts = LocalAddress.HostAddresses(bound.Address, isLocal);
        var all = new List<IPAddress>();
        // Behind a reverse proxy the request came in on a private or loopback address; it does no harm behind the others.
        if (requestedOn is not null && hosts.Contains(requestedOn)) all.Add(requestedOn);
        if (publicAddress is not null) all.Add(publicAddress);
        all.AddRange(hosts);
        var list = ImmutableArray.CreateBuilder<IceCandidateLine>();
        foreach (var address in all.Distinct().Take(MaxCount))
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6 && bound.AddressFamily != AddressFamily.InterNetworkV6) continue;
            var priority = HostPreference << 24 | (uint)(65535 - list.Count) << 8 | 255;
            list.Add(IceCandidateLine.HostUdp($"{list.Count + 1}", priority, new IPEndPoint(address, bound.Port)));
        }

        return list.ToImmutable();
    }
}
