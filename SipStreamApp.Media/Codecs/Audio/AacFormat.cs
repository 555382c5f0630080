// ISO/IEC 14496-3 section 1.6.2.1: AudioSpecificConfig. object type 5 bits | sampling index 4 | channels 4 | 3 zero bits.
using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>The derived AAC track, as it is known before its first frame.</summary>
internal static class AacFormat
{
    /// <summary>Samples in a frame of AAC-LC.</summary>
    public const int FrameSamples = 1024;

    /// <summary>Sampling rate of the derived track.</summary>
    public const int Rate = 48000;

    private static readonly TrackFormat Mono = Of(1);
    private static readonly TrackFormat Stereo = Of(2);

    /// <summary>What a source's sound becomes: Opus may be stereo at any packet, the telephone's codecs never are.</summary>
    public static TrackFormat For(TrackFormat source) => source.Codec == Codec.Opus && source.Channels > 1 ? Stereo : Mono;

    private static TrackFormat Of(int channels)
    {
        const int lowComplexity = 2, index48000 = 3;
        var config = lowComplexity << 11 | index48000 << 7 | channels << 3;
        return new TrackFormat(Codec.Aac, Rate, channels) { DecoderConfig = ImmutableArray.Create((byte)(config >> 8), (byte)config) };
    }
}
