using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>What is new of one call's trace.</summary>
internal sealed record TraceChunk(TracedCall Traced, TracePart Part)
{
    /// <summary>Names the row of the history it belongs to.</summary>
    public (string, DateTimeOffset) Key => (Traced.Call.Id.Value, HistoryRow.Time(Traced.Call.CreatedAt));

    public int Tries { get; init; }
}

/// <summary>
/// Keeps the traces of calls in the database: every few seconds, and when a call ends, what is new goes through a bounded channel to one writer.
/// A database that refuses is tried again; when the channel is full the oldest chunks are dropped and counted. Calls never notice.
/// </summary>
internal sealed partial class TraceWriter : BackgroundService
{
    private const int Capacity = 4096;
    private const int BatchSize = 200;

    // The history's row of a call is written by another writer, a moment before or after.
    private const int MaxTries = 60;
    private static readonly TimeSpan RowPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Channel<TraceChunk> _chunks;
    private readonly MediaEngine _engine;
    private readonly TraceTable _table;
    private readonly TimeProvider _time;
    private readonly ILogger<TraceWriter> _logger;
    private readonly SemaphoreSlim _ended = new(0);

    // Touched by the collecting loop only.
    private readonly Dictionary<(CallId, DateTimeOffset), (TraceCursor Cursor, bool IsDone)> _read = [];
    private long _dropped;
    private IDisposable? _subscription;

    public TraceWriter(MediaEngine engine, TraceTable table, TimeProvider time, ILogger<TraceWriter> logger)
    {
        (_engine, _table, _time, _logger) = (engine, table, time, logger);
        _chunks = Channel.CreateBounded<TraceChunk>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _dropped));
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = _engine.Observe(news =>
        {
            if (news is CallEnded) _ended.Release();
        });
        return base.StartAsync(cancellationToken);
    }

    /// <summary>The engine has stopped by now: what is left of all calls is still written, within the host's patience.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        Collect(isLast: true);
        _chunks.Writer.TryComplete();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        await WriteAllAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _ended.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(CollectAllAsync(stoppingToken), WriteAllAsync(stoppingToken));

    /// <summary>Queues what is new of every call.</summary>
    internal void Collect(bool isLast)
    {
        var calls = _engine.TracedCalls;
        foreach (var gone in _read.Keys.Except(calls.Select(c => (c.Call.Id, c.Call.CreatedAt))).ToList()) _read.Remove(gone);
        foreach (var traced in calls)
        {
            var key = (traced.Call.Id, traced.Call.CreatedAt);
            var (cursor, isDone) = _read.GetValueOrDefault(key);
            if (isDone) continue;
            var whole = traced.IsSettled || isLast;
            if (_engine.ReadTrace(traced.Call, cursor, settledOnly: !whole) is not { } part) continue;

            // A row holds a whole minute: the one that is not over is written again.
            _read[key] = (part.Next with { Second = part.Next.Second / 60 * 60 }, whole);
            if (part is not { Messages: [], Marks: [], Audio: [], Video: [], Stream: [] } || whole) _chunks.Writer.TryWrite(new TraceChunk(traced, part));
        }
    }

    private async Task CollectAllAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await ((Task)_ended.WaitAsync(Every, stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested) Collect(isLast: false);
        }
    }

    private async Task WriteAllAsync(CancellationToken stop)
    {
        var batch = new List<TraceChunk>();
        try
        {
            while (batch.Count > 0 || await _chunks.Reader.WaitToReadAsync(stop).ConfigureAwait(false))
            {
                while (batch.Count < BatchSize && _chunks.Reader.TryRead(out var chunk)) batch.Add(chunk);
                var orphans = await _table.WriteUntilItWorksAsync(batch, stop).ConfigureAwait(false);
                batch.Clear();
                batch.AddRange(orphans.Where(o => o.Tries < MaxTries).Select(o => o with { Tries = o.Tries + 1 }));
                if (Interlocked.Exchange(ref _dropped, 0) + orphans.Count(o => o.Tries >= MaxTries) is > 0 and var dropped) Log.Dropped(_logger, dropped);
                if (batch.Count > 0) await Task.Delay(RowPatience, _time, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is in hand goes back: the last round at the stop takes it up again.
            foreach (var chunk in batch) _chunks.Writer.TryWrite(chunk);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.TraceDropped, LogLevel.Warning, "Call traces: {Count} parts dropped, the database was too slow or refused")]
        public static partial void Dropped(ILogger logger, long count);
    }
}
