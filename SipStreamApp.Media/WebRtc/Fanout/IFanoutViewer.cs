using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Media.WebRtc.Fanout;

/// <summary>One receiver of a fan-out: where to send, with which keys, and its tracks. Its members are read on the loop's thread.</summary>
internal interface IFanoutViewer
{
    PeerAddress Remote { get; }

    SrtpSender Srtp { get; }

    ViewerTrack? Audio { get; }

    ViewerTrack? Video { get; }

    /// <summary>A sender report for this track is due.</summary>
    void SendReport(ViewerTrack track, NtpTime ntp, uint rtpTimestamp, Instant now);
}
