using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.Hosting;

// Who watches by WebRTC.
public sealed partial class MediaEngine
{
    /// <summary>The browsers that watch a stream by WebRTC, those that came first first. <see cref="StopWatching"/> ends one of them.</summary>
    public IReadOnlyList<ViewerSnapshot> ViewersOf(StreamName name) =>
        [.. _viewers.Viewers.Where(v => v.Stream == name && v.State != ViewerState.Closed).OrderBy(v => v.Since)];
}
