using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace SipStreamApp.Hooks;

/// <summary>
/// The event hooks of one application on their way: a bounded queue and one worker, so that they arrive in order and a slow or dead backend holds nobody
/// up. When it is full the oldest event is dropped and counted.
/// </summary>
internal sealed class HookQueue : IAsyncDisposable
{
    /// <summary>Events that may wait.</summary>
    public const int Capacity = 1000;

    // What the stopping server still reports gets this long.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Channel<(string Hook, JsonObject Message)> _events;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _worker;
    private long _dropped;

    public HookQueue(Func<string, JsonObject, CancellationToken, Task> send)
    {
        _events = Channel.CreateBounded<(string, JsonObject)>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
        _worker = Task.Run(() => WorkAsync(send));
    }

    /// <summary>Events lost because the backend was too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Add(string hook, JsonObject message) => _events.Writer.TryWrite((hook, message));

    public async ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        _stop.CancelAfter(Farewell);
        await _worker.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WorkAsync(Func<string, JsonObject, CancellationToken, Task> send)
    {
        await foreach (var (hook, message) in _events.Reader.ReadAllAsync(_stop.Token).ConfigureAwait(false)) await send(hook, message, _stop.Token).ConfigureAwait(false);
    }
}
