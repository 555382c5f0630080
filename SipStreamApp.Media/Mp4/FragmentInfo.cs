namespace SipStreamApp.Media.Mp4;

/// <summary>What became of a sample.</summary>
internal enum PushStatus
{
    /// <summary>It will be in a fragment.</summary>
    Taken,

    /// <summary>Nothing was taken: finish, change the format, write a new init segment, then push it again.</summary>
    FormatChanged,

    /// <summary>Dropped: no keyframe was seen yet.</summary>
    AwaitsKeyframe,

    /// <summary>Dropped: sound from before the time line starts.</summary>
    TooEarly,

    /// <summary>Dropped: empty, of no known track, or the caller does not take the fragments.</summary>
    Refused,
}

/// <summary>A fragment that was written.</summary>
/// <param name="Sequence">mfhd sequence number, from 1.</param>
/// <param name="Start">Its first decode time, of the leading track where that is in it.</param>
/// <param name="Duration">How long that track lasts in it.</param>
/// <param name="StartsSegment">True for the first fragment of a segment.</param>
/// <param name="IsIndependent">True where decoding can start with it: its picture starts with a keyframe, or there is none in the presentation.</param>
/// <param name="MoofOffset">Bytes in front of the moof (styp, prft).</param>
/// <param name="Length">Bytes written altogether.</param>
internal readonly record struct FragmentInfo(
    uint Sequence, TimeSpan Start, TimeSpan Duration, bool StartsSegment, bool IsIndependent, int MoofOffset, int Length)
{
    /// <summary>The track that <see cref="Start"/> and <see cref="Duration"/> are of.</summary>
    public int TrackId { get; init; }

    /// <summary><see cref="Start"/> in ticks of that track: its tfdt.</summary>
    public long StartTicks { get; init; }

    /// <summary>Which traf of the moof is that track's, from 1.</summary>
    public int TrafNumber { get; init; }
}
