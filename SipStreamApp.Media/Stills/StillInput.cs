// H.264 annex B; IVF: "DKIF" | version 2 | head length 2 | "VP80" | width 2 | height 2 | rate 4 | scale 4 | frames 4 | 0, then length 4 | time 8 | frame
using System.Buffers.Binary;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Stills;

/// <summary>A keyframe in a wrapping that ffmpeg reads on a pipe.</summary>
internal static class StillInput
{
    /// <summary>The bytes and the name of the demuxer; null where the frame is damaged.</summary>
    public static byte[]? Of(MediaFrame frame, out string demuxer)
    {
        demuxer = frame.Format.Codec == Codec.Vp8 ? "ivf" : "h264";
        return frame.Format.Codec == Codec.Vp8 ? Ivf(frame) : ByteStream(frame);
    }

    private static byte[]? ByteStream(MediaFrame frame)
    {
        var units = new byte[frame.Length];
        if (!AnnexB.TryFromLengthPrefixed(frame.Data, units, out var length)) return null;
        // The sets are in keyframes as a rule; where a sender gave them in SDP only, they stand in the format.
        byte[] start = [0, 0, 0, 1];
        return [.. start, .. frame.Format.Sps, .. start, .. frame.Format.Pps, .. units.AsSpan(0, length)];
    }

    private static byte[] Ivf(MediaFrame frame)
    {
        var file = new byte[44 + frame.Length];
        "DKIF"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(6), 32);
        "VP80"u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(12), (ushort)frame.Format.Width);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(14), (ushort)frame.Format.Height);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), 25);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(32), frame.Length);
        frame.Data.CopyTo(file.AsSpan(44));
        return file;
    }
}
