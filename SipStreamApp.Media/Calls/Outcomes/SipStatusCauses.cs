// RFC 3261 section 21 (response codes), RFC 3326 (Reason header), ITU-T Q.850 (cause values).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Outcomes;

/// <summary>What a final SIP status means to a person.</summary>
internal static class SipStatusCauses
{
    /// <summary>The cause of a call or registration that was refused.</summary>
    /// <param name="status">Final status, 300-699.</param>
    /// <param name="reason">Reason phrase of the status line.</param>
    /// <param name="detail">Reason or Warning header, or null.</param>
    public static CallEnd Of(int status, string reason, string? detail = null)
    {
        // Some statuses only say that it failed, while the network behind a gateway said why.
        var telling = status is 480 or 500 || Row(status).Code == "refused" ? Q850Cause.Find(detail)?.Status : null;
        var (code, blame, title, advice) = Row(telling ?? status);
        var raw = detail is null ? $"{status} {reason}" : $"{status} {reason} ({detail})";
        return new CallEnd(code, true, blame, title, advice, status, raw);
    }

    private static (string Code, Blame Blame, string Title, string Advice) Row(int status) => status switch
    {
        401 or 407 => ("wrong-password", Blame.Caller, "Login or password refused", "Check the password, and the authentication name: it may differ from the login."),
        403 => ("forbidden", Blame.Peer, "The server forbids this", "The account may not call this number, is not registered, or this address is not allowed."),
        404 or 604 => ("no-such-number", Blame.Caller, "The number does not exist", "Check the callee and the domain."),
        405 or 501 => ("not-supported", Blame.Peer, "The server does not support this request", "Its answer names what it does support (header Allow): see the SIP messages."),
        408 => ("not-reachable", Blame.Network, "The other side could not be reached", "The phone may be offline, or a server on the way did not answer in time."),
        410 or (>= 300 and < 400) => ("moved", Blame.Caller, "The number has moved", "Call the new address given below."),
        413 or 414 or 513 => ("too-large", Blame.Peer, "The request was too large for the server", "Offer fewer codecs, or use TCP."),
        415 or 488 or 606 => ("no-common-codec", Blame.Peer, "No common sound or picture format", "Try sound only, or turn on more codecs at the other side."),
        420 or 421 => ("extension-required", Blame.Peer, "A SIP extension is missing on one side", "The answer names it (header Unsupported or Require): switch it off, or on, at the server."),
        423 => ("interval-too-short", Blame.Caller, "The registration interval is too short for the server", "Raise Sip:RegistrationExpirySeconds."),
        480 => ("not-available", Blame.Peer, "The callee is not available now", "Not registered, or do not disturb is on."),
        481 => ("gone", Blame.Peer, "The call no longer exists at the other side", "It ended there, or a server on the way was restarted. Call again."),
        482 or 483 => ("loop", Blame.Peer, "The call went round in circles between servers", "Check the routing of the number."),
        484 => ("incomplete-number", Blame.Caller, "The number is incomplete", "Check the callee."),
        486 or 600 => ("busy", Blame.Peer, "Busy", "Call again in a minute."),
        487 => ("cancelled", Blame.Peer, "Cancelled before it was answered", "A server on the way gave up ringing. Call again."),
        491 => ("both-changed", Blame.Peer, "Both sides changed the call at once", "Call again."),
        500 => ("server-error", Blame.Peer, "The other server failed", "Try later; give its operator the Call-ID."),
        502 or 504 => ("upstream-failed", Blame.Peer, "A server behind the SIP server failed", "Try later; give its operator the Call-ID."),
        503 => ("overloaded", Blame.Peer, "The SIP server is overloaded or down", "Try again later."),
        603 or 607 or 608 => ("declined", Blame.Peer, "Declined", "The callee, or the network for it, refused the call."),
        >= 400 and < 500 => ("refused", Blame.Peer, "The request was refused", "The raw answer is below."),
        >= 500 and < 600 => ("server-error", Blame.Peer, "The other server failed", "Try later."),
        _ => ("refused", Blame.Peer, "The call was refused everywhere", "The raw answer is below."),
    };
}
