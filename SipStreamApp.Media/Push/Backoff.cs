namespace SipStreamApp.Media.Push;

/// <summary>Pauses between attempts: doubled each time up to a bound, from the start again after a success.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan last)
{
    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Takes note of a failure; returns the pause before the next attempt.</summary>
    public TimeSpan Next()
    {
        var pause = TimeSpan.FromTicks(Math.Min(last.Ticks, first.Ticks << Math.Min(Failures, 16)));
        Failures++;
        return pause;
    }

    public void Reset() => Failures = 0;
}
