using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>What we have for one kind of medium.</summary>
/// <param name="Formats">Formats, preferred first: for a player the one the stream has, for a publisher those we can take. Empty: none.</param>
/// <param name="Ssrc">What we send with.</param>
internal sealed record WebRtcTrack(ImmutableArray<TrackFormat> Formats, Ssrc Ssrc)
{
    /// <summary>SSRC for retransmissions (RFC 4588); set: rtx is taken where offered.</summary>
    public Ssrc? RtxSsrc { get; init; }
}

/// <summary>Our end of a WebRTC session: ICE-lite, DTLS server, one port, BUNDLE and rtcp-mux only.</summary>
internal sealed record WebRtcAnswerOptions
{
    public required string IceUfrag { get; init; }

    public required string IcePwd { get; init; }

    public required DtlsFingerprint Fingerprint { get; init; }

    /// <summary>Our host candidates, best first.</summary>
    public required ImmutableArray<IceCandidateLine> Candidates { get; init; }

    /// <summary>Sound; null: the stream has none.</summary>
    public WebRtcTrack? Audio { get; init; }

    /// <summary>Picture; null: the stream has none.</summary>
    public WebRtcTrack? Video { get; init; }

    /// <summary>SendOnly towards a player, RecvOnly towards a publisher, SendRecv towards a phone.</summary>
    public SdpDirection Direction { get; init; } = SdpDirection.SendOnly;

    /// <summary>MediaStream id, the same on both lines, so that the browser plays them as one stream and keeps them in sync.</summary>
    public string StreamId { get; init; } = "stream";

    public string Cname { get; init; } = "stream";

    public ulong SessionId { get; init; } = 1;

    public ulong SessionVersion { get; init; } = 1;

    /// <summary>Header extensions we take where offered, by URI.</summary>
    public ImmutableArray<string> ExtensionUris { get; init; } = [];

    /// <summary>rtcp-fb values we take where offered.</summary>
    public ImmutableArray<string> Feedback { get; init; } = ["nack", "nack pli", "ccm fir"];

    public SdpLimits Limits { get; init; } = SdpLimits.Default;

    internal WebRtcTrack? TrackOf(MediaKind? kind) => kind switch
    {
        MediaKind.Audio => Audio,
        MediaKind.Video => Video,
        _ => null,
    };
}
