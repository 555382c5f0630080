// RFC 3261 section 8.1.3: why a request came to nothing, local causes told apart from remote answers.
namespace SipStreamApp.Media.Sip;

internal enum SipFailureKind
{
    /// <summary>A final response other than 2xx; the status says which.</summary>
    Rejected,

    /// <summary>401 or 407, and the credentials were missing or refused.</summary>
    AuthenticationFailed,

    /// <summary>No final response in time.</summary>
    Timeout,

    /// <summary>The message could not be sent (ICMP, connection refused or broken).</summary>
    TransportError,

    /// <summary>No address was found for the next hop.</summary>
    ResolveFailed,

    /// <summary>Cancelled from this side.</summary>
    Cancelled,

    /// <summary>A limit of this stack was reached.</summary>
    LimitReached,

    /// <summary>The far end broke the protocol in a way that cannot be worked around.</summary>
    ProtocolError,
}
