// RFC 3550 sections 6.4.1 (SR), 6.5.1 (SDES CNAME) and 6.6 (BYE).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Rtcp;

/// <summary>The compounds a pure sender needs.</summary>
internal static class RtcpWriter
{
    /// <summary>Sender report and CNAME; returns the length, or 0 where it does not fit.</summary>
    public static int SenderReport(Span<byte> target, Ssrc ssrc, NtpTime ntp, uint rtpTimestamp, long packets, long octets, ReadOnlySpan<byte> cname)
    {
        var w = new SpanWriter(target);
        w.U8(0x80);
        w.U8(RtcpType.SenderReport);
        w.U16(6);
        w.U32(ssrc.Value);
        w.U64(ntp.Value);
        w.U32(rtpTimestamp);
        w.U32(unchecked((uint)packets));
        w.U32(unchecked((uint)octets));
        Description(ref w, ssrc, cname);
        return w.Failed ? 0 : w.Length;
    }

    /// <summary>The end of a source, behind the empty report that a compound starts with.</summary>
    public static int Bye(Span<byte> target, Ssrc ssrc, ReadOnlySpan<byte> cname)
    {
        var w = new SpanWriter(target);
        w.U8(0x80);
        w.U8(RtcpType.ReceiverReport);
        w.U16(1);
        w.U32(ssrc.Value);
        Description(ref w, ssrc, cname);
        w.U8(0x81);
        w.U8(RtcpType.Bye);
        w.U16(1);
        w.U32(ssrc.Value);
        return w.Failed ? 0 : w.Length;
    }

    private static void Description(ref SpanWriter w, Ssrc ssrc, ReadOnlySpan<byte> cname)
    {
        // The item list ends with at least one zero byte and fills the word.
        var items = (2 + cname.Length + 4) & ~3;
        w.U8(0x81);
        w.U8(RtcpType.SourceDescription);
        w.U16(1 + items / 4);
        w.U32(ssrc.Value);
        w.U8(1);
        w.U8(cname.Length);
        w.Bytes(cname);
        for (var pad = items - 2 - cname.Length; pad > 0; pad--) w.U8(0);
    }
}
