namespace SipStreamApp.Media.Primitives;

/// <summary>A point on the monotonic clock, in ticks of 100 ns. Never compared with wall time or media time.</summary>
/// <remarks>Protocol machines take it as an argument and never read a clock, so a test can run a long call in milliseconds.</remarks>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>The origin of the clock.</summary>
    public static readonly Instant Zero;

    /// <summary>Later than every other instant: "no deadline".</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>Makes an instant that lies <paramref name="milliseconds"/> after the origin (tests and tables).</summary>
    public static Instant FromMilliseconds(double milliseconds) => new((long)(milliseconds * TimeSpan.TicksPerMillisecond));

    /// <summary>The earlier of the two.</summary>
    public static Instant Min(Instant a, Instant b) => a.Ticks <= b.Ticks ? a : b;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <summary>The span from <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static TimeSpan operator -(Instant a, Instant b) => new(a.Ticks - b.Ticks);

    /// <summary>The instant <paramref name="span"/> later; <see cref="Never"/> stays never.</summary>
    public static Instant operator +(Instant a, TimeSpan span) => a == Never ? Never : new(a.Ticks + span.Ticks);

    /// <summary>The instant <paramref name="span"/> earlier; <see cref="Never"/> stays never.</summary>
    public static Instant operator -(Instant a, TimeSpan span) => a == Never ? Never : new(a.Ticks - span.Ticks);

    /// <summary>Earlier than.</summary>
    public static bool operator <(Instant a, Instant b) => a.Ticks < b.Ticks;

    /// <summary>Later than.</summary>
    public static bool operator >(Instant a, Instant b) => a.Ticks > b.Ticks;

    /// <summary>Earlier than or equal.</summary>
    public static bool operator <=(Instant a, Instant b) => a.Ticks <= b.Ticks;

    /// <summary>Later than or equal.</summary>
    public static bool operator >=(Instant a, Instant b) => a.Ticks >= b.Ticks;

    /// <inheritdoc/>
    public override string ToString() => this == Never ? "never" : $"{Ticks / (double)TimeSpan.TicksPerMillisecond:F1} ms";
}
