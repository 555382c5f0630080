namespace SipStreamApp.Media.Streams;

/// <summary>Bounds of the hub.</summary>
public sealed record StreamHubOptions
{
    /// <summary>Frames a reader may have waiting before it is taken for too slow. Default 512.</summary>
    public int ReaderQueueFrames { get; init; } = 512;

    /// <summary>Most frames (sound and picture) kept since the last keyframe. Default 4000: about 50 s of a usual call.</summary>
    public int GopMaxFrames { get; init; } = 4000;

    /// <summary>Most bytes kept since the last keyframe. Default 16 MiB.</summary>
    public int GopMaxBytes { get; init; } = 16 << 20;

    /// <summary>Least time between two keyframe requests that leave for the source. Default 500 ms.</summary>
    public TimeSpan KeyframeRequestSpacing { get; init; } = TimeSpan.FromMilliseconds(500);
}
