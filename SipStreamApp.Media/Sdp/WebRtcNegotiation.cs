using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>One m= line that carries media.</summary>
internal sealed record WebRtcMedia
{
    public required int Index { get; init; }

    public required MediaKind Kind { get; init; }

    /// <summary>a=mid; empty where the browser wrote none.</summary>
    public required string Mid { get; init; }

    /// <summary>The browser's number for <see cref="Format"/>, valid both ways.</summary>
    public required PayloadType PayloadType { get; init; }

    /// <summary>The entry of <see cref="WebRtcTrack.Formats"/> that was chosen.</summary>
    public required TrackFormat Format { get; init; }

    /// <summary>H.264: how it must be packetised (RFC 6184); 0 means single NAL units only.</summary>
    public int PacketizationMode { get; init; }

    /// <summary>profile-level-id of the payload type taken; differs from the track's where the browser lists no such profile.</summary>
    public string? SignalledProfileLevelId { get; init; }

    /// <summary>rtx type for this payload type where the browser offers one.</summary>
    public PayloadType? RtxPayloadType { get; init; }

    /// <summary>True where the rtx type is in our answer too.</summary>
    public bool RtxTaken { get; init; }

    /// <summary>Seen from us.</summary>
    public SdpDirection Direction { get; init; }

    /// <summary>Header extension ids by URI, of those asked for.</summary>
    public ImmutableDictionary<string, int> Extensions { get; init; } = ImmutableDictionary<string, int>.Empty;

    public bool FeedbackNack { get; init; }

    public bool FeedbackPli { get; init; }

    public bool FeedbackFir { get; init; }

    /// <summary>Feedback by packet arrival (transport-cc) is agreed, and the extension that numbers the packets with it.</summary>
    public bool FeedbackTransportWide { get; init; }

    /// <summary>RTCP feedback may go out alone, without a report (RFC 5506).</summary>
    public bool ReducedSize { get; init; }

    /// <summary>SSRCs the browser announced (it sends to us).</summary>
    public ImmutableArray<Ssrc> RemoteSsrcs { get; init; } = [];
}

/// <summary>Outcome of answering a browser's offer, or of reading its answer to ours.</summary>
internal sealed record WebRtcNegotiation(SdpProblem Problem)
{
    public bool IsOk => Problem.IsOk;

    /// <summary>The answer; null unless ok, and where the answer is the browser's.</summary>
    public string? AnswerSdp { get; init; }

    public ImmutableArray<WebRtcMedia> Media { get; init; } = [];

    /// <summary>Why each m= line of the offer is or is not in use, in its order.</summary>
    public ImmutableArray<MediaRefusal> Refusals { get; init; } = [];

    /// <summary>The browser's ICE and DTLS parameters, with the candidates of all bundled lines.</summary>
    public SdpTransport Remote { get; init; } = new();

    public WebRtcMedia? this[MediaKind kind]
    {
        get
        {
            foreach (var m in Media) if (m.Kind == kind) return m;
            return null;
        }
    }
}
