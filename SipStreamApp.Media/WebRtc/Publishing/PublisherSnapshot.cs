using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Publishing;

/// <summary>Figures of one track that a browser sends, at one moment.</summary>
/// <param name="Format">What it carries, as last seen.</param>
/// <param name="PacketsReceived">RTP packets, retransmissions not counted.</param>
/// <param name="PacketsLost">Packets the line lost, whether they came again or not.</param>
/// <param name="Nacks">Packets we asked for again, one for each time.</param>
/// <param name="PacketsRepaired">Packets that came after they were asked for.</param>
/// <param name="FramesIncomplete">Frames that lacked a packet for good.</param>
/// <param name="KeyframesAsked">Keyframes we asked for (PLI).</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550), ms.</param>
public sealed record PublishedTrackSnapshot(
    TrackFormat Format, long PacketsReceived, long PacketsLost, long Nacks, long PacketsRepaired, long FramesIncomplete, long KeyframesAsked, double JitterMs);

/// <summary>A browser that publishes, at one moment.</summary>
/// <param name="SessionId">Names the session; whoever knows it can end it.</param>
/// <param name="Stream">The stream it feeds.</param>
/// <param name="RemoteAddress">Where it sends from ("192.0.2.7:50123"); empty before the first check.</param>
/// <param name="Since">When the session was made (UTC).</param>
/// <param name="Audio">Its sound; null where it sends none.</param>
/// <param name="Video">Its picture; null where it sends none.</param>
public sealed record PublisherSnapshot(
    string SessionId, StreamName Stream, string RemoteAddress, DateTimeOffset Since, PublishedTrackSnapshot? Audio, PublishedTrackSnapshot? Video);
