using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>Hears from an <see cref="RtpLeg"/>. Every member is called on the rtp loop.</summary>
internal interface IRtpLegOwner
{
    /// <summary>A packet in order. Its payload is valid until the call returns.</summary>
    void OnPacket(RtpLeg leg, in ReceivedPacket packet, Instant now);

    /// <summary>A sender report that can be placed on the leg's media clock.</summary>
    void OnSenderReport(RtpLeg leg, in ReceivedSenderReport report);

    /// <summary>The peer asked for a keyframe of ours (PLI or FIR).</summary>
    void OnKeyframeAsked(RtpLeg leg, Instant now);
}
