namespace SipStreamApp.Media.Primitives;

/// <summary>The engine's one source of time: monotonic instants, and the wall clock that belongs to them.</summary>
public sealed class EngineClock
{
    private readonly TimeProvider _time;
    private readonly long _origin;

    /// <summary>Starts a clock whose origin is now.</summary>
    /// <param name="time">Where time comes from; a fake one in tests.</param>
    public EngineClock(TimeProvider time)
    {
        _time = time;
        _origin = time.GetTimestamp();
    }

    /// <summary>Monotonic time. Read once per batch of packets, never per packet.</summary>
    // One second past the origin, so that "now minus a short span" never falls before zero.
    public Instant Now => new(_time.GetElapsedTime(_origin).Ticks + TimeSpan.TicksPerSecond);

    /// <summary>Wall time (UTC), for people, files and NTP fields only.</summary>
    public DateTimeOffset UtcNow => _time.GetUtcNow();
}
