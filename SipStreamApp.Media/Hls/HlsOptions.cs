namespace SipStreamApp.Media.Hls;

/// <summary>Lengths and bounds of an HLS presentation.</summary>
internal sealed record HlsOptions
{
    /// <summary>A segment ends at the first keyframe after this. Default 2 s.</summary>
    public TimeSpan Segment { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A segment ends without a keyframe after this; also EXT-X-TARGETDURATION. Default 4 s.</summary>
    public TimeSpan LongestSegment { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Length of a part: a whole number of frames at 10, 15, 20, 25 and 30 frames/s. Default 400 ms.</summary>
    public TimeSpan Part { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>EXT-X-PART-INF: the same and a frame to spare, since no part may be longer. Default 440 ms.</summary>
    public TimeSpan PartTarget { get; init; } = TimeSpan.FromMilliseconds(440);

    /// <summary>A pause beyond this between two parts ends a segment. Default 1 s.</summary>
    public TimeSpan Hole { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whole segments in the playlist. Default 6.</summary>
    public int Listed { get; init; } = 6;

    /// <summary>Whole segments kept after they left the playlist, for players that are about to fetch them. Default 2.</summary>
    public int Kept { get; init; } = 2;

    /// <summary>Whole segments whose parts are listed. Default 3.</summary>
    public int WithParts { get; init; } = 3;

    /// <summary>It stops when nobody asked for so long. Default 30 s.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A player that asked for nothing for so long does not watch any more: three target durations. Default 12 s.</summary>
    public TimeSpan ViewerSilence { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How long a request waits for what is not there yet. Default 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of a stream can still be fetched. Default 15 s.</summary>
    public TimeSpan AfterEnd { get; init; } = TimeSpan.FromSeconds(15);
}
