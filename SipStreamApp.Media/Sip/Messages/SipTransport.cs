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
    /// <summary>TCP and TLS carry every message exactly once, so the retransmission timers rest.</summary>
    public bool IsReliable => Transport != SipTransport.Udp;

    public string TransportText => Transport switch
    {
        SipTransport.Udp => "UDP",
        SipTransport.Tcp => "TCP",
        _ => "TLS",
    };

    public static int DefaultPort(SipTransport transport) => transport == SipTransport.Tls ? 5061 : 5060;

    public override string ToString() => $"{TransportText} {new IPEndPoint(Address, Port)}";
}

/// <summary>A message on its way out: whole bytes, never changed after they were queued.</summary>
internal readonly record struct SipOutgoing(SipEndpoint To, ReadOnlyMemory<byte> Bytes);

/// <summary>What the far end shall use to reach us, as written into Via and Contact.</summary>
internal readonly record struct SipLocalAddress(string Host, int Port)
{
    public override string ToString() => Host.Contains(':') && Host[0] != '[' ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
