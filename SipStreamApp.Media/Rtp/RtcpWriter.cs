// RFC 3550 section 6.1: building a compound packet, one packet behind the other.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Appends RTCP packets to a span. A packet that does not fit is left out whole and sets <see cref="Failed"/>.</summary>
internal ref struct RtcpWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    /// <summary>Bytes of complete packets so far.</summary>
    public int Length { get; private set; }

    /// <summary>True once a packet did not fit.</summary>
    public bool Failed { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _target[..Length];

    public void SenderReport(in SenderReport report, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        var w = Begin(RtcpType.SenderReport, blocks.Length, Rtp.SenderReport.Length + ReportBlock.Length * blocks.Length);
        w.U32(report.Ssrc.Value);
        w.U64(report.Ntp.Value);
        w.U32(report.RtpTimestamp);
        w.U32(report.PacketCount);
        w.U32(report.OctetCount);
        foreach (var block in blocks) block.Write(ref w);
        End(w);
    }

    public void ReceiverReport(Ssrc sender, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        var w = Begin(RtcpType.ReceiverReport, blocks.Length, 4 + ReportBlock.Length * blocks.Length);
        w.U32(sender.Value);
        foreach (var block in blocks) block.Write(ref w);
        End(w);
    }

    /// <summary>A source description with nothing but the CNAME (at most 255 bytes).</summary>
    public void Cname(Ssrc sender, scoped ReadOnlySpan<byte> cname)
    {
        if (cname.Length > 255) cname = cname[..255];
        var body = (4 + 2 + cname.Length + 1 + 3) / 4 * 4;
        var w = Begin(RtcpType.SourceDescription, 1, body);
        w.U32(sender.Value);
        w.U8(1);
        w.U8(cname.Length);
        w.Bytes(cname);
        for (var i = 6 + cname.Length; i < body; i++) w.U8(0);
        End(w);
    }

    public void Bye(Ssrc sender)
    {
        var w = Begin(RtcpType.Bye, 1, 4);
        w.U32(sender.Value);
        End(w);
    }

    public void Pli(Ssrc sender, Ssrc media)
    {
        var w = Begin(RtcpType.PayloadFeedback, RtcpFeedback.PliFormat, 8);
        w.U32(sender.Value);
        w.U32(media.Value);
        End(w);
    }

    /// <summary>A full intra request; the number goes up by one for each new request, not for a repeat.</summary>
    public void Fir(Ssrc sender, Ssrc media, byte sequenceNumber)
    {
        var w = Begin(RtcpType.PayloadFeedback, RtcpFeedback.FirFormat, 16);
        w.U32(sender.Value);
        // RFC 5104 section 4.3.1.2: the media SSRC of the common part is not used and is 0.
        w.U32(0);
        w.U32(media.Value);
        w.U8(sequenceNumber);
        w.U24(0);
        End(w);
    }

    /// <summary>A generic NACK with control information from <see cref="NackBuilder"/>.</summary>
    public void Nack(Ssrc sender, Ssrc media, scoped ReadOnlySpan<byte> control)
    {
        if (control.IsEmpty) return;
        var w = Begin(RtcpType.TransportFeedback, RtcpFeedback.NackFormat, 8 + control.Length);
        w.U32(sender.Value);
        w.U32(media.Value);
        w.Bytes(control);
        End(w);
    }

    /// <summary>Transport-wide feedback with a body of <see cref="ArrivalLog"/>.</summary>
    public void TransportWide(Ssrc sender, Ssrc media, scoped ReadOnlySpan<byte> body)
    {
        var w = Begin(RtcpType.TransportFeedback, RtcpFeedback.TransportWideFormat, 8 + body.Length);
        w.U32(sender.Value);
        w.U32(media.Value);
        w.Bytes(body);
        End(w);
    }

    private readonly SpanWriter Begin(RtcpType type, int count, int bodyLength)
    {
        var w = new SpanWriter(_target[Length..]);
        w.U8(0x80 | count & 0x1F);
        w.U8((int)type);
        w.U16(bodyLength / 4);
        return w;
    }

    private void End(scoped in SpanWriter w)
    {
        if (w.Failed) Failed = true;
        else Length += w.Length;
    }
}
