// RFC 4585 (NACK, PLI), RFC 5104 (FIR), RFC 3550 (SR, RR, BYE): the control half of a session.
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.WebRtc.Fanout;

namespace SipStreamApp.Media.WebRtc.Session;

/// <content>RTCP: authenticated first, then acted upon.</content>
internal sealed partial class PeerSession
{
    private readonly List<PeerAddress> _addresses = [];
    private volatile string _profile = "";

    /// <summary>Addresses it was heard from with the right password.</summary>
    public IReadOnlyList<PeerAddress> KnownAddresses => _addresses;

    public void SendReport(ViewerTrack track, NtpTime ntp, uint rtpTimestamp, Instant now)
    {
        if (_sender is null) return;
        var slot = _port.BeginSend(Remote);
        var writer = new RtcpWriter(slot);
        writer.SenderReport(new SenderReport(track.Ssrc, ntp, rtpTimestamp, (uint)track.PacketsSent, (uint)track.OctetsSent), []);
        writer.Cname(track.Ssrc, _cname);
        var length = _sender.ProtectRtcp(slot, writer.Length);
        if (length == 0) return;
        _port.EndSend(length);
        _stats.Sent(ntp, now);
    }

    private void SendByes()
    {
        foreach (var track in (ReadOnlySpan<ViewerTrack?>)[Audio, Video])
        {
            if (track is null) continue;
            var slot = _port.BeginSend(Remote);
            var writer = new RtcpWriter(slot);
            writer.ReceiverReport(track.Ssrc, []);
            writer.Cname(track.Ssrc, _cname);
            writer.Bye(track.Ssrc);
            var length = _sender!.ProtectRtcp(slot, writer.Length);
            if (length > 0) _port.EndSend(length);
        }
    }

    private void OnRtcp(Span<byte> datagram, Instant now)
    {
        if (_receiver!.UnprotectRtcp(datagram, out var length) != SrtpStatus.Ok) return;
        _publication?.OnRtcp(datagram[..length], now);
        var keyframe = false;
        foreach (var packet in new RtcpReader(datagram[..length]))
        {
            foreach (var block in packet.ReportBlocks)
                if (Find(block.Ssrc) is { } track) _stats.Received(block, track.Kind, now);

            switch (packet.Type, packet.Count)
            {
                case (RtcpType.TransportFeedback, RtcpFeedback.NackFormat):
                    OnNack(packet, now);
                    break;
                case (RtcpType.PayloadFeedback, RtcpFeedback.PliFormat or RtcpFeedback.FirFormat):
                    keyframe = true;
                    break;
            }
        }

        if (!keyframe) return;
        _stats.Plis++;
        Stream?.RequestKeyframe();
    }

    private void OnNack(in RtcpView packet, Instant now)
    {
        if (!packet.TryGetFeedback(out _, out var media, out var control) || Find(media) is not { } track) return;
        foreach (var sequence in new NackReader(control)) Resend(track, sequence, now);
    }

    private void Resend(ViewerTrack track, ushort sequence, Instant now)
    {
        _stats.Nacks++;
        if (!_budget.TryTake(now)) return;
        if (_host.Resend(this, track, sequence)) _stats.Resent++;
    }

    private ViewerTrack? Find(Ssrc ssrc) => Audio?.Ssrc == ssrc ? Audio : Video?.Ssrc == ssrc ? Video : null;
}
