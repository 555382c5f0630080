// RFC 3550 sections 6.4.1 and 6.4.2: sender info and report blocks.
//   SR:    SSRC | NTP (64) | RTP timestamp | packets | octets | report blocks
//   block: SSRC | fraction lost (8) | cumulative lost (24, signed) | highest sequence | jitter | LSR | DLSR
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>The sender's part of a sender report.</summary>
internal readonly record struct SenderReport(Ssrc Ssrc, NtpTime Ntp, uint RtpTimestamp, uint PacketCount, uint OctetCount)
{
    /// <summary>Bytes behind the common header, before the report blocks.</summary>
    public const int Length = 24;
}

/// <summary>What one receiver says about one source.</summary>
/// <param name="Ssrc">The source it is about.</param>
/// <param name="FractionLost">Lost since the last report, in 1/256.</param>
/// <param name="CumulativeLost">Lost since the beginning; below zero where duplicates outnumber losses.</param>
/// <param name="HighestSequence">Extended highest sequence number.</param>
/// <param name="Jitter">Interarrival jitter in timestamp units.</param>
/// <param name="LastReport">Middle 32 bits of the NTP time of the last sender report, 0 for none.</param>
/// <param name="DelaySinceLastReport">In 1/65536 s.</param>
internal readonly record struct ReportBlock(
    Ssrc Ssrc, byte FractionLost, int CumulativeLost, uint HighestSequence, uint Jitter, uint LastReport, uint DelaySinceLastReport)
{
    public const int Length = 24;

    public void Write(ref SpanWriter w)
    {
        w.U32(Ssrc.Value);
        w.U8(FractionLost);
        w.U24((uint)Math.Clamp(CumulativeLost, -0x80_0000, 0x7F_FFFF) & 0xFF_FFFF);
        w.U32(HighestSequence);
        w.U32(Jitter);
        w.U32(LastReport);
        w.U32(DelaySinceLastReport);
    }
}

/// <summary>Walks the report blocks that are really there, whatever the count says.</summary>
internal ref struct ReportBlocks(int count, ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;
    private int _left = count;

    public ReportBlock Current { get; private set; }

    public readonly ReportBlocks GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_left-- <= 0 || _rest.Length < ReportBlock.Length) return false;
        var r = new SpanReader(_rest);
        Current = new ReportBlock(new Ssrc(r.U32()), r.U8(), (int)(r.U24() << 8) >> 8, r.U32(), r.U32(), r.U32(), r.U32());
        _rest = r.Rest;
        return true;
    }
}
