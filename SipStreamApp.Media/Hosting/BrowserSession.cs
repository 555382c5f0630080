using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Hosting;

/// <summary>What a browser's session came to.</summary>
public enum BrowserSessionState
{
    /// <summary>The DTLS handshake is through: media may flow, and what it publishes is live.</summary>
    Connected,

    /// <summary>It is over; the last event of that session.</summary>
    Ended,
}

/// <summary>A browser's session was connected or ended, whether it watches, publishes, or both.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Stream">The stream it feeds; where it feeds none, the one it watches.</param>
/// <param name="State">What it came to.</param>
/// <param name="Detail">
/// Why it ended: "requested", "closed-by-peer" (DTLS close_notify), "ice-timeout" (no connectivity check for 30 s, or an offer nobody answered),
/// "dtls-failed", "dtls-fingerprint", "stream-ended" (the one it watched), "shutdown". Empty where connected.
/// </param>
public sealed record BrowserSessionChanged(string SessionId, StreamName Stream, BrowserSessionState State, string Detail) : EngineEvent;

/// <summary>The server's SDP offer to a phone in the browser.</summary>
/// <param name="SessionId">Names the session; unguessable.</param>
/// <param name="Sdp">The SDP offer.</param>
public sealed record TalkOffer(string SessionId, string Sdp);

/// <summary>What the browser chose of an offer.</summary>
/// <param name="Audio">Sound; null: none.</param>
/// <param name="Video">Picture; null: none.</param>
public sealed record TalkAnswer(TrackFormat? Audio, TrackFormat? Video);
