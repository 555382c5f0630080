namespace SipStreamApp.Media.Mp4;

/// <summary>Where fragments are cut.</summary>
internal sealed record FragmentOptions
{
    /// <summary>MSE with the least delay: every sample goes out in a fragment of its own.</summary>
    public static FragmentOptions EachSample { get; } = new() { IsEachSample = true };

    /// <summary>Plain HLS: a fragment is a segment.</summary>
    public static FragmentOptions Segments(TimeSpan target) => new() { SegmentDuration = target, Styp = true };

    /// <summary>Low-latency HLS: segments made of parts. No part is longer than <paramref name="part"/> but for jitter of one frame.</summary>
    public static FragmentOptions Parts(TimeSpan target, TimeSpan part) => new() { SegmentDuration = target, PartDuration = part, Styp = true };

    /// <summary>A file: at most about <paramref name="atRisk"/> of the call is lost when the machine dies.</summary>
    public static FragmentOptions File(TimeSpan atRisk) => new() { SegmentDuration = atRisk, PartDuration = atRisk };

    /// <summary>True to cut after each sample.</summary>
    public bool IsEachSample { get; init; }

    /// <summary>A new segment starts at the first keyframe (of sound alone: the first sample) this long after the start of the last one.</summary>
    public TimeSpan SegmentDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest fragment inside a segment; null makes each segment one fragment.</summary>
    public TimeSpan? PartDuration { get; init; }

    /// <summary>Bound of a fragment where no keyframe comes.</summary>
    public TimeSpan MaxFragmentDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bound of the bytes of one track in a fragment.</summary>
    public int MaxFragmentBytes { get; init; } = 16 << 20;

    /// <summary>A pause between pictures beyond this is a hole, even where nothing says that frames are missing.</summary>
    public TimeSpan VideoHole { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for sound; below it the pause is jitter and is made up for by and by.</summary>
    public TimeSpan AudioHole { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When sound is this far ahead of the last picture, it decides alone where to cut (camera off, hold).</summary>
    public TimeSpan LeadStall { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Write styp before the first fragment of each segment.</summary>
    public bool Styp { get; init; }

    /// <summary>
    /// The stream time that becomes 0. Null: the first sample of all tracks at the time of the first cut. Sound from before is
    /// dropped, picture is moved up to 0.
    /// </summary>
    public TimeSpan? Origin { get; init; }
}
