// ISO/IEC 14496-3 section 1.6.2.1: AudioSpecificConfig. object type 5 bits | sampling index 4 | channels 4 | 3 zero bits.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>The decoder configuration of an AAC track.</summary>
internal static class AacConfig
{
    private static ReadOnlySpan<int> Rates => [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    // A length above 127 would need the long form of the descriptor size; a real one has 2 to 30 bytes.
    private const int MaxLength = 64;

    /// <summary>The configuration that came with the format, or plain AAC-LC; empty where neither can be said.</summary>
    public static ReadOnlySpan<byte> For(TrackFormat format)
    {
        if (format.DecoderConfig is { IsDefaultOrEmpty: false } given) return given.Length is >= 2 and <= MaxLength ? given.AsSpan() : default;
        var index = Rates.IndexOf(format.ClockRate);
        return index < 0 || format.Channels is < 1 or > 7 ? default : new byte[] { (byte)(2 << 3 | index >> 1), (byte)((index & 1) << 7 | format.Channels << 3) };
    }

    /// <summary>Audio object type: 2 for AAC-LC.</summary>
    public static int ObjectType(TrackFormat format) => For(format) is { IsEmpty: false } config ? config[0] >> 3 : 2;
}
