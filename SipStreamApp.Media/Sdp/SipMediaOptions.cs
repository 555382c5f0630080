using System.Collections.Immutable;
using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>Our end of one medium.</summary>
/// <param name="RtpPort">UDP port we receive RTP on.</param>
/// <param name="RtcpPort">UDP port we receive RTCP on while rtcp-mux is not agreed.</param>
/// <param name="Ssrc">What we send with.</param>
internal sealed record SipMediaPort(int RtpPort, int RtcpPort, Ssrc Ssrc)
{
    /// <summary>Our SDES keys, one for each suite we can do, best first (RFC 4568); empty: no SRTP. The tag is filled in when written.</summary>
    public ImmutableArray<SdpCrypto> Crypto { get; init; } = [];
}

/// <summary>What we have and want on the SIP side of a call.</summary>
internal sealed record SipMediaOptions
{
    /// <summary>The address written into o= and c=.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Sound; null: none offered, none taken.</summary>
    public SipMediaPort? Audio { get; init; }

    /// <summary>Picture; null: none offered, none taken.</summary>
    public SipMediaPort? Video { get; init; }

    /// <summary>Sound codecs, preferred first.</summary>
    public ImmutableArray<Codec> AudioCodecs { get; init; } = [Codec.Opus, Codec.Pcmu, Codec.Pcma, Codec.G722];

    /// <summary>Picture codecs, preferred first.</summary>
    public ImmutableArray<Codec> VideoCodecs { get; init; } = [Codec.H264, Codec.Vp8];

    /// <summary>Offer and take telephone-event (RFC 4733).</summary>
    public bool TelephoneEvents { get; init; } = true;

    /// <summary>Offer rtcp-mux beside the separate RTCP port (RFC 5761 section 5.1.1), and take it when offered.</summary>
    public bool RtcpMux { get; init; } = true;

    /// <summary>
    /// Answer with one codec per medium instead of all common ones: the peer then has nothing to switch to in mid-call,
    /// and the stream keeps its format.
    /// </summary>
    public bool AnswerWithOneCodec { get; init; } = true;

    /// <summary>
    /// rtcp-fb lines for video. Written in an RTP/AVP offer too: phones that know the profile only by name still take PLI,
    /// and others skip the lines.
    /// </summary>
    public ImmutableArray<string> VideoFeedback { get; init; } = ["nack pli", "ccm fir"];

    /// <summary>Constrained baseline 3.1: what every video phone has.</summary>
    public string H264ProfileLevelId { get; init; } = "42e01f";

    /// <summary>b=AS of video in kilobits per second; 0: not written.</summary>
    public int VideoKbps { get; init; } = 2048;

    /// <summary>a=ptime in milliseconds; 0: not written.</summary>
    public int PacketTimeMs { get; init; } = 20;

    /// <summary>Numeric o= session id.</summary>
    public ulong SessionId { get; init; } = 1;

    /// <summary>o= version of the first description.</summary>
    public ulong SessionVersion { get; init; } = 1;

    /// <summary>RTCP CNAME written behind the SSRC; empty: no a=ssrc lines.</summary>
    public string Cname { get; init; } = "";

    public SdpLimits Limits { get; init; } = SdpLimits.Default;

    internal SipMediaPort? PortOf(MediaKind? kind) => kind switch
    {
        MediaKind.Audio => Audio,
        MediaKind.Video => Video,
        _ => null,
    };

    internal ImmutableArray<Codec> CodecsOf(MediaKind? kind) => kind switch
    {
        MediaKind.Audio => AudioCodecs,
        MediaKind.Video => VideoCodecs,
        _ => [],
    };
}
