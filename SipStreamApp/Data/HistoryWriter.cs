using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Data;

/// <summary>
/// Writes the history of calls and the recordings: the engine's events go through a bounded channel to one writer. A database that refuses is tried
/// again; when the channel is full the oldest news are dropped and counted. Calls never notice.
/// </summary>
internal sealed partial class HistoryWriter : BackgroundService
{
    private const int Capacity = 5000;
    private readonly Channel<EngineEvent> _news;
    private readonly MediaEngine _engine;
    private readonly IDbContextFactory<AppDb> _contexts;
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly ILogger<HistoryWriter> _logger;

    // Touched by the writing loop only: what each open call's row says already.
    private readonly Dictionary<(string, DateTimeOffset), bool> _open = [];
    private long _dropped;
    private IDisposable? _subscription;

    public HistoryWriter(MediaEngine engine, IDbContextFactory<AppDb> contexts, Database database, TimeProvider time, ILogger<HistoryWriter> logger)
    {
        (_engine, _contexts, _database, _time, _logger) = (engine, contexts, database, time, logger);
        _news = Channel.CreateBounded<EngineEvent>(
            new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>Longest wait between two tries, once the database refused.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromSeconds(10);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = _engine.Observe(Take);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Queues what is worth a row; called on an engine thread.</summary>
    internal void Take(EngineEvent news)
    {
        if (news is CallChanged or CallEnded or RecordingChanged) _news.Writer.TryWrite(news);
    }

    /// <summary>The engine has stopped by now: what it reported last is still written, within the host's patience.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        _news.Writer.TryComplete();
        if (ExecuteTask is { } running)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(10));
            await running.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WriteAllAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // Out of patience, or the program did not get as far as running.
        }
    }

    private async Task WriteAllAsync(CancellationToken stoppingToken)
    {
        var batch = new List<EngineEvent>();
        while (await _news.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
        {
            while (batch.Count < 200 && _news.Reader.TryRead(out var news)) batch.Add(news);
            await WriteUntilItWorksAsync(batch, stoppingToken).ConfigureAwait(false);
            batch.Clear();
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped) Log.Dropped(_logger, dropped);
        }
    }

    private async Task WriteUntilItWorksAsync(List<EngineEvent> batch, CancellationToken stop)
    {
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                await WriteAsync(batch, stop).ConfigureAwait(false);
                return;
            }
            catch (DbUpdateConcurrencyException)
            {
                continue; // A row was deleted after it was read: nothing is wrong, what is there now is read anew.
            }
            catch (Exception e) when (DatabaseFaults.IsFault(e, stop))
            {
                _database.Bad(e);
            }

            await Task.Delay(pause, _time, stop).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(List<EngineEvent> news, CancellationToken stop)
    {
        var batch = news.Select(n => n is CallChanged changed ? changed.Call : (n as CallEnded)?.Call).OfType<CallSnapshot>().ToList();
        var recordings = news.OfType<RecordingChanged>().GroupBy(n => n.Recording.Id).Select(g => g.Last().Recording).ToList();
        await _database.EnsureReadyAsync(stop).ConfigureAwait(false);
        using var turn = await _database.TakeTurnAsync(stop).ConfigureAwait(false);
        await using var db = await _contexts.CreateDbContextAsync(stop).ConfigureAwait(false);

        // The last word on each call is enough.
        foreach (var call in batch.GroupBy(c => (c.Id.Value, HistoryRow.Time(c.CreatedAt))).Select(g => g.FirstOrDefault(c => c.IsEnded) ?? g.Last()))
        {
            var key = (call.Id.Value, HistoryRow.Time(call.CreatedAt));
            if (!call.IsEnded && _open.TryGetValue(key, out var answered) && answered == call.AnsweredAt.HasValue) continue;
            var row = await db.Calls.FirstOrDefaultAsync(c => c.CallId == key.Value && c.StartedAt == key.Item2, stop).ConfigureAwait(false);
            if (row is null) db.Calls.Add(HistoryRow.Create(call));
            else if (row.EndedAt is null) HistoryRow.Update(row, call);
        }

        foreach (var recording in recordings)
        {
            if (await db.Recordings.FirstOrDefaultAsync(r => r.Id == recording.Id, stop).ConfigureAwait(false) is { } row) row.Update(recording);
            // The engine keeps a recording until its end is in the database: one it does not know any more was deleted, and must not come back.
            else if (_engine.FindRecording(recording.Id) is not null) db.Recordings.Add(RecordingRecord.From(recording));
        }

        await db.SaveChangesAsync(stop).ConfigureAwait(false);
        _database.Good();
        foreach (var recording in recordings.Where(r => r.IsOver)) _engine.AcknowledgeRecording(recording.Id);
        foreach (var call in batch)
        {
            var key = (call.Id.Value, HistoryRow.Time(call.CreatedAt));
            if (call.IsEnded) _open.Remove(key);
            else _open[key] = call.AnsweredAt.HasValue;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.HistoryDropped, LogLevel.Warning, "History: {Count} entries dropped, the database was too slow or refused")]
        public static partial void Dropped(ILogger logger, long count);
    }
}
