// H.264 (ITU-T Rec. H.264) table 7-1 and RFC 6184 section 5.2.
//
//  +---------------+
//  |0|1|2|3|4|5|6|7|
//  +-+-+-+-+-+-+-+-+
//  |F|NRI|  Type   |
//  +---------------+
namespace SipStreamApp.Media.Codecs;

/// <summary>Kinds of NAL unit, and of RTP packet where RFC 6184 adds its own.</summary>
internal enum NalType : byte
{
    Unspecified = 0,
    Slice = 1,
    PartitionA = 2,
    PartitionB = 3,
    PartitionC = 4,
    Idr = 5,
    Sei = 6,
    Sps = 7,
    Pps = 8,
    AccessUnitDelimiter = 9,
    EndOfSequence = 10,
    EndOfStream = 11,
    Filler = 12,
    StapA = 24,
    StapB = 25,
    Mtap16 = 26,
    Mtap24 = 27,
    FuA = 28,
    FuB = 29,
}

internal static class Nal
{
    /// <summary>Bytes of the length in front of each NAL unit in a frame.</summary>
    public const int PrefixLength = 4;

    /// <summary>Type of the NAL unit that starts with this byte.</summary>
    public static NalType TypeOf(byte header) => (NalType)(header & 0x1F);

    /// <summary>True for coded picture data.</summary>
    public static bool IsSlice(NalType type) => type is >= NalType.Slice and <= NalType.Idr;

    /// <summary>Units that carry nothing a player needs; some players and MP4 files stumble over them.</summary>
    public static bool IsDispensable(NalType type) =>
        type is NalType.AccessUnitDelimiter or NalType.EndOfSequence or NalType.EndOfStream or NalType.Filler;
}
