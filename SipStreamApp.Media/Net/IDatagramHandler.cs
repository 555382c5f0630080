using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Receives the datagrams of a <see cref="UdpPort"/>. Every member is called on the loop's thread.</summary>
internal interface IDatagramHandler
{
    /// <summary>One datagram. The bytes are valid until the call returns and may be changed in place.</summary>
    /// <remarks>At least <see cref="UdpPort.TailRoom"/> bytes behind the span belong to the same slot.</remarks>
    void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now);

    /// <summary>Called once after the last datagram of a batch: the place to drain machines.</summary>
    void OnBatchEnd(Instant now) { }

    /// <summary>The network said that a datagram to <paramref name="peer"/> could not be delivered.</summary>
    /// <remarks>A hint, never a proof: anyone on the path can forge it. Linux only; elsewhere it may never come.</remarks>
    void OnUnreachable(UdpPort port, in PeerAddress peer, Instant now) { }
}
