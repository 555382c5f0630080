namespace SipStreamApp.Telemetry.Checks;

/// <summary>Notices when the system's clock was set: compares wall time with monotonic time every ten seconds.</summary>
internal sealed class ClockWatch(TimeProvider time) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private (DateTimeOffset Wall, long Monotonic) _last = (time.GetUtcNow(), time.GetTimestamp());
    private (TimeSpan Step, DateTimeOffset At) _largest = (TimeSpan.Zero, time.GetUtcNow());

    /// <summary>When it began to watch.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>The largest jump so far, forwards or backwards, and when it was seen.</summary>
    public (TimeSpan Step, DateTimeOffset At) Largest
    {
        get
        {
            Look();
            lock (_lock) return _largest;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => Look(), null, Period, Period);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            var (wall, monotonic) = (time.GetUtcNow(), time.GetTimestamp());
            var step = wall - _last.Wall - time.GetElapsedTime(_last.Monotonic, monotonic);
            _last = (wall, monotonic);
            if (step.Duration() > _largest.Step.Duration()) _largest = (step, wall);
        }
    }
}
