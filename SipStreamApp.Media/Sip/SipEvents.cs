// What a user agent tells its host. Facts only; the host decides.
namespace SipStreamApp.Media.Sip;

/// <summary>Names one call inside one user agent.</summary>
internal readonly record struct SipCallHandle(long Value);

/// <summary>Names one registration inside one user agent.</summary>
internal readonly record struct SipRegistrationHandle(long Value);

/// <summary>Why a request failed, with everything the far end said about it.</summary>
/// <param name="Kind">Local or remote cause.</param>
/// <param name="Status">Status code of the response, 0 where none came.</param>
/// <param name="Phrase">Its reason phrase.</param>
internal sealed record SipFailure(SipFailureKind Kind, int Status = 0, string Phrase = "")
{
    /// <summary>Reason header (RFC 3326), or null.</summary>
    public string? Reason { get; init; }

    public string? Warning { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Contacts of a 3xx that was not followed.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    public static SipFailure From(SipMessage response, SipFailureKind kind) => new(kind, response.StatusCode, response.ReasonPhrase)
    {
        Reason = response.Text(SipHeader.Reason),
        Warning = response.Text(SipHeader.Warning),
        RetryAfter = response.Number(SipHeader.RetryAfter) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Contacts = response.StatusCode is >= 300 and < 400 ? [.. response.Addresses(SipHeader.Contact).Select(c => c.Uri.Text)] : [],
    };
}

/// <summary>Who or what ended a call that was up.</summary>
internal enum SipCallEnd
{
    /// <summary>The far end sent BYE.</summary>
    Peer,

    /// <summary>We hung up.</summary>
    Local,

    /// <summary>The far end no longer knows the call (481, 408), or did not answer a request in it.</summary>
    PeerGone,

    /// <summary>The session timer was not refreshed (RFC 4028).</summary>
    SessionExpired,

    /// <summary>No ACK came for our answer.</summary>
    NoAck,
}

internal abstract record SipEvent;

/// <summary>A name must be looked up (RFC 3263): answer with <see cref="SipUserAgent.Resolved"/>.</summary>
internal sealed record SipResolveNeeded(long Id, SipNextHop Hop) : SipEvent;

internal abstract record SipCallEvent(SipCallHandle Call) : SipEvent;

/// <summary>First 100 of an outgoing call.</summary>
internal sealed record SipCallTrying(SipCallHandle Call) : SipCallEvent(Call);

internal sealed record SipCallRinging(SipCallHandle Call, int Status, string Phrase) : SipCallEvent(Call);

/// <summary>18x with a session description. With forking several may come; the tag tells them apart.</summary>
internal sealed record SipCallEarlyMedia(SipCallHandle Call, int Status, ReadOnlyMemory<byte> Sdp, string RemoteTag) : SipCallEvent(Call);

/// <summary>The outgoing call was answered and acknowledged.</summary>
internal sealed record SipCallAnswered(SipCallHandle Call, ReadOnlyMemory<byte> Sdp, string RemoteTag, string? RemoteAgent) : SipCallEvent(Call);

/// <summary>The outgoing call came to nothing. Last event of the call.</summary>
internal sealed record SipCallFailed(SipCallHandle Call, SipFailure Failure) : SipCallEvent(Call);

/// <summary>A call that was up is over. Last event of the call.</summary>
internal sealed record SipCallEnded(SipCallHandle Call, SipCallEnd By, string? Reason) : SipCallEvent(Call);

/// <summary>Somebody calls: answer with Ring, Answer or Reject. An empty offer asks for ours in the answer.</summary>
internal sealed record SipCallIncoming(SipCallHandle Call, SipMessage Invite, ReadOnlyMemory<byte> Offer, SipEndpoint From) : SipCallEvent(Call);

/// <summary>The incoming call went away before it was answered. Last event of the call.</summary>
internal sealed record SipCallCancelled(SipCallHandle Call, string? Reason) : SipCallEvent(Call);

/// <summary>The ACK of an answered incoming call arrived.</summary>
internal sealed record SipCallConfirmed(SipCallHandle Call) : SipCallEvent(Call);

/// <summary>A new offer inside the call: Accept or RejectOffer. Empty where the far end asks for ours.</summary>
internal sealed record SipOfferReceived(SipCallHandle Call, ReadOnlyMemory<byte> Sdp, bool ByUpdate) : SipCallEvent(Call);

/// <summary>The far end cancelled the offer before it was answered: undo what was prepared for it.</summary>
internal sealed record SipOfferWithdrawn(SipCallHandle Call) : SipCallEvent(Call);

/// <summary>The answer to an offer of ours that went out in a 2xx (it came in the ACK).</summary>
internal sealed record SipAnswerReceived(SipCallHandle Call, ReadOnlyMemory<byte> Sdp) : SipCallEvent(Call);

/// <summary>Our re-INVITE or UPDATE was accepted.</summary>
internal sealed record SipOfferAnswered(SipCallHandle Call, ReadOnlyMemory<byte> Sdp) : SipCallEvent(Call);

/// <summary>Our re-INVITE or UPDATE was refused; the session stays as it was.</summary>
internal sealed record SipOfferRejected(SipCallHandle Call, SipFailure Failure) : SipCallEvent(Call);

internal sealed record SipInfoReceived(SipCallHandle Call, string ContentType, ReadOnlyMemory<byte> Body) : SipCallEvent(Call);

/// <summary>An INFO of ours with that kind of body was answered; 0 where no answer came.</summary>
internal sealed record SipInfoCompleted(SipCallHandle Call, int Status, string ContentType) : SipCallEvent(Call);

/// <summary>Our REFER was answered, with a final status; 0 where no answer came. After a 2xx <see cref="SipReferProgress"/> follows.</summary>
internal sealed record SipReferAnswered(SipCallHandle Call, int Status, string Phrase) : SipCallEvent(Call);

/// <summary>How far the other side got with the call it was asked to place (NOTIFY with message/sipfrag, RFC 3515 section 2.4.5).</summary>
internal sealed record SipReferProgress(SipCallHandle Call, int Status, string Phrase) : SipCallEvent(Call);

internal abstract record SipRegistrationEvent(SipRegistrationHandle Registration) : SipEvent;

/// <summary>Registered or refreshed, for that long.</summary>
internal sealed record SipRegistered(SipRegistrationHandle Registration, TimeSpan Expires, SipLocalAddress Contact) : SipRegistrationEvent(Registration);

/// <summary>Failed. Nothing more is tried where there is no time for it.</summary>
internal sealed record SipRegistrationFailed(SipRegistrationHandle Registration, SipFailure Failure, TimeSpan? RetryIn) : SipRegistrationEvent(Registration);

/// <summary>Removed from the registrar, or given up after it did not answer. Last event of the registration.</summary>
internal sealed record SipUnregistered(SipRegistrationHandle Registration, bool Confirmed) : SipRegistrationEvent(Registration);
