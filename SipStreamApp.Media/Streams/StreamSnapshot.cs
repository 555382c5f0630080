using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Streams;

/// <summary>Figures of one track of a stream at one moment.</summary>
/// <param name="Format">What it carries.</param>
/// <param name="Frames">Frames published so far.</param>
/// <param name="Keyframes">Of these, frames that decoding can start at.</param>
/// <param name="Bytes">Payload bytes published so far.</param>
/// <param name="BitrateKbps">Payload rate over the last second, kbit/s.</param>
/// <param name="FramesPerSecond">Frames in the last second.</param>
/// <param name="SinceLastFrame">Time since the last frame; null before the first.</param>
/// <param name="SinceLastKeyframe">Time since the last keyframe; null before the first.</param>
public sealed record TrackSnapshot(
    TrackFormat Format, long Frames, long Keyframes, long Bytes, int BitrateKbps, double FramesPerSecond,
    TimeSpan? SinceLastFrame, TimeSpan? SinceLastKeyframe);

/// <summary>Who reads a stream.</summary>
/// <param name="Kind">Sort of output: "webrtc", "hls", "mse", "recording", "push".</param>
/// <param name="Dropped">Frames it lost by being too slow.</param>
public sealed record ReaderSnapshot(string Kind, long Dropped);

/// <summary>A stream at one moment. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CallId">The call that feeds it, or null.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="CreatedAt">When the name was taken (UTC).</param>
/// <param name="Audio">The sound track, or null where there is none.</param>
/// <param name="Video">The picture track, or null where there is none.</param>
/// <param name="AvOffset">How much later picture arrives than the sound it belongs to, by RTCP sender reports; null until measured.</param>
/// <param name="Viewers">Browsers that watch by WebRTC.</param>
/// <param name="Readers">All outputs that read.</param>
public sealed record StreamSnapshot(
    StreamName Name, CallId? CallId, StreamState State, DateTimeOffset CreatedAt, TrackSnapshot? Audio, TrackSnapshot? Video,
    TimeSpan? AvOffset, int Viewers, IReadOnlyList<ReaderSnapshot> Readers)
{
    /// <summary>Why it ended; null while it lasts.</summary>
    public StreamEndReason? EndReason { get; init; }

    /// <summary>Players by HLS that asked for a playlist a short while ago.</summary>
    public int HlsViewers { get; init; }

    /// <summary>Players by MSE, of this server's player and of the Web SDK.</summary>
    public int MseViewers => Readers.Count(r => r.Kind is "mse" or "sdk-mse");

    /// <summary>All who watch, whatever the way.</summary>
    public int Watching => Viewers + MseViewers + HlsViewers;
}
