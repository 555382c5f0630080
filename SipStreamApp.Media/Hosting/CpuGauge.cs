using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;

namespace SipStreamApp.Media.Hosting;

/// <summary>How much of all processors the program took over the last seconds, with the programs it started (<see cref="ProcessorTime"/>).</summary>
internal sealed class CpuGauge : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<(Instant At, TimeSpan Used)> _samples = new();
    private readonly EngineClock _clock;
    private readonly int _limit;
    private readonly ITimer? _timer;
    private TimeSpan _most;
    private volatile int _percent;

    /// <param name="limit">From where on it is too much, per cent; 0: never, and nothing is measured.</param>
    /// <param name="clock">Time.</param>
    /// <param name="time">Where the timer comes from.</param>
    public CpuGauge(int limit, EngineClock clock, TimeProvider time)
    {
        (_limit, _clock) = (limit, clock);
        if (limit > 0) _timer = time.CreateTimer(static gauge => ((CpuGauge)gauge!).Sample(), this, Period, Period);
    }

    /// <summary>Processor time used so far; tests put another in.</summary>
    internal Func<TimeSpan> Used { get; set; } = ProcessorTime.Used;

    /// <summary>Why no new work is taken now, or null.</summary>
    public Failure? Refusal => _limit == 0 || _percent <= _limit
        ? null
        : new Failure("overloaded", Blame.Server, $"The server is at its limit: it takes {_percent} % of the processors", "What runs goes on. Try another server, or later; Limits:CpuPercent is the limit.") { Retryable = true };

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private void Sample()
    {
        lock (_samples)
        {
            // A child that ends while it is looked for is missing once: that is no time given back.
            var (now, used) = (_clock.Now, _most = TimeSpan.FromTicks(Math.Max(_most.Ticks, Used().Ticks)));
            _samples.Enqueue((now, used));
            while (_samples.Count > 2 && now - _samples.Peek().At > Window) _samples.Dequeue();
            var (at, before) = _samples.Peek();
            if (now > at) _percent = (int)Math.Clamp((used - before) / (now - at) * 100 / Environment.ProcessorCount, 0, 100);
        }
    }
}
