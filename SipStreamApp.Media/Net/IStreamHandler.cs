using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Hears from <see cref="StreamConnection"/>s. Every member is called on the loop's thread.</summary>
internal interface IStreamHandler
{
    /// <summary>Accepted, or connected and secured: bytes may come from now on.</summary>
    void OnOpened(StreamConnection connection, Instant now) { }

    /// <summary>Some bytes, with no regard to message borders. The next ones are not read before this returns.</summary>
    void OnBytes(StreamConnection connection, ReadOnlySpan<byte> bytes, Instant now);

    /// <summary>The last call for a connection, exactly once, also for one that never opened.</summary>
    void OnClosed(StreamConnection connection, StreamCloseReason reason, Instant now);
}

/// <summary>Why a connection ended; the first reason stands.</summary>
internal enum StreamCloseReason
{
    None,

    /// <summary>This side closed it.</summary>
    Local,

    /// <summary>The other side closed it.</summary>
    Peer,

    /// <summary>Nothing was read or written for <see cref="StreamOptions.IdleTimeout"/>.</summary>
    Idle,

    /// <summary>The other side does not read: <see cref="StreamOptions.MaxQueuedBytes"/> were waiting.</summary>
    SendQueueFull,

    /// <summary>Nobody accepts there.</summary>
    ConnectFailed,

    /// <summary>No answer within <see cref="StreamOptions.ConnectTimeout"/>.</summary>
    ConnectTimeout,

    /// <summary>The TLS handshake failed.</summary>
    SecureFailed,

    /// <summary>The network broke it (reset, no route).</summary>
    Broken,

    /// <summary>The loop ended; no handler hears this one.</summary>
    LoopEnded,
}

/// <summary>Limits of stream connections.</summary>
internal sealed record StreamOptions
{
    public static readonly StreamOptions Default = new();

    /// <summary>Connect, and secure where wanted, within this time.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Closed after this long without a byte either way. SIP keeps connections with keep-alives (RFC 5626 section 3.5.1).</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>After an orderly close, how long the other side may take to close too.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes that may wait to be sent.</summary>
    public int MaxQueuedBytes { get; init; } = 256 * 1024;

    /// <summary>Connections that one listener keeps open; further ones are closed at once.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>Bytes read at a time.</summary>
    public int ReadBytes { get; init; } = 16 * 1024;

    /// <summary>Puts TLS (or anything else) over the raw stream, handshake included; null leaves it plain.</summary>
    public Func<Stream, CancellationToken, ValueTask<Stream>>? Secure { get; init; }
}
