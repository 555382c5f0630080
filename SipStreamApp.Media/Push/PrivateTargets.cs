using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>
/// Keeps pushes out of the private network, where Push:PrivateTargets says so: who may push shall not reach what only this machine can reach.
/// The name is looked up before each attempt, and every address behind it must be public; the sender looks it up once more, so a name server
/// that changes its answer within that moment gets through.
/// </summary>
internal static class PrivateTargets
{
    /// <summary>The failure where a host is, or has, a private address; null where the sender may try. A name that is not found is the sender's to tell.</summary>
    public static async Task<Failure?> CheckAsync(string host, CancellationToken cancel)
    {
        var plain = host.Trim('[', ']');
        if (IPAddress.TryParse(plain, out var literal)) return IsPublic(literal) ? null : Refused;
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(plain, cancel).ConfigureAwait(false);
            return addresses.All(IsPublic) ? null : Refused;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>False for loopback, link-local, private, shared, benchmarking, multicast and reserved addresses (RFC 6890), also inside of IPv6 forms of IPv4.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        Span<byte> b = stackalloc byte[16];
        address.TryWriteBytes(b, out var length);
        if (length == 4) return IsPublic(b[0], b[1], b[2]);

        // NAT64 (64:ff9b::/96) and 6to4 (2002::/16) carry an IPv4 address.
        if (b[..12].SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])) return IsPublic(b[12], b[13], b[14]);
        if (b[0] == 0x20 && b[1] == 0x02) return IsPublic(b[2], b[3], b[4]);

        // Global unicast is 2000::/3; of it 2001:db8::/32 is for documents and 2001::/32 a tunnel.
        return (b[0] & 0xE0) == 0x20 && (b[0], b[1], b[2], b[3]) is not ((0x20, 0x01, 0x0D, 0xB8) or (0x20, 0x01, 0, 0));
    }

    private static bool IsPublic(byte a, byte b, byte c) => (a, b, c) switch
    {
        (0 or 10 or 127 or >= 224, _, _) => false,
        (100, >= 64 and < 128, _) => false,
        (169, 254, _) => false,
        (172, >= 16 and < 32, _) => false,
        (192, 168, _) or (192, 0, 0) => false,
        (198, 18 or 19, _) => false,
        _ => true,
    };

    private static Failure Refused { get; } = new(
        "private-target", Blame.Caller, "This address lies in a private network", "Push:PrivateTargets set to allow lets pushes in there.");
}
