using System.Collections.Immutable;
using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>Why an m= line is not in use.</summary>
internal enum MediaRefusal
{
    None,

    /// <summary>The peer wrote port 0.</summary>
    ByPeer,

    /// <summary>The peer's answer has no line at this place, or one of another kind.</summary>
    MissingInAnswer,

    NoCommonCodec,

    /// <summary>A profile or keying we do not do on this side.</summary>
    UnsupportedTransport,

    /// <summary>Not sound or picture, or a kind we have no port for.</summary>
    NotWanted,

    /// <summary>A second line of a kind we already took.</summary>
    Duplicate,
}

/// <summary>A payload type with what it carries.</summary>
/// <param name="PayloadType">The number.</param>
/// <param name="Format">The codec; for H.264 with profile and parameter sets as far as the peer's fmtp told them.</param>
/// <param name="PacketizationMode">H.264 only (RFC 6184); 0 otherwise.</param>
internal sealed record PayloadMapping(PayloadType PayloadType, TrackFormat Format, int PacketizationMode = 0);

/// <summary>A telephone-event payload type (RFC 4733).</summary>
internal readonly record struct TelephoneEventMapping(PayloadType PayloadType, int ClockRate);

/// <summary>What offer and answer came to for one m= line.</summary>
internal sealed record NegotiatedMedia
{
    /// <summary>Place of the line, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Null for what is neither sound nor picture.</summary>
    public MediaKind? Kind { get; init; }

    public MediaRefusal Refusal { get; init; }

    public bool Accepted => Refusal == MediaRefusal.None;

    public string Protocol { get; init; } = SdpProtocol.Avp;

    /// <summary>Where to send RTP; null on hold by 0.0.0.0, and where <see cref="RemoteHost"/> is a name.</summary>
    public IPEndPoint? RemoteRtp { get; init; }

    /// <summary>Where to send RTCP; equals <see cref="RemoteRtp"/> when multiplexed.</summary>
    public IPEndPoint? RemoteRtcp { get; init; }

    /// <summary>The host of c= where it is a name the caller must look up.</summary>
    public string? RemoteHost { get; init; }

    /// <summary>The m= port, for use with <see cref="RemoteHost"/>.</summary>
    public int RemotePort { get; init; }

    public bool RtcpMux { get; init; }

    /// <summary>Every payload type that may arrive.</summary>
    public ImmutableArray<PayloadMapping> Receive { get; init; } = [];

    /// <summary>What to send with, in the peer's numbers.</summary>
    public PayloadMapping? Send { get; init; }

    /// <summary>DTMF event types that may arrive.</summary>
    public ImmutableArray<TelephoneEventMapping> TelephoneEvents { get; init; } = [];

    /// <summary>DTMF event type to send with, of the same clock as <see cref="Send"/>.</summary>
    public PayloadType? TelephoneEventSend { get; init; }

    /// <summary>Clock of <see cref="TelephoneEventSend"/> in Hz; 0 where there is none.</summary>
    public int TelephoneEventRate { get; init; }

    /// <summary>The direction in effect, seen from us.</summary>
    public SdpDirection Direction { get; init; }

    /// <summary>The peer does not want to hear us: sendonly, inactive or c=0.0.0.0.</summary>
    public bool RemoteHold { get; init; }

    /// <summary>The peer said that it takes PLI. Many take it without saying so.</summary>
    public bool FeedbackPli { get; init; }

    public bool FeedbackFir { get; init; }

    /// <summary>The peer said that it takes generic NACK.</summary>
    public bool FeedbackNack { get; init; }

    /// <summary>The peer's a=ptime in milliseconds; 0 where not said.</summary>
    public int PacketTimeMs { get; init; }

    public int MaxPacketTimeMs { get; init; }

    /// <summary>The peer's receive limit in kilobits per second; 0 where not said.</summary>
    public int RemoteKbps { get; init; }

    /// <summary>SSRCs the peer announced (a=ssrc).</summary>
    public ImmutableArray<Ssrc> RemoteSsrcs { get; init; } = [];

    /// <summary>SRTP: our key line as written; null in the clear.</summary>
    public SdpCrypto? LocalCrypto { get; init; }

    /// <summary>SRTP: the peer's key line of the same suite.</summary>
    public SdpCrypto? RemoteCrypto { get; init; }
}

/// <summary>Outcome of one offer/answer exchange.</summary>
/// <param name="Problem">Ok, or why the call cannot stand on this (SIP: 488).</param>
/// <param name="LocalSdp">The answer to send; null when reading an answer and when the offer could not be read.</param>
/// <param name="Media">One entry for each m= line of the offer.</param>
internal sealed record SipNegotiation(SdpProblem Problem, string? LocalSdp, ImmutableArray<NegotiatedMedia> Media)
{
    public bool IsOk => Problem.IsOk;

    /// <summary>The accepted line of a kind, or null.</summary>
    public NegotiatedMedia? this[MediaKind kind]
    {
        get
        {
            foreach (var m in Media) if (m.Accepted && m.Kind == kind) return m;
            return null;
        }
    }

    internal static SipNegotiation Failed(SdpProblem problem) => new(problem, null, []);
}
