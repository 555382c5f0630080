using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Push;

/// <summary>A wish to send a stream to a server. Its text form does not show the address: it may hold a key.</summary>
/// <param name="Stream">The stream that is sent.</param>
/// <param name="Url">Where to: rtmp, rtmps, srt or rtsp.</param>
public sealed record PushRequest(StreamName Stream, string Url)
{
    /// <summary>True: the address is used as given, with its key; false: the name is put behind it.</summary>
    public bool FullUrl { get; init; }

    /// <summary>Name under which it is published; the prefix and the stream's name where null.</summary>
    public string? Name { get; init; }

    /// <summary>Start with silence instead of the call's sound.</summary>
    public bool Muted { get; init; }

    /// <summary>Start with this sound file instead of the call's sound.</summary>
    public string? SoundFile { get; init; }

    /// <summary>Repeat the sound file.</summary>
    public bool LoopSound { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"push of {Stream}";
}

/// <summary>Where a push is in its life.</summary>
public enum PushState
{
    /// <summary>The stream has no media yet.</summary>
    Waiting,

    /// <summary>Reaching the server.</summary>
    Connecting,

    /// <summary>The server takes the stream.</summary>
    Publishing,

    /// <summary>It broke; the next attempt is at <see cref="PushSnapshot.RetryAt"/>.</summary>
    Retrying,

    /// <summary>Ended in the normal way: the stream ended, or it was told to.</summary>
    Stopped,

    /// <summary>Ended for a reason that trying again does not mend, or the stream ended before it worked again.</summary>
    Failed,
}

/// <summary>A push at one moment. Immutable; holds no secret.</summary>
public sealed record PushSnapshot
{
    /// <summary>Names it; unguessable (WCS mediaSessionId).</summary>
    public required string Id { get; init; }

    /// <summary>The stream that is sent.</summary>
    public required StreamName Stream { get; init; }

    /// <summary>Name under which it is published ("rtmp_" and the stream's name).</summary>
    public required string Name { get; init; }

    /// <summary>The address as it was asked for, masked.</summary>
    public required string Target { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required PushState State { get; init; }

    /// <summary>Why it is retrying or failed; null while nothing is wrong.</summary>
    public Failure? Cause { get; init; }

    /// <summary>The sender's own words about the cause, masked.</summary>
    public string? Raw { get; init; }

    /// <summary>Bytes that left this machine for the server and were taken, over all connections.</summary>
    public long BytesSent { get; init; }

    /// <summary>Rate of them over the last seconds, kbit/s.</summary>
    public int BitrateKbps { get; init; }

    /// <summary>How often a connection that worked was made again after it broke.</summary>
    public int Reconnects { get; init; }

    /// <summary>Frames of the stream it lost because the target was too slow.</summary>
    public long Dropped { get; init; }

    /// <summary>Attempts in a row that failed.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>When it was asked for (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when the server takes it (UTC); null while it does not.</summary>
    public DateTimeOffset? PublishingSince { get; init; }

    /// <summary>When the next attempt is made (UTC); null where none is due.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>When it ended (UTC); null while it lasts.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Silence is sent instead of the call's sound.</summary>
    public bool Muted { get; init; }

    /// <summary>The sound file that is sent instead of the call's sound; null for none.</summary>
    public string? SoundFile { get; init; }

    /// <summary>Picture width; 0 where there is none or it is not known yet.</summary>
    public int Width { get; init; }

    /// <summary>Picture height; 0 where there is none or it is not known yet.</summary>
    public int Height { get; init; }

    /// <summary>True once it has ended, in whatever way.</summary>
    public bool IsEnded => State is PushState.Stopped or PushState.Failed;
}
