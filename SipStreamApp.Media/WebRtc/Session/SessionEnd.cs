namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>Why a session is over.</summary>
internal enum SessionEnd
{
    /// <summary>The browser said so by HTTP DELETE, or an operator did.</summary>
    Requested,

    /// <summary>The browser closed its end (DTLS close_notify).</summary>
    ClosedByPeer,

    /// <summary>No connectivity check for too long.</summary>
    ConsentLost,

    /// <summary>The handshake failed or took too long.</summary>
    HandshakeFailed,

    /// <summary>The certificate was not the one of the offer.</summary>
    FingerprintMismatch,

    /// <summary>The stream it watched is over.</summary>
    StreamEnded,

    /// <summary>The server goes down.</summary>
    Shutdown,
}

internal static class SessionEnds
{
    /// <summary>The stable word for it, as events carry it.</summary>
    public static string Code(this SessionEnd end) => end switch
    {
        SessionEnd.Requested => "requested",
        SessionEnd.ClosedByPeer => "closed-by-peer",
        SessionEnd.ConsentLost => "ice-timeout",
        SessionEnd.FingerprintMismatch => "dtls-fingerprint",
        SessionEnd.StreamEnded => "stream-ended",
        SessionEnd.Shutdown => "shutdown",
        _ => "dtls-failed",
    };
}
