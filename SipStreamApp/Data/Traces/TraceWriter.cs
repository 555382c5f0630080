using System.Threading.Channels;
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

    /// <summary>Nothing follows it: once it is written, the engine may let go of the trace.</summary>
    public bool IsLast { get; init; }

    /// <summary>What stands in the call's own row has changed, too: what was asked for, and how much was left out.</summary>
    public bool TellsOfCall { get; init; } = true;

    public int Tries { get; init; }
}

/// <summary>
/// Keeps the traces of calls in the database. Of calls that are up, what is new goes every few seconds through a bounded channel to one writer; of one
/// that ended, all the rest at once, when nothing more can come, and then the engine lets go of it. A database that refuses is tried again, and while it
/// does nothing new of calls that are up is taken; when the channel is full the oldest chunks are dropped and counted. Calls never notice.
/// </summary>
internal sealed partial class TraceWriter : BackgroundService
{
    private const int Capacity = 4096;
    private const int BatchSize = 50; // one transaction, for which all other writers wait

    // The history's row of a call is written by another writer, a moment before or after.
    private const int MaxTries = 60;
    private static readonly TimeSpan RowPatience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private const int LiveEvery = 5;

    private readonly Channel<TraceChunk> _chunks;
    private readonly MediaEngine _engine;
    private readonly TraceTable _table;
    private readonly TimeProvider _time;
    private readonly ILogger<TraceWriter> _logger;

    // Touched by the collecting loop only.
    private readonly Dictionary<(CallId, DateTimeOffset), (TraceCursor Cursor, bool IsDone)> _read = [];
    private long _dropped;

    public TraceWriter(MediaEngine engine, TraceTable table, TimeProvider time, ILogger<TraceWriter> logger)
    {
        (_engine, _table, _time, _logger) = (engine, table, time, logger);
        _chunks = Channel.CreateBounded<TraceChunk>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>The engine has stopped by now: what is left of all calls is still written, within the host's patience.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        Collect(Calls.All);
        _chunks.Writer.TryComplete();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        await WriteAllAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(CollectAllAsync(stoppingToken), WriteAllAsync(stoppingToken));

    private void Collect(Calls which)
    {
        var readers = _engine.Traces;
        if (_read.Count > 0) foreach (var gone in _read.Keys.Except(readers.Select(Key)).ToList()) _read.Remove(gone);
        foreach (var reader in readers)
        {
            // Asked before it is read: what is settled has all of it. One that is over and not settled has a moment to wait.
            var isLast = which == Calls.All || reader.IsSettled;
            if (!isLast && (which == Calls.Settled || reader.HasEnded)) continue;
            var (cursor, isDone) = _read.GetValueOrDefault(Key(reader));
            if (isDone) continue;
            var part = reader.Read(cursor, settledOnly: !isLast);
            if (part.IsEmpty && !isLast) continue;

            // A row holds a whole minute: the one that has grown is written again.
            if (part.HasBuckets && cursor.Second % 60 > 0) part = reader.Read(cursor with { Second = cursor.Second / 60 * 60 }, settledOnly: !isLast);
            _read[Key(reader)] = (part.Next, isLast);
            _chunks.Writer.TryWrite(new TraceChunk(reader.Now, part) { IsLast = isLast, TellsOfCall = isLast || cursor == default || part.MessagesCut + part.MarksCut > 0 });
        }
    }

    private static (CallId, DateTimeOffset) Key(CallTraceReader reader) => (reader.Id, reader.CreatedAt);

    private async Task CollectAllAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Round, _time);
        try
        {
            // What the writer has no time for is kept by the engine, and costs less there.
            for (var round = 1; await timer.WaitForNextTickAsync(stop).ConfigureAwait(false); round++)
                Collect(round % LiveEvery == 0 && _chunks.Reader.Count == 0 ? Calls.UpAndSettled : Calls.Settled);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
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
                foreach (var chunk in batch.Where(c => c.IsLast).Except(orphans)) _engine.ReleaseTrace(chunk.Traced.Call);
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

    private enum Calls
    {
        Settled,
        UpAndSettled,
        All,
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.TraceDropped, LogLevel.Warning, "Call traces: {Count} parts dropped, the database was too slow or refused")]
        public static partial void Dropped(ILogger logger, long count);
    }
}
