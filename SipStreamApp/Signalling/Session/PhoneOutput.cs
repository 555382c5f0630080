using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Signalling.Session;

/// <summary>Keep the session's SIP identity registered until it ends; back comes <see cref="ClientSession.RegistrationChanged"/>.</summary>
internal sealed record KeepRegistered(SipIdentity Identity) : SessionOutput;

/// <summary>Give the registration back.</summary>
internal sealed record GiveUpRegistration : SessionOutput;

/// <summary>Place a call; back comes <see cref="ClientSession.CallPlaced"/>, then its changes.</summary>
internal sealed record PlaceCall(CallRequest Request) : SessionOutput;

/// <summary>
/// Answer a browser's offer to hear a call and speak into it; outcome as with <see cref="WatchStream"/>. What the browser sends is given to the
/// other side of the call.
/// </summary>
internal sealed record TalkToCall(int Ticket, CallId Call, StreamName Watch, StreamName Publish, string Offer) : SessionOutput;

/// <summary>Make an offer for the browser that is called; back comes <see cref="ClientSession.TalkOffered"/> or <see cref="ClientSession.CallFailed"/>.</summary>
internal sealed record OfferTalk(
    int Ticket, CallId Call, StreamName Watch, StreamName Publish, IReadOnlyList<Codec> Audio, IReadOnlyList<Codec> Video) : SessionOutput;

/// <summary>Take the browser's answer, then answer the call with what it chose; back comes <see cref="ClientSession.CallFailed"/> where that fails.</summary>
internal sealed record AnswerCall(CallId Call, string BrowserId, string Answer, StreamName Publish) : SessionOutput;

/// <summary>Hang up, refuse or cancel a call.</summary>
internal sealed record HangUpCall(CallId Call) : SessionOutput;

/// <summary>Refuse a call that comes in: the application's backend does not want it.</summary>
internal sealed record ForbidCall(CallId Call) : SessionOutput;

/// <summary>Put the other side on hold, or take it off; back comes <see cref="ClientSession.ControlFailed"/> where that fails.</summary>
internal sealed record HoldCall(CallId Call, bool Hold) : SessionOutput;

/// <summary>Press keys in a call.</summary>
internal sealed record PressKeys(CallId Call, string Keys, string Way) : SessionOutput;

/// <summary>Transfer a call; back comes <see cref="ClientSession.TransferChanged"/>.</summary>
internal sealed record TransferCall(CallId Call, string Target) : SessionOutput;

/// <summary>What became of the session's registration.</summary>
internal enum RegistrationNews
{
    /// <summary>The registrar has it.</summary>
    Registered,

    /// <summary>Given back.</summary>
    Unregistered,

    /// <summary>The registrar does not take the password.</summary>
    WrongPassword,

    /// <summary>Refused or not answered; tried again by and by.</summary>
    Failed,
}
