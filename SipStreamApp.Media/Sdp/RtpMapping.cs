// RFC 8866 sections 6.6 and 6.15, RFC 4585 section 4.2: what one payload type of an m= line stands for.
using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>One payload type with its rtpmap, fmtp and rtcp-fb lines.</summary>
internal sealed record RtpMapping(PayloadType PayloadType, string Name, int ClockRate, int Channels)
{
    /// <summary>All fmtp parameters of this type, joined by ';'; empty where none.</summary>
    public string Fmtp { get; init; } = "";

    /// <summary>rtcp-fb values that hold for this type (its own and those of '*').</summary>
    public ImmutableArray<string> Feedback { get; init; } = [];

    /// <summary>The codec, or null for what the engine does not carry (telephone-event, rtx, AV1, ...).</summary>
    public Codec? Codec => (Name.ToUpperInvariant(), ClockRate, Channels) switch
    {
        ("PCMU", 8000, 1) => Primitives.Codec.Pcmu,
        ("PCMA", 8000, 1) => Primitives.Codec.Pcma,
        // RFC 3551 section 4.5.2 fixes the clock at 8000 although the sound has 16 kHz; some write the truth instead of the rule.
        ("G722", 8000 or 16000, 1) => Primitives.Codec.G722,
        // RFC 7587 section 7 fixes 48000/2; phones that leave out the "/2" mean the same.
        ("OPUS", 48000, 1 or 2) => Primitives.Codec.Opus,
        ("H264", 90000, _) => Primitives.Codec.H264,
        ("VP8", 90000, _) => Primitives.Codec.Vp8,
        _ => null,
    };

    public bool IsTelephoneEvent => Name.Equals("telephone-event", StringComparison.OrdinalIgnoreCase);

    /// <summary>For an rtx type (RFC 4588) the type it repeats, otherwise null.</summary>
    public PayloadType? RtxFor =>
        Name.Equals("rtx", StringComparison.OrdinalIgnoreCase) && SdpText.Int(SdpFmtp.Find(Fmtp, "apt"), 0, 127, out var apt)
            ? new PayloadType((byte)apt)
            : null;

    /// <summary>H.264 packetization-mode (RFC 6184 section 8.1); 0 where not said.</summary>
    public int PacketizationMode => SdpText.Int(SdpFmtp.Find(Fmtp, "packetization-mode"), 0, 2, out var mode) ? mode : 0;

    public bool HasFeedback(string value)
    {
        foreach (var f in Feedback) if (f.Equals(value, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>What it is to the engine; null where <see cref="Codec"/> is.</summary>
    public TrackFormat? ToTrackFormat() => Codec switch
    {
        null => null,
        Primitives.Codec.H264 => SdpFmtp.ReadH264(Fmtp),
        { } codec => TrackFormat.Default(codec),
    };
}
