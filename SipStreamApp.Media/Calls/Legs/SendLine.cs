// RFC 3550 section 5.1: the timestamp counts on, whatever is sent; section 6.4.1: sender reports tie it to the clock.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>
/// The time line of what we send on one m-line. Its ticks are tied to the clock once, so that sound and picture of a call stay together,
/// and never go back: silence, a stream and silence again are one unbroken line to the peer. Pure.
/// </summary>
internal sealed class SendLine(int clockRate, Instant start)
{
    private Instant _start = start;
    private long _base;

    /// <summary>Ticks per second.</summary>
    public int ClockRate { get; private set; } = clockRate;

    /// <summary>Where the next frame may begin at the earliest: behind the last one.</summary>
    public long Next { get; private set; }

    /// <summary>When the next frame is due where frames follow each other without a pause.</summary>
    public Instant NextDue => InstantOf(Next);

    /// <summary>The tick of a moment, but never before <see cref="Next"/>.</summary>
    public long At(Instant moment) => Math.Max(Next, Exactly(moment));

    /// <summary>The tick of a moment.</summary>
    public long Exactly(Instant moment) => _base + Scale((moment - _start).Ticks, ClockRate, TimeSpan.TicksPerSecond);

    /// <summary>The moment of a tick.</summary>
    public Instant InstantOf(long ticks) => _start + TimeSpan.FromTicks(Scale(ticks - _base, TimeSpan.TicksPerSecond, ClockRate));

    /// <summary>A frame went out.</summary>
    /// <param name="ticks">Where it began, not before <see cref="Next"/>.</param>
    /// <param name="length">How long it lasts, ticks, at least 1.</param>
    public void Sent(long ticks, int length) => Next = Math.Max(Next, ticks + Math.Max(1, length));

    /// <summary>Another clock rate after a new answer: the line goes on from where it is, in the new ticks.</summary>
    public void ChangeRate(int clockRate, Instant now)
    {
        if (clockRate == ClockRate) return;
        (_base, _start, ClockRate) = (At(now), now, clockRate);
        Next = Math.Max(Next, _base);
    }

    // A picture's ticks times those of the clock leave 64 bits after 118 days. Rounded: 20 ms in ticks of the clock are whole, of others not.
    private static long Scale(long value, long to, long from) => (long)((value * (Int128)to * 2 + from) / (2 * (Int128)from));
}
