// RFC 6386 section 9.1: frame tag (3 bytes), and in key frames start code, width and height.
using System.Buffers.Binary;

namespace SipStreamApp.Media.Codecs;

/// <summary>The first bytes of a VP8 frame.</summary>
internal static class Vp8FrameHeader
{
    /// <summary>True for a key frame.</summary>
    public static bool IsKeyframe(ReadOnlySpan<byte> frame) => frame.Length > 0 && (frame[0] & 1) == 0;

    /// <summary>Reads the size from a key frame; false for other frames and malformed ones.</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> frame, out int width, out int height)
    {
        (width, height) = (0, 0);
        if (frame.Length < 10 || !IsKeyframe(frame) || frame[3] != 0x9D || frame[4] != 0x01 || frame[5] != 0x2A) return false;
        // The two upper bits ask for scaling on display, which browsers ignore too.
        width = BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]) & 0x3FFF;
        height = BinaryPrimitives.ReadUInt16LittleEndian(frame[8..]) & 0x3FFF;
        return width > 0 && height > 0;
    }
}
