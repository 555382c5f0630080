// RFC 8866 section 5.7: c=<nettype> <addrtype> <connection-address>, the address with an optional /ttl or /count.
using System.Net;
using System.Net.Sockets;

namespace SipStreamApp.Media.Sdp;

/// <summary>Address of a c=, o= or a=rtcp line. <see cref="Address"/> is null where a host name is written.</summary>
internal readonly record struct SdpConnection(string AddressType, string Text)
{
    public SdpConnection(IPAddress address)
        : this(address.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4", Plain(address))
    {
    }

    public IPAddress? Address => SdpText.Ip(HostPart);

    /// <summary>The address or host name without /ttl.</summary>
    public string HostPart => Text.IndexOf('/') is var slash and >= 0 ? Text[..slash] : Text;

    /// <summary>The all-zero address: the old way to put a call on hold (RFC 2543 B.5, RFC 3264 section 8.4).</summary>
    public bool IsZero => Address is { } a && (a.Equals(IPAddress.Any) || a.Equals(IPAddress.IPv6Any));

    public static bool TryParse(ReadOnlySpan<char> text, out SdpConnection connection)
    {
        connection = default;
        var rest = text.Trim(" \t");
        var net = SdpText.Token(ref rest);
        var type = SdpText.Token(ref rest);
        var address = SdpText.Token(ref rest);
        if (!net.Equals("IN", StringComparison.OrdinalIgnoreCase) || address.IsEmpty) return false;
        if (type.Equals("IP4", StringComparison.OrdinalIgnoreCase)) connection = new("IP4", address.ToString());
        else if (type.Equals("IP6", StringComparison.OrdinalIgnoreCase)) connection = new("IP6", address.ToString());
        else return false;
        return true;
    }

    public override string ToString() => $"IN {AddressType} {Text}";

    // A zone index (fe80::1%eth0) means nothing on another machine.
    private static string Plain(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()).ToString() : address.ToString();
}
