// RFC 3550 section 5.1 and RFC 8285 section 4.2: writing the header in front of a payload.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>The fields of the fixed RTP header.</summary>
internal readonly record struct RtpHeader(PayloadType PayloadType, bool Marker, ushort SequenceNumber, uint Timestamp, Ssrc Ssrc)
{
    /// <summary>Writes the 12 bytes of the fixed header.</summary>
    public bool TryWrite(Span<byte> target, out int length) => TryWrite(target, 0, default, out length);

    /// <summary>Writes the header with one RFC 8285 one-byte element (id 1..14, 1..16 bytes); id 0 means no extension.</summary>
    public bool TryWrite(Span<byte> target, int extensionId, ReadOnlySpan<byte> extension, out int length)
    {
        length = 0;
        var extended = extensionId != 0;
        if (extended && (extensionId is < 1 or > 14 || extension.Length is < 1 or > 16)) return false;
        var w = new SpanWriter(target);
        w.U8(extended ? 0x90 : 0x80);
        w.U8((Marker ? 0x80 : 0) | PayloadType.Value & 0x7F);
        w.U16(SequenceNumber);
        w.U32(Timestamp);
        w.U32(Ssrc.Value);
        if (extended)
        {
            var words = (1 + extension.Length + 3) / 4;
            w.U16(HeaderExtensions.OneByteProfile);
            w.U16(words);
            w.U8(extensionId << 4 | extension.Length - 1);
            w.Bytes(extension);
            for (var i = 1 + extension.Length; i < 4 * words; i++) w.U8(0);
        }

        if (w.Failed) return false;
        length = w.Length;
        return true;
    }
}
