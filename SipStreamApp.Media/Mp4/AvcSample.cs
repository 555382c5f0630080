// ISO/IEC 14496-15 section 5.4.2: under "avc1" parameter sets stand in the sample entry.
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>Makes an MP4 sample of an access unit.</summary>
internal static class AvcSample
{
    /// <summary>
    /// Copies the NAL units but for those that the sample entry has already and those that carry nothing. Sets that differ stay: a
    /// stream with several of them would not decode otherwise. Returns the bytes written; the target needs the length of the frame.
    /// </summary>
    public static int Copy(ReadOnlySpan<byte> frame, TrackFormat format, Span<byte> target)
    {
        var length = 0;
        var reader = new NalReader(frame);
        while (reader.TryRead(out var nal))
        {
            var type = Nal.TypeOf(nal[0]);
            if (Nal.IsDispensable(type)) continue;
            if (type == NalType.Sps && nal.SequenceEqual(format.Sps.AsSpan())) continue;
            if (type == NalType.Pps && nal.SequenceEqual(format.Pps.AsSpan())) continue;
            var start = reader.Position - nal.Length - Nal.PrefixLength;
            frame[start..reader.Position].CopyTo(target[length..]);
            length += reader.Position - start;
        }

        return length;
    }
}
