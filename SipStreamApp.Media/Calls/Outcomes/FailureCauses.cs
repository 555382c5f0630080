using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Outcomes;

/// <summary>From the machines' failures to causes in plain words.</summary>
internal static class FailureCauses
{
    /// <summary>Why a call or a registration came to nothing.</summary>
    /// <param name="failure">What the user agent says.</param>
    /// <param name="where">The server that was asked, for the text.</param>
    public static CallEnd Of(SipFailure failure, string where) => failure.Kind switch
    {
        SipFailureKind.Timeout => CallCauses.NoReply(where),
        SipFailureKind.TransportError => CallCauses.Unreachable(where, failure.Phrase.Length > 0 ? failure.Phrase : "transport error"),
        SipFailureKind.ResolveFailed => CallCauses.NameNotFound(where, "no address found"),
        SipFailureKind.Cancelled => CallCauses.CancelledHere,
        SipFailureKind.AuthenticationFailed when failure.Status == 0 => SipStatusCauses.Of(401, "Unauthorized", failure.Reason),
        _ when failure.Status >= 300 => Patient(SipStatusCauses.Of(failure.Status, failure.Phrase, Detail(failure)), failure.RetryAfter),
        _ => new CallEnd("protocol-error", true, Blame.Peer, "The other side broke the SIP protocol", "The log has the details.", null, failure.Kind.ToString()),
    };

    /// <summary>Why a session description does not serve.</summary>
    public static CallEnd Of(SdpProblem problem) => problem.Status is SdpStatus.NoCommonCodec or SdpStatus.NoMedia or SdpStatus.UnsupportedTransport
        ? CallCauses.NoCommonCodec(problem.ToString())
        : CallCauses.BadSdp(problem.ToString());

    /// <summary>How a call that was up came to its end.</summary>
    public static CallEnd Of(SipCallEnded ended) => ended.By switch
    {
        SipCallEnd.Peer when Q850Cause.Find(ended.Reason) is { IsNormal: false } cause => CallCauses.HungUpThereFor(cause.Words) with { Raw = ended.Reason },
        SipCallEnd.Peer => CallCauses.HungUpThere with { Raw = ended.Reason },
        SipCallEnd.Local => CallCauses.HungUpHere,
        _ => new CallEnd("peer-gone", true, Blame.Peer, "The other side no longer knows the call", "It was restarted, or lost the connection.", null, ended.By.ToString()),
    };

    // RFC 3261 section 20.33: how long the server wants to be left alone.
    private static CallEnd Patient(CallEnd end, TimeSpan? wait) => wait is { TotalSeconds: > 0 and var seconds } ? end with { Advice = $"The server asks to wait {seconds:F0} seconds. " + end.Advice } : end;

    private static string? Detail(SipFailure failure)
    {
        string?[] parts = [failure.Reason, failure.Warning, failure.Contacts.Count > 0 ? "Contact: " + string.Join(", ", failure.Contacts) : null];
        var text = string.Join("; ", parts.Where(p => !string.IsNullOrEmpty(p)));
        return text.Length > 0 ? text : null;
    }
}
