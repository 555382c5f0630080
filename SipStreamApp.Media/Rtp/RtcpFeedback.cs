// RFC 4585 section 6.3.1 (PLI), RFC 5104 section 4.3.1 (FIR), draft-alvestrand-rmcat-remb-03 section 2.2 (REMB).
//   FIR control:   SSRC | seq nr (8) | reserved (24)
//   REMB control:  'R' 'E' 'M' 'B' | count (8) | exponent (6) mantissa (18) | SSRC ...
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Reads the payload-specific feedback that the engine acts on.</summary>
internal static class RtcpFeedback
{
    public const byte PliFormat = 1;
    public const byte FirFormat = 4;
    public const byte AppLayerFormat = 15;
    public const byte NackFormat = 1;
    public const byte TransportWideFormat = 15;

    /// <summary>True for a picture loss indication about <paramref name="media"/>.</summary>
    public static bool IsPli(in RtcpView packet, Ssrc media) =>
        packet is { Type: RtcpType.PayloadFeedback, Count: PliFormat } && packet.TryGetFeedback(out _, out var about, out _) && about == media;

    /// <summary>True for a full intra request to <paramref name="media"/>; a repeat carries the same number.</summary>
    public static bool TryGetFir(in RtcpView packet, Ssrc media, out byte sequenceNumber)
    {
        sequenceNumber = 0;
        if (packet is not { Type: RtcpType.PayloadFeedback, Count: FirFormat }) return false;
        if (!packet.TryGetFeedback(out _, out _, out var control)) return false;
        for (; control.Length >= 8; control = control[8..])
        {
            var r = new SpanReader(control);
            if (r.U32() != media.Value) continue;
            sequenceNumber = r.U8();
            return true;
        }

        return false;
    }

    /// <summary>The receiver's estimate of the bit rate it can take, in bits per second.</summary>
    public static bool TryGetRemb(in RtcpView packet, out long bitsPerSecond)
    {
        bitsPerSecond = 0;
        if (packet is not { Type: RtcpType.PayloadFeedback, Count: AppLayerFormat }) return false;
        if (!packet.TryGetFeedback(out _, out _, out var control)) return false;
        var r = new SpanReader(control);
        var isRemb = r.Bytes(4).SequenceEqual("REMB"u8);
        r.Skip(1);
        var value = r.U24();
        if (r.Failed || !isRemb) return false;
        var (exponent, mantissa) = ((int)(value >> 18), (long)(value & 0x3FFFF));
        // 18 bits shifted by up to 63 would overflow: cap at 1 Tbit/s, which is "no limit" here.
        bitsPerSecond = exponent > 22 ? 1L << 40 : mantissa << exponent;
        return true;
    }
}
