using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.Hosting;

// Who watches by WebRTC.
public sealed partial class MediaEngine
{
    /// <summary>What a viewer is told whom an operator sent away.</summary>
    public static Failure ViewerRemoved { get; } = new("viewer-removed", Blame.Caller, "You were removed from this stream", "An operator ended your session. Ask for access, or come back in a minute.");

    /// <summary>The browsers that watch a stream by WebRTC, those that came first first. <see cref="StopWatching"/> ends one of them.</summary>
    public IReadOnlyList<ViewerSnapshot> ViewersOf(StreamName name) =>
        [.. _viewers.Viewers.Where(v => v.Stream == name && v.State != ViewerState.Closed).OrderBy(v => v.Since)];
}
