using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls;

/// <summary>How a key press travels to the other side.</summary>
public enum DtmfWay
{
    /// <summary>As an event in the call's RTP (RFC 4733, the successor of RFC 2833).</summary>
    Rfc2833,

    /// <summary>SIP INFO with <c>application/dtmf</c>; with <c>application/dtmf-relay</c> where the other side does not know that.</summary>
    Info,

    /// <summary>SIP INFO with <c>application/dtmf-relay</c>.</summary>
    InfoRelay,
}

/// <summary>How far the transfer of a call got.</summary>
public enum TransferStatus
{
    /// <summary>The other side took the wish (202 to our REFER).</summary>
    Accepted,

    /// <summary>It places the call.</summary>
    Trying,

    /// <summary>It is connected to the target; our call ends.</summary>
    Completed,

    /// <summary>It was refused, or the target was not reached; our call goes on.</summary>
    Failed,
}

/// <summary>Where an identity that is kept registered stands.</summary>
public enum RegistrationStatus
{
    /// <summary>The registrar has us.</summary>
    Registered,

    /// <summary>It does not register: what its server sends is taken.</summary>
    Listening,

    /// <summary>Given up from here.</summary>
    Unregistered,

    /// <summary>The password or the authentication name is wrong: nothing more is tried.</summary>
    AuthenticationFailed,

    /// <summary>The registrar refused or did not answer; it is tried again by and by.</summary>
    Failed,
}

/// <summary>News of an identity that is kept registered.</summary>
/// <param name="Identity">Who.</param>
/// <param name="Status">Where it stands now.</param>
/// <param name="Cause">Why it failed; null where it did not.</param>
public sealed record RegistrationChange(SipIdentity Identity, RegistrationStatus Status, CallEnd? Cause);

/// <summary>Expected failures of what can be done to a call.</summary>
internal static class CallControlFailures
{
    public static Failure NotFound { get; } = new("call-not-found", Blame.Caller, "No such call", "It has ended or never was.");

    public static Failure NotAnswered { get; } = new("call-not-answered", Blame.Caller, "The call is not answered yet", "Wait until it is established.") { Retryable = true };

    public static Failure NotRinging { get; } = new("call-not-ringing", Blame.Caller, "This call does not wait to be answered", "It was answered already, or goes the other way.");

    public static Failure Ended { get; } = new("call-ended", Blame.Peer, "The call ended before this was done");

    public static Failure Busy { get; } = new("call-busy", Blame.Server, "Another change of this call is under way", "Try again in a moment.") { Retryable = true };

    public static Failure NoKeysInSound { get; } = new(
        "dtmf-not-negotiated", Blame.Peer, "The other side takes no key presses in its sound", "Telephone-event was not agreed on, or the call is on hold. Send it by INFO.");

    public static Failure TooManyKeys { get; } = new("dtmf-queue-full", Blame.Caller, "Too many key presses wait", "Wait until those are sent.") { Retryable = true };

    public static Failure NoSound { get; } = new("no-sound-in-call", Blame.Caller, "The call sends no sound", "It was answered without, or is on hold.");

    public static Failure BadKeys { get; } = new("invalid-field", Blame.Caller, "dtmf must be 1 to 64 of the keys 0-9, *, #, A-D") { Field = "dtmf" };

    public static Failure BadTarget(string target) => new("invalid-field", Blame.Caller, $"\"{target}\" is not a SIP address", "Use a number, user@host or sip:user@host.") { Field = "target" };

    public static Failure Refused(string what, int status, string phrase) => new(
        what + "-refused", Blame.Peer, status == 0 ? "The other side did not answer" : $"The other side refused: {status} {phrase}".TrimEnd(), "");

    public static Failure PictureDiffers(Codec sent, Codec given) => new(
        "picture-codec-differs", Blame.Caller, $"The picture of the stream is {TrackFormat.Default(given).EncodingName}, and the call sends {TrackFormat.Default(sent).EncodingName}",
        "Only its sound is sent: a picture is not converted for calls.") { Field = "streamName" };
}
