using System.Net;

namespace SipStreamApp.Media.Outgoing;

/// <summary>What kind of network an address lies in. Pure.</summary>
public static class AddressKinds
{
    // Where clouds tell a machine its own keys, beside 169.254.0.0/16: AWS over IPv6, Alibaba, and Azure's host, which looks public.
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16")];

    /// <summary>IPv4 where an IPv6 form carries one: mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96, RFC 6052) and 6to4 (2002::/16, RFC 3056).</summary>
    public static IPAddress Plain(IPAddress address)
    {
        Span<byte> b = stackalloc byte[16];
        if (!address.TryWriteBytes(b, out var length) || length == 4) return address;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (b[..12].SequenceEqual((ReadOnlySpan<byte>)[0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])) return new IPAddress(b[12..]);
        return b[0] == 0x20 && b[1] == 0x02 ? new IPAddress(b[2..6]) : address;
    }

    /// <summary>False for loopback, link-local, private, shared, benchmarking, documentation, multicast and reserved addresses (RFC 6890), also inside of IPv6 forms of IPv4.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (Metadata.Contains(address = Plain(address))) return false;
        Span<byte> b = stackalloc byte[16];
        address.TryWriteBytes(b, out var length);
        if (length == 4) return IsPublic(b[0], b[1], b[2]);

        // Global unicast is 2000::/3; of it 2001:db8::/32 is for documents and 2001::/32 a tunnel.
        return (b[0] & 0xE0) == 0x20 && (b[0], b[1], b[2], b[3]) is not ((0x20, 0x01, 0x0D, 0xB8) or (0x20, 0x01, 0, 0));
    }

    /// <summary>True for addresses no stream, hook or event is ever meant for: link-local ones with the metadata services of clouds, "this network", multicast, reserved.</summary>
    public static bool IsNeverMeant(IPAddress address)
    {
        if (Metadata.Contains(address = Plain(address))) return true;
        Span<byte> b = stackalloc byte[16];
        address.TryWriteBytes(b, out var length);
        if (length == 4) return (b[0], b[1]) is (0 or >= 224, _) or (169, 254);
        return address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any);
    }

    private static bool IsPublic(byte a, byte b, byte c) => (a, b, c) switch
    {
        (0 or 10 or 127 or >= 224, _, _) => false,
        (100, >= 64 and < 128, _) => false,
        (169, 254, _) => false,
        (172, >= 16 and < 32, _) => false,
        (192, 168, _) or (192, 0, 0 or 2) => false,
        (198, 18 or 19, _) or (198, 51, 100) or (203, 0, 113) => false,
        _ => true,
    };
}
