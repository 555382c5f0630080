namespace SipStreamApp.Media.Calls;

/// <summary>How signalling travels to the SIP server.</summary>
public enum SipTransportChoice
{
    /// <summary>UDP, and TCP for messages over 1300 bytes (RFC 3261 section 18.1.1) or where DNS says so.</summary>
    Auto,

    /// <summary>UDP only.</summary>
    Udp,

    /// <summary>TCP only.</summary>
    Tcp,

    /// <summary>TLS only, the server's certificate checked (RFC 3261 section 26.3).</summary>
    Tls,
}

/// <summary>The SIP identity calls are placed from. Its text form never shows the password.</summary>
/// <param name="Login">User part of From.</param>
/// <param name="Domain">Host part of From and of the callee: a name or an address.</param>
public sealed record SipIdentity(string Login, string Domain)
{
    /// <summary>Digest user name; the login where empty.</summary>
    public string? AuthenticationName { get; init; }

    /// <summary>Digest password.</summary>
    public string? Password { get; init; }

    /// <summary>Display name in From; none where empty.</summary>
    public string? VisibleName { get; init; }

    /// <summary>Host, host:port or sip: URI requests are sent through; the domain itself where empty.</summary>
    public string? OutboundProxy { get; init; }

    /// <summary>Port of the proxy or domain, 1-65535; null: by DNS, else 5060.</summary>
    public int? Port { get; init; }

    /// <summary>Transport to the proxy or domain.</summary>
    public SipTransportChoice Transport { get; init; }

    /// <summary>True: REGISTER before the call and while it lasts.</summary>
    public bool RegisterRequired { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Login}@{Domain}";
}

/// <summary>A call to place, and the stream its media becomes (WCS <c>/call/startup</c>).</summary>
/// <param name="Callee">User part, number, <c>user@host</c> or <c>sip:</c> URI.</param>
/// <param name="Identity">Who calls.</param>
public sealed record CallRequest(string Callee, SipIdentity Identity)
{
    /// <summary>Id chosen by the caller; generated where null.</summary>
    public string? CallId { get; init; }

    /// <summary>Name of the stream; the call id where null.</summary>
    public string? ToStream { get; init; }

    /// <summary>Offer sound.</summary>
    public bool HasAudio { get; init; } = true;

    /// <summary>Offer picture.</summary>
    public bool HasVideo { get; init; } = true;

    /// <summary>Application the call belongs to, for hooks.</summary>
    public string AppKey { get; init; } = "defaultApp";

    /// <summary>Which user or API key places it, for the limits of each; null where nobody is told apart. Never shown.</summary>
    public string? Owner { get; init; }

    /// <summary>Trace of whoever asked for it (W3C traceparent); null where nothing is traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>RTMP address the stream is to be pushed to, kept for the push output; null for none.</summary>
    public string? RtmpUrl { get; init; }

    /// <summary>Stream name at <see cref="RtmpUrl"/>.</summary>
    public string? RtmpStream { get; init; }
}
