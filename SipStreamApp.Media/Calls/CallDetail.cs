using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls;

/// <summary>One line for people about where a call stands.</summary>
internal static class CallDetail
{
    private static readonly TimeSpan SilenceWorthSaying = TimeSpan.FromSeconds(2);

    public static string Of(CallSnapshot call, CallMedia? media, Instant answeredAt, Instant now) => call.Status switch
    {
        CallStatus.New => "Starting",
        CallStatus.Pending => "Reaching the SIP server",
        CallStatus.Trying => "The server is looking for the callee",
        CallStatus.Ring => "Ringing",
        CallStatus.RingMedia => "Ringing, with early media",
        CallStatus.SessionProgress => "Call progress, with early media",
        CallStatus.Hold => "On hold",
        CallStatus.Established when media is null || answeredAt == Instant.Never => "Answered",
        CallStatus.Established when media.LastPacketAt == Instant.Never => $"Answered {(now - answeredAt).TotalSeconds:F0} s ago, waiting for the first packet",
        CallStatus.Established when now - media.LastPacketAt > SilenceWorthSaying => $"No sound or picture for {(now - media.LastPacketAt).TotalSeconds:F0} s",
        CallStatus.Established => "Live",
        _ => call.End?.Title ?? "Ended",
    };
}
