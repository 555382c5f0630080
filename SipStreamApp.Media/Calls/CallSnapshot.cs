using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Media.Calls;

/// <summary>Where a call is in its life; the names are those of the WCS contract.</summary>
public enum CallStatus
{
    /// <summary>Accepted, nothing sent yet.</summary>
    New,

    /// <summary>Resolving, registering or sending the INVITE.</summary>
    Pending,

    /// <summary>100 received.</summary>
    Trying,

    /// <summary>180: the callee is alerted.</summary>
    Ring,

    /// <summary>Ringing with early media.</summary>
    RingMedia,

    /// <summary>183.</summary>
    SessionProgress,

    /// <summary>Answered.</summary>
    Established,

    /// <summary>Put on hold by either side.</summary>
    Hold,

    /// <summary>Ended: busy (486, 600).</summary>
    Busy,

    /// <summary>Ended in the normal way.</summary>
    Finish,

    /// <summary>Ended by a failure.</summary>
    Failed,
}

/// <summary>Why a call ended, in plain words with the raw SIP line.</summary>
/// <param name="Code">Stable word ("busy", "no-answer", "wrong-password", "hung-up-here", "hung-up-there", "no-media", ...).</param>
/// <param name="IsFailure">False for a normal end by either side.</param>
/// <param name="Blame">On whose side the reason lies; null for a normal end.</param>
/// <param name="Title">What happened, one short sentence.</param>
/// <param name="Advice">What to do about it; empty where nothing helps.</param>
/// <param name="SipStatus">Final SIP status where one was received.</param>
/// <param name="Raw">The raw reason: status line, Reason header or local error.</param>
public sealed record CallEnd(string Code, bool IsFailure, Blame? Blame, string Title, string Advice, int? SipStatus, string? Raw);

/// <summary>One step of setting a call up, with the time it took.</summary>
/// <param name="Name">"resolve", "register", "invite", "ring", "media".</param>
/// <param name="Started">Since the call was asked for.</param>
/// <param name="Took">How long it took; null while it lasts.</param>
public sealed record CallStep(string Name, TimeSpan Started, TimeSpan? Took);

/// <summary>RTP figures of one medium of a call.</summary>
/// <param name="Kind">Sound or picture.</param>
/// <param name="Format">What is received; null before the answer.</param>
/// <param name="LocalPort">Our RTP port.</param>
/// <param name="RemoteAddress">Where the peer sends from, or is told to receive.</param>
/// <param name="PacketsReceived">RTP packets in.</param>
/// <param name="PacketsLost">Of those expected, never arrived in time.</param>
/// <param name="LossPercent">Lost of expected over the whole call, 0-100.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 section 6.4.1), ms.</param>
/// <param name="RoundTripMs">By RTCP, ms; null until measured.</param>
/// <param name="PacketsSent">RTP packets out.</param>
/// <param name="BytesReceived">RTP payload bytes in.</param>
/// <param name="IncompleteFrames">Pictures dropped because a packet of them was missing.</param>
/// <param name="KeyframeRequests">Requests for a keyframe that were sent.</param>
/// <param name="SinceLastPacket">Time since the last RTP packet; null before the first.</param>
public sealed record CallMediaSnapshot(
    MediaKind Kind, TrackFormat? Format, int LocalPort, string? RemoteAddress, long PacketsReceived, long PacketsLost, double LossPercent,
    double JitterMs, double? RoundTripMs, long PacketsSent, long BytesReceived, long IncompleteFrames, long KeyframeRequests,
    TimeSpan? SinceLastPacket);

/// <summary>A call at one moment. Immutable; holds no secret.</summary>
public sealed record CallSnapshot
{
    /// <summary>Its id.</summary>
    public required CallId Id { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required CallStatus Status { get; init; }

    /// <summary>Last SIP status received; null before the first.</summary>
    public int? SipStatus { get; init; }

    /// <summary>The stream its media becomes.</summary>
    public required StreamName StreamName { get; init; }

    /// <summary>User part of the calling side.</summary>
    public required string Caller { get; init; }

    /// <summary>The called side as it was given.</summary>
    public required string Callee { get; init; }

    /// <summary>Domain of the identity that calls.</summary>
    public required string Domain { get; init; }

    /// <summary>Display name of the caller, or null.</summary>
    public string? VisibleName { get; init; }

    /// <summary>Application the call belongs to.</summary>
    public required string AppKey { get; init; }

    /// <summary>True where the other side called us.</summary>
    public bool Incoming { get; init; }

    /// <summary>Of an incoming call: sound codecs the caller offered that are known here, in its order.</summary>
    public IReadOnlyList<Codec> OfferedAudio { get; init; } = [];

    /// <summary>Of an incoming call: picture codecs the caller offered that are known here, in its order.</summary>
    public IReadOnlyList<Codec> OfferedVideo { get; init; } = [];

    /// <summary>Sound was asked for.</summary>
    public bool HasAudio { get; init; }

    /// <summary>Picture was asked for.</summary>
    public bool HasVideo { get; init; }

    /// <summary>RTMP address asked for at the start, or null.</summary>
    public string? RtmpUrl { get; init; }

    /// <summary>RTMP stream name asked for at the start, or null.</summary>
    public string? RtmpStream { get; init; }

    /// <summary>When the call was asked for (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was answered (UTC); null before.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When it ended (UTC); null while it lasts.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended; null while it lasts.</summary>
    public CallEnd? End { get; init; }

    /// <summary>One line for people about where it stands ("Ringing", "Answered, waiting for the first packet").</summary>
    public string Detail { get; init; } = "";

    /// <summary>The steps of setting it up.</summary>
    public IReadOnlyList<CallStep> Steps { get; init; } = [];

    /// <summary>RTP figures; empty before the offer.</summary>
    public IReadOnlyList<CallMediaSnapshot> Media { get; init; } = [];

    /// <summary>How it is doing; null before the answer and after the end.</summary>
    public CallHealth? Health { get; init; }

    /// <summary>True once it has ended, in whatever way.</summary>
    public bool IsEnded => Status is CallStatus.Busy or CallStatus.Finish or CallStatus.Failed;
}
