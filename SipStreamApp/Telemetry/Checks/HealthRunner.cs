namespace SipStreamApp.Telemetry.Checks;

/// <summary>Runs the checks when somebody asks, and one run at a time: who asks meanwhile gets the one that runs.</summary>
internal sealed class HealthRunner(IEnumerable<IServerCheck> checks, TimeProvider time, IHostApplicationLifetime life)
{
    private readonly Lock _lock = new();
    private readonly IReadOnlyList<IServerCheck> _checks = [.. checks];

    /// <summary>The newest run; null before the first.</summary>
    public HealthRun? Last { get; private set; }

    /// <summary>What would be looked at.</summary>
    public IReadOnlyList<IServerCheck> Checks => _checks;

    /// <summary>Starts a run, or gives the one that runs.</summary>
    public HealthRun Start()
    {
        lock (_lock)
        {
            if (Last is { IsOver: false } running) return running;
            return Last = new HealthRun(_checks, time.GetUtcNow()).Start(time, life.ApplicationStopping);
        }
    }

    /// <summary>The few checks that say whether the server can take work.</summary>
    public async Task<IReadOnlyList<CheckOutcome>> ReadyAsync(CancellationToken cancel) =>
        await Task.WhenAll(_checks.Where(c => c.ForReady).Select(c => HealthRun.RunAsync(c, time, cancel)));
}
