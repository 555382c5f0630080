using SipStreamApp.Hosting;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Live;

/// <summary>The engine at one moment, as pages show it.</summary>
/// <param name="Engine">Figures of the whole engine.</param>
/// <param name="Calls">Calls that are up, and for some seconds those that ended; oldest first.</param>
/// <param name="Streams">Streams by name.</param>
internal sealed record LiveSnapshot(EngineSnapshot Engine, IReadOnlyList<CallSnapshot> Calls, IReadOnlyList<StreamSnapshot> Streams)
{
    public static LiveSnapshot Take(MediaEngine engine) => new(
        engine.Snapshot(), [.. engine.Calls.OrderBy(c => c.CreatedAt)],
        [.. engine.Streams.Where(s => s.State != StreamState.Ended).OrderBy(s => s.Name.Value, StringComparer.Ordinal)]);

    public StreamSnapshot? Stream(StreamName name) => Streams.FirstOrDefault(s => s.Name == name);
}

/// <summary>
/// One ticker for all open pages: twice a second it takes one snapshot of the engine and tells the pages, whatever the
/// packet and event rate. It rests while no page is open.
/// </summary>
internal sealed partial class LiveView(Func<LiveSnapshot> take, TimeProvider time, ILogger<LiveView> logger) : BackgroundService
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private Action[] _pages = [];

    /// <summary>Time between two snapshots.</summary>
    public static TimeSpan Period => TimeSpan.FromMilliseconds(500);

    /// <summary>The newest snapshot; taken afresh where no page keeps the ticker awake.</summary>
    public LiveSnapshot Current { get => _pages.Length == 0 || field is null ? take() : field; private set; }

    /// <summary>Calls <paramref name="changed"/> after every snapshot, on the ticker's thread, until disposed of.</summary>
    public IDisposable Subscribe(Action changed)
    {
        lock (_lock) _pages = [.. _pages, changed];
        Current = take();
        if (_wanted.CurrentCount == 0) _wanted.Release();
        return new Subscription(this, changed);
    }

    /// <summary>Takes a snapshot now and tells the pages; for what a person just did.</summary>
    public void Refresh()
    {
        Current = take();
        foreach (var page in _pages)
        {
            try
            {
                page();
            }
            catch (Exception e)
            {
                Log.UpdateFailed(logger, e);
            }
        }
    }

    public override void Dispose()
    {
        _wanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_pages.Length > 0) Refresh();
            var pause = _pages.Length == 0 ? _wanted.WaitAsync(stoppingToken) : Task.Delay(Period, time, stoppingToken);
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed class Subscription(LiveView view, Action changed) : IDisposable
    {
        public void Dispose()
        {
            lock (view._lock) view._pages = [.. view._pages.Where(p => !ReferenceEquals(p, changed))];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ViewUpdateFailed, LogLevel.Error, "A page could not be told about news")]
        public static partial void UpdateFailed(ILogger logger, Exception e);
    }
}

/// <summary>Services of the live view.</summary>
internal static class LiveSetup
{
    public static void AddLiveView(this IServiceCollection services)
    {
        services.AddSingleton(s => new LiveView(
            () => LiveSnapshot.Take(s.GetRequiredService<MediaEngine>()), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<LiveView>>()));
        services.AddHostedService(s => s.GetRequiredService<LiveView>());
        services.AddSingleton<RemovedViewers>();
    }
}
