// RFC 4585 (NACK, PLI), RFC 5104 (FIR), RFC 3550 (SR, RR, BYE): the control half of a session.
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.WebRtc.Fanout;
using SipStreamApp.Media.WebRtc.Rtcp;

namespace SipStreamApp.Media.WebRtc.Session;

/// <content>RTCP: authenticated first, then acted upon.</content>
internal sealed partial class ViewerSession
{
    private readonly List<PeerAddress> _addresses = [];
    private volatile string _profile = "";

    /// <summary>Addresses it was heard from with the right password.</summary>
    public IReadOnlyList<PeerAddress> KnownAddresses => _addresses;

    public void SendReport(ViewerTrack track, NtpTime ntp, uint rtpTimestamp, Instant now)
    {
        if (_sender is null) return;
        var slot = _port.BeginSend(Remote);
        var length = RtcpWriter.SenderReport(slot, track.Ssrc, ntp, rtpTimestamp, track.PacketsSent, track.OctetsSent, _cname);
        length = _sender.ProtectRtcp(slot, length);
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
            var length = _sender!.ProtectRtcp(slot, RtcpWriter.Bye(slot, track.Ssrc, _cname));
            if (length > 0) _port.EndSend(length);
        }
    }

    private void OnRtcp(Span<byte> datagram, Instant now)
    {
        if (_receiver!.UnprotectRtcp(datagram, out var length) != SrtpStatus.Ok) return;
        var keyframe = false;
        var reader = new RtcpReader(datagram[..length]);
        while (reader.Read())
        {
            switch (reader.Type, reader.Count)
            {
                case (RtcpType.SenderReport, _):
                    OnReports(reader.Body, 4 + 20, reader.Count, now);
                    break;
                case (RtcpType.ReceiverReport, _):
                    OnReports(reader.Body, 4, reader.Count, now);
                    break;
                case (RtcpType.TransportFeedback, RtcpType.GenericNack):
                    OnNack(reader.Body, now);
                    break;
                case (RtcpType.PayloadFeedback, RtcpType.PictureLoss or RtcpType.FullIntra):
                    keyframe = true;
                    break;
            }
        }

        if (!keyframe) return;
        _stats.Plis++;
        Stream.RequestKeyframe();
    }

    private void OnReports(ReadOnlySpan<byte> body, int head, int count, Instant now)
    {
        var reader = new SpanReader(body);
        reader.Skip(head);
        for (var i = 0; i < count && ReportBlock.TryRead(ref reader, out var block); i++)
            if (Find(block.Ssrc) is { } track) _stats.Received(block, track.Kind, now);
    }

    // RFC 4585 section 6.2.1: sender SSRC, media SSRC, then pairs of a sequence number and a bit mask of the 16 that follow it.
    private void OnNack(ReadOnlySpan<byte> body, Instant now)
    {
        var reader = new SpanReader(body);
        reader.Skip(4);
        if (Find(new Ssrc(reader.U32())) is not { } track) return;
        while (reader.Remaining >= 4)
        {
            var sequence = reader.U16();
            Resend(track, sequence, now);
            var mask = (int)reader.U16();
            for (var i = 1; mask != 0; i++, mask >>= 1)
                if ((mask & 1) != 0) Resend(track, (ushort)(sequence + i), now);
        }
    }

    private void Resend(ViewerTrack track, ushort sequence, Instant now)
    {
        _stats.Nacks++;
        if (!_budget.TryTake(now)) return;
        if (_host.Resend(this, track, sequence)) _stats.Resent++;
    }

    private ViewerTrack? Find(Ssrc ssrc) => Audio?.Ssrc == ssrc ? Audio : Video?.Ssrc == ssrc ? Video : null;
}
