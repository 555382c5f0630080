namespace SipStreamApp.Media.Codecs;

/// <summary>Limits and manners of a depacketiser.</summary>
internal sealed record DepacketizerOptions
{
    /// <summary>The usual values.</summary>
    public static readonly DepacketizerOptions Default = new();

    /// <summary>A frame bigger than this is dropped; 4 MB. Keeps a peer from growing our memory by never ending a frame.</summary>
    public int MaxFrameBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// After a loss, withhold frames that build on the lost one until the next keyframe. Off: they are delivered, with artefacts.
    /// </summary>
    public bool DropUntilKeyframe { get; init; } = true;
}
