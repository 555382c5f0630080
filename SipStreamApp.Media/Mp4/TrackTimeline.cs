using System.Diagnostics;

namespace SipStreamApp.Media.Mp4;

/// <summary>Where a sample goes: its decode time, its duration (0: not known before the next one), and whether a hole lies before it.</summary>
internal readonly record struct Placement(long Time, long Duration, bool AfterHole);

/// <summary>
/// Turns stream time into decode times of one track. Each time is rounded by itself from the stream time, so rounding never adds up.
/// Times never go back and samples never overlap.
/// </summary>
internal abstract class TrackTimeline(int timescale, TimeSpan hole)
{
    /// <summary>Ticks per second.</summary>
    public int Timescale { get; } = timescale;

    /// <summary>First tick after the last placed sample; for a picture that still waits for its duration, its own time.</summary>
    public long End { get; protected set; }

    /// <summary>True until the first sample.</summary>
    protected bool IsFresh { get; set; } = true;

    /// <summary>Pauses beyond this are holes.</summary>
    protected long HoleTicks { get; } = ToTicks(hole, timescale);

    /// <summary>Places the next sample.</summary>
    /// <param name="target">Its stream time in ticks.</param>
    /// <param name="nominal">Its duration by its codec; 0 for picture.</param>
    /// <param name="afterGap">True where something before it is missing.</param>
    public abstract Placement Place(long target, int nominal, bool afterGap);

    /// <summary>Goes on where a timeline of another timescale ended.</summary>
    public void Continue(TrackTimeline before)
    {
        IsFresh = before.IsFresh;
        // One tick more than rounding can take, so that nothing overlaps.
        End = IsFresh ? 0 : ToTicks(ToTime(before.End, before.Timescale), Timescale) + 1;
    }

    /// <summary>Nearest tick to a time, without overflow for centuries.</summary>
    public static long ToTicks(TimeSpan time, int timescale)
    {
        var seconds = Math.DivRem(time.Ticks, TimeSpan.TicksPerSecond, out var rest);
        return seconds * timescale + (rest * timescale + Math.Sign(rest) * TimeSpan.TicksPerSecond / 2) / TimeSpan.TicksPerSecond;
    }

    /// <summary>The time of a tick, cut to 100 ns.</summary>
    public static TimeSpan ToTime(long ticks, int timescale)
    {
        Debug.Assert(timescale > 0, "A track has a timescale.");
        var seconds = Math.DivRem(ticks, timescale, out var rest);
        return new TimeSpan(seconds * TimeSpan.TicksPerSecond + rest * TimeSpan.TicksPerSecond / timescale);
    }
}
