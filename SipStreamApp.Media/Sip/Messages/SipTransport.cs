// RFC 3261 section 18: where a message goes to or came from.
using System.Net;

namespace SipStreamApp.Media.Sip;

internal enum SipTransport
{
    Udp,
    Tcp,
    Tls,
}

/// <summary>One end of a hop: transport, address and port. A destination is always an address; names are resolved by the host.</summary>
internal readonly record struct SipEndpoint(IPAddress Address, int Port, SipTransport Transport)
{
    /// <summary>
    /// TLS: the name that the certificate must be for (RFC 5922 section 7.2: the domain that was asked for, not the host that DNS led to); null where only
    /// an address is known. Not part of what makes two ends the same.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>TCP and TLS carry every message exactly once, so the retransmission timers rest.</summary>
    public bool IsReliable => Transport != SipTransport.Udp;

    public string TransportText => Transport switch
    {
        SipTransport.Udp => "UDP",
        SipTransport.Tcp => "TCP",
        _ => "TLS",
    };

    public static int DefaultPort(SipTransport transport) => transport == SipTransport.Tls ? 5061 : 5060;

    public bool Equals(SipEndpoint other) => Port == other.Port && Transport == other.Transport && object.Equals(Address, other.Address);

    public override int GetHashCode() => HashCode.Combine(Address, Port, Transport);

    public override string ToString() => $"{TransportText} {new IPEndPoint(Address, Port)}";
}

/// <summary>A message on its way out: whole bytes, never changed after they were queued.</summary>
internal readonly record struct SipOutgoing(SipEndpoint To, ReadOnlyMemory<byte> Bytes);

/// <summary>What the far end shall use to reach us, as written into Via and Contact.</summary>
internal readonly record struct SipLocalAddress(string Host, int Port)
{
    public override string ToString() => Host.Contains(':') && Host[0] != '[' ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
