// RFC 6716 section 3.1: the TOC byte, and 3.2 for the number of frames.
//
//   0 1 2 3 4 5 6 7
//  +-+-+-+-+-+-+-+-+
//  | config  |s| c |
//  +-+-+-+-+-+-+-+-+
namespace SipStreamApp.Media.Codecs;

/// <summary>Reads the outside of Opus packets.</summary>
internal static class OpusPacket
{
    /// <summary>The longest packet: 120 ms.</summary>
    public const int MaxSamples = 5760;

    /// <summary>Samples at 48 kHz in a packet; 0 where it is malformed.</summary>
    public static int Samples(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty) return 0;
        var frames = (packet[0] & 3) switch
        {
            0 => 1,
            1 or 2 => 2,
            _ => packet.Length < 2 ? 0 : packet[1] & 0x3F,
        };
        var samples = frames * FrameSamples(packet[0]);
        return samples <= MaxSamples ? samples : 0;
    }

    /// <summary>Samples at 48 kHz in one frame of the packet with this TOC byte (table 2).</summary>
    public static int FrameSamples(byte toc) => (toc >> 3) switch
    {
        < 12 and var config => (config & 3) switch { 0 => 480, 1 => 960, 2 => 1920, _ => 2880 },
        < 16 and var config => (config & 1) == 0 ? 480 : 960,
        var config => 120 << (config & 3),
    };

    /// <summary>True for a packet with two channels.</summary>
    public static bool IsStereo(byte toc) => (toc & 4) != 0;
}
