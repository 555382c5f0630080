using SipStreamApp.Media.WebRtc.Session;

namespace SipStreamApp.Media.Hosting;

/// <content>Who watches, and figures of the ports.</content>
public sealed partial class MediaEngine
{
    /// <summary>Browsers that watch by WebRTC, oldest first: by WHEP and by the Web SDK.</summary>
    public IReadOnlyList<ViewerSnapshot> WebRtcViewers => [.. _viewers.Viewers.OrderBy(v => v.Since)];

    /// <summary>Pairs of UDP ports (RTP and RTCP) of the range Media:RtpPorts that calls hold at the moment.</summary>
    public int RtpPortsInUse => _calls.RtpPortsInUse;
}
