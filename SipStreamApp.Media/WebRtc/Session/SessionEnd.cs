namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>Why a session is over.</summary>
internal enum SessionEnd
{
    /// <summary>The viewer said so by HTTP DELETE, or an operator did.</summary>
    Requested,

    /// <summary>The browser closed its end (DTLS close_notify).</summary>
    ClosedByPeer,

    /// <summary>No connectivity check for too long.</summary>
    ConsentLost,

    /// <summary>The handshake failed or took too long.</summary>
    HandshakeFailed,

    /// <summary>The certificate was not the one of the offer.</summary>
    FingerprintMismatch,

    /// <summary>The stream is over.</summary>
    StreamEnded,

    /// <summary>The server goes down.</summary>
    Shutdown,
}
