namespace SipStreamApp.Media.Recording;

/// <summary>What one recording wants other than the settings say.</summary>
public sealed record RecordingRequest
{
    /// <summary>Name template; null: that of the settings.</summary>
    public string? NameTemplate { get; init; }

    /// <summary>A new file starts beyond so many bytes; null: as the settings say.</summary>
    public long? RotationBytes { get; init; }

    /// <summary>User part of the calling side, for the name.</summary>
    public string Login { get; init; } = "";

    /// <summary>Begin with what was sent since the last keyframe instead of the next one.</summary>
    internal bool Replay { get; init; }
}
