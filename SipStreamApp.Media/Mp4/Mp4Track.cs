using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>A track of a file or a live presentation.</summary>
/// <param name="Id">track_ID, from 1; unique in the presentation.</param>
/// <param name="Format">What it carries. H.264 needs its parameter sets before an init segment can be written.</param>
internal sealed record Mp4Track(int Id, TrackFormat Format)
{
    /// <summary>Ticks per second of the track: 90000 for picture, the sampling rate for sound.</summary>
    public int Timescale => Format.Codec switch
    {
        Codec.H264 or Codec.Vp8 => 90000,
        Codec.Opus => 48000,
        // The RTP clock of G.722 is half its sampling rate by an old mistake (RFC 3551 section 4.5.2).
        Codec.G722 => 16000,
        Codec.Aac => Format.ClockRate,
        _ => 8000,
    };

    /// <summary>True for picture.</summary>
    public bool IsVideo => Format.Kind == MediaKind.Video;

    /// <summary>True where everything is known that the sample entry says.</summary>
    public bool IsDescribed => Format.Codec switch
    {
        Codec.H264 => Codecs.AvcConfiguration.Length(Format) > 0 && Format.Width is > 0 and <= 0xFFFF && Format.Height is > 0 and <= 0xFFFF,
        Codec.Vp8 => Format.Width is > 0 and <= 0xFFFF && Format.Height is > 0 and <= 0xFFFF,
        Codec.Aac => Format.ClockRate is > 0 and <= 0xFFFF && !AacConfig.For(Format).IsEmpty,
        _ => true,
    };

    /// <summary>True where both formats have the same sample entry, so that no new init segment is needed.</summary>
    public static bool SameEntry(TrackFormat a, TrackFormat b) =>
        ReferenceEquals(a, b)
        || (a.Codec == b.Codec && a.ClockRate == b.ClockRate && a.Channels == b.Channels && a.Width == b.Width && a.Height == b.Height
            && a.Sps.AsSpan().SequenceEqual(b.Sps.AsSpan()) && a.Pps.AsSpan().SequenceEqual(b.Pps.AsSpan())
            && a.DecoderConfig.AsSpan().SequenceEqual(b.DecoderConfig.AsSpan()));
}
