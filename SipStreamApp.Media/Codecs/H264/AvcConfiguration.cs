// ISO/IEC 14496-15 section 5.3.3.1: AVCDecoderConfigurationRecord.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Writes the decoder configuration that MP4, FLV and WebCodecs want.</summary>
internal static class AvcConfiguration
{
    /// <summary>Bytes needed for a format, or 0 where its parameter sets are not known yet.</summary>
    public static int Length(TrackFormat format) =>
        Has(format) ? 11 + format.Sps.Length + format.Pps.Length + (HasTail(format) ? 4 : 0) : 0;

    /// <summary>Writes the record. False where the parameter sets are not known or the target is too small.</summary>
    /// <param name="format">H.264.</param>
    /// <param name="target">Where to.</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="withTail">False leaves out what the high profiles have behind the parameter sets, for readers of the record's first edition.</param>
    public static bool TryWrite(TrackFormat format, Span<byte> target, out int length, bool withTail = true)
    {
        length = 0;
        if (!Has(format)) return false;
        var sps = format.Sps.AsSpan();
        var pps = format.Pps.AsSpan();
        var writer = new SpanWriter(target);
        writer.U8(1);
        writer.Bytes(sps[1..4]);
        writer.U8(0xFC | (Nal.PrefixLength - 1));
        writer.U8(0xE0 | 1);
        writer.U16(sps.Length);
        writer.Bytes(sps);
        writer.U8(1);
        writer.U16(pps.Length);
        writer.Bytes(pps);
        if (withTail && HasTail(format))
        {
            if (!SpsInfo.TryParse(sps, out var info)) return false;
            writer.U8(0xFC | info.ChromaFormat);
            writer.U8(0xF8 | (info.BitDepthLuma - 8));
            writer.U8(0xF8 | (info.BitDepthChroma - 8));
            writer.U8(0);
        }

        length = writer.Length;
        return !writer.Failed;
    }

    private static bool Has(TrackFormat format) =>
        format.Sps is { IsDefault: false, Length: > 4 and <= 0xFFFF } && format.Pps is { IsDefault: false, Length: > 1 and <= 0xFFFF };

    private static bool HasTail(TrackFormat format) => format.Sps[1] is 100 or 110 or 122 or 144 or 244;
}
