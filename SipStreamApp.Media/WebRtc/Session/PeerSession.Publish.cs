// RFC 3711: what the browser sends is authenticated and decrypted in place, and only then looked at.
using SipStreamApp.Media.Inbound;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Publishing;

namespace SipStreamApp.Media.WebRtc.Session;

/// <content>The receiving half: from protected packets to the publication, and its RTCP back.</content>
internal sealed partial class PeerSession
{
    private readonly Publication? _publication;
    private EarlyPackets? _early;
    private long _refused;

    /// <summary>Media packets that were not authentic, or came twice.</summary>
    public long Refused => Volatile.Read(ref _refused);

    void IPublicationLink.SendRtcp(ReadOnlySpan<byte> packet)
    {
        if (_sender is null) return;
        var slot = _port.BeginSend(Remote);
        var length = _sender.ProtectRtcp(packet, slot);
        if (length > 0) _port.EndSend(length);
    }

    private void OnRtp(Span<byte> datagram, Instant now)
    {
        if (_receiver!.Unprotect(datagram, out var length) != SrtpStatus.Ok)
        {
            _refused++;
            return;
        }

        _publication!.OnRtp(datagram[..length], now);
        _host.DrainLater(_publication);
    }

    private static StreamEndReason StreamReason(SessionEnd end) => end switch
    {
        SessionEnd.Shutdown => StreamEndReason.Shutdown,
        SessionEnd.Requested or SessionEnd.ClosedByPeer or SessionEnd.StreamEnded => StreamEndReason.PublisherStopped,
        _ => StreamEndReason.PublisherFailed,
    };
}
