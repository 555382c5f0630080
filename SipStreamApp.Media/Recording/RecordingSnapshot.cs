using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Recording;

/// <summary>A recording at one moment. Immutable.</summary>
public sealed record RecordingSnapshot
{
    /// <summary>Its id, unique for ever.</summary>
    public required string Id { get; init; }

    /// <summary>The stream that is or was recorded.</summary>
    public required StreamName StreamName { get; init; }

    /// <summary>The call that fed it, or null.</summary>
    public CallId? CallId { get; init; }

    /// <summary>User part of the calling side; empty where not known.</summary>
    public string Login { get; init; } = "";

    /// <summary>Where it is in its life.</summary>
    public RecordingState State { get; init; }

    /// <summary>Progress of finishing, 0-100.</summary>
    public int Percent { get; init; }

    /// <summary>Why it failed, stopped early, or is not as it should be; null where all is well.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was started (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended (UTC); null while it is written.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Recorded time.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Size so far, and at the end that of the file.</summary>
    public long Bytes { get; init; }

    /// <summary>Path of the file inside the folder of recordings, with '/'; before it is ready the name it will have, "{endTime}" open.</summary>
    public required string FileName { get; init; }

    /// <summary>Path of the poster (JPEG) inside the folder of recordings; null where there is none.</summary>
    public string? PosterName { get; init; }

    /// <summary>Codec of the picture as it was recorded; null where there is none.</summary>
    public string? VideoCodec { get; init; }

    /// <summary>Codec of the sound as it was recorded; null where there is none.</summary>
    public string? AudioCodec { get; init; }

    /// <summary>Width of the largest picture recorded; 0 where there is none.</summary>
    public int Width { get; init; }

    /// <summary>Height of the largest picture recorded; 0 where there is none.</summary>
    public int Height { get; init; }

    /// <summary>Frames that were lost because the disk was too slow.</summary>
    public long Dropped { get; init; }

    /// <summary>What WCS calls the media session: the id of the call, or the name of a stream without one.</summary>
    public string MediaSessionId => CallId?.Value ?? StreamName.Value;

    /// <summary>True once nothing will change any more.</summary>
    public bool IsOver => State is RecordingState.Ready or RecordingState.Failed;
}
