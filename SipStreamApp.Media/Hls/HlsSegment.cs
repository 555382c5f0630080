namespace SipStreamApp.Media.Hls;

/// <summary>A part of a segment.</summary>
internal readonly record struct HlsPart(byte[] Data, TimeSpan Start, TimeSpan Duration, bool IsIndependent);

/// <summary>A segment; grows by parts until the next one starts.</summary>
internal sealed class HlsSegment(long number, int init, TimeSpan start, bool afterDiscontinuity)
{
    /// <summary>Media sequence number.</summary>
    public long Number => number;

    /// <summary>Which init segment it needs.</summary>
    public int Init => init;

    /// <summary>Time of its first sample.</summary>
    public TimeSpan Start => start;

    /// <summary>True where the format changed before it.</summary>
    public bool AfterDiscontinuity => afterDiscontinuity;

    public List<HlsPart> Parts { get; } = [];

    /// <summary>Its length once it is whole: up to the start of the next one.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Where its newest part ends.</summary>
    public TimeSpan End => Parts.Count == 0 ? start : Parts[^1].Start + Parts[^1].Duration;
}
