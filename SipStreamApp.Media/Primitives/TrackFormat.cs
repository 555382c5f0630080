using System.Collections.Immutable;

namespace SipStreamApp.Media.Primitives;

/// <summary>Sound or picture.</summary>
public enum MediaKind
{
    /// <summary>Sound.</summary>
    Audio,

    /// <summary>Picture.</summary>
    Video,
}

/// <summary>A codec the engine can carry.</summary>
public enum Codec
{
    /// <summary>G.711 mu-law, 8 kHz (RFC 3551).</summary>
    Pcmu,

    /// <summary>G.711 A-law, 8 kHz (RFC 3551).</summary>
    Pcma,

    /// <summary>G.722 wideband; 16 kHz sound on an 8 kHz RTP clock (RFC 3551 section 4.5.2).</summary>
    G722,

    /// <summary>Opus, RTP clock 48 kHz (RFC 7587).</summary>
    Opus,

    /// <summary>AAC-LC; only as a derived track, never on the SIP side.</summary>
    Aac,

    /// <summary>H.264 (RFC 6184).</summary>
    H264,

    /// <summary>VP8 (RFC 7741).</summary>
    Vp8,
}

/// <summary>What a track carries. Immutable: a change in the middle of a call makes a new object.</summary>
/// <param name="Codec">The codec.</param>
/// <param name="ClockRate">RTP clock in Hz (8000 for G.722, 48000 for Opus, 90000 for video).</param>
/// <param name="Channels">Sound channels as signalled in SDP (2 for Opus, 1 otherwise); 0 for video.</param>
public sealed record TrackFormat(Codec Codec, int ClockRate, int Channels)
{
    /// <summary>Sound or picture.</summary>
    public MediaKind Kind => Codec is Codec.H264 or Codec.Vp8 ? MediaKind.Video : MediaKind.Audio;

    /// <summary>H.264 profile_idc, profile-iop and level_idc as six hex digits, or null where not known.</summary>
    public string? ProfileLevelId { get; init; }

    /// <summary>H.264 sequence parameter set NAL unit without start code; empty until one was seen.</summary>
    public ImmutableArray<byte> Sps { get; init; } = [];

    /// <summary>H.264 picture parameter set NAL unit without start code; empty until one was seen.</summary>
    public ImmutableArray<byte> Pps { get; init; } = [];

    /// <summary>Picture width in pixels; 0 until known.</summary>
    public int Width { get; init; }

    /// <summary>Picture height in pixels; 0 until known.</summary>
    public int Height { get; init; }

    /// <summary>AAC AudioSpecificConfig (ISO 14496-3); empty for other codecs.</summary>
    public ImmutableArray<byte> DecoderConfig { get; init; } = [];

    /// <summary>The encoding name as SDP writes it (RFC 3551, 6184, 7587, 7741).</summary>
    public string EncodingName => Codec switch
    {
        Codec.Pcmu => "PCMU",
        Codec.Pcma => "PCMA",
        Codec.G722 => "G722",
        Codec.Opus => "opus",
        Codec.Aac => "mpeg4-generic",
        Codec.H264 => "H264",
        Codec.Vp8 => "VP8",
        _ => Codec.ToString(),
    };

    /// <summary>The usual format of a codec, before anything was negotiated or seen.</summary>
    public static TrackFormat Default(Codec codec) => codec switch
    {
        Codec.Opus => new(codec, 48000, 2),
        Codec.Aac => new(codec, 48000, 1),
        Codec.H264 or Codec.Vp8 => new(codec, 90000, 0),
        _ => new(codec, 8000, 1),
    };
}
