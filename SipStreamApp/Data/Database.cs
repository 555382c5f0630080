using Microsoft.EntityFrameworkCore;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Recording;

namespace SipStreamApp.Data;

/// <summary>
/// Whether the database can be used. The program runs without it: calls work, history and accounts say why they do not.
/// </summary>
internal sealed partial class Database(IDbContextFactory<AppDb> contexts, TimeProvider time, ILogger<Database> logger) : IDisposable
{
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private volatile bool _ready;
    private volatile string? _problem;

    /// <summary>What is wrong, in plain words; null while all is well.</summary>
    public string? Problem => _problem;

    /// <summary>Brings the schema up to date and marks calls a former run left open. Throws where the database cannot be used.</summary>
    public async Task EnsureReadyAsync(CancellationToken cancel)
    {
        if (_ready) return;
        await _gate.WaitAsync(cancel);
        try
        {
            if (_ready) return;
            await using var db = await contexts.CreateDbContextAsync(cancel);

            // Asked first: migrating takes a lock that a killed program would leave behind.
            if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                patience.CancelAfter(TimeSpan.FromSeconds(20));
                await db.Database.MigrateAsync(patience.Token);
            }

            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancel);
            var interrupted = await InterruptAsync(db, cancel);
            await db.Accounts.Where(a => a.DeletedAt != null && a.DeletedAt < _started).ExecuteDeleteAsync(cancel);
            await db.PushTargets.Where(t => t.DeletedAt != null && t.DeletedAt < _started).ExecuteDeleteAsync(cancel);
            if (interrupted > 0) Log.Interrupted(logger, interrupted);
            _ready = true;
            Good();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Does something that only reads. A database that refuses is the failure "database", in plain words.</summary>
    public async Task<Outcome<T>> ReadAsync<T>(Func<AppDb, Task<Outcome<T>>> work, CancellationToken cancel)
        where T : class
    {
        try
        {
            await EnsureReadyAsync(cancel);
            await using var db = await contexts.CreateDbContextAsync(cancel);
            return await work(db);
        }
        catch (Exception e) when (DatabaseFaults.IsFault(e, cancel))
        {
            Bad(e);
            return new Failure("database", Blame.Server, DatabaseFaults.Explain(e)) { Retryable = true };
        }
    }

    /// <summary>The same for what writes. Only that shows that all is well again: a full disk and a read-only file can still be read.</summary>
    public async Task<Outcome<T>> WriteAsync<T>(Func<AppDb, Task<Outcome<T>>> work, CancellationToken cancel)
        where T : class
    {
        using var turn = await TakeTurnAsync(cancel);
        var outcome = await ReadAsync(work, cancel);
        if (outcome.Succeeded) Good();
        return outcome;
    }

    /// <summary>
    /// Waits until nobody else of this program writes; disposed, the next one may. SQLite has one writer at a time, and asks again and again without any
    /// order: under load a small write could lose each time against the long ones of traces, until its time was over. After five seconds it goes on
    /// without its turn: then the database is what does not answer, and says so.
    /// </summary>
    public async Task<IDisposable> TakeTurnAsync(CancellationToken cancel)
    {
        var taken = await _turn.WaitAsync(TurnPatience, cancel).ConfigureAwait(false);
        return new Turn(taken ? _turn : null);
    }

    /// <summary>Remembers and logs, once per fault, that the database refused.</summary>
    public void Bad(Exception e)
    {
        var problem = DatabaseFaults.Explain(e);
        if (_problem == problem) return;
        _problem = problem;
        Log.Unusable(logger, problem);
    }

    /// <summary>Remembers that it works again.</summary>
    public void Good()
    {
        if (_problem is null) return;
        _problem = null;
        Log.Back(logger);
    }

    public void Dispose()
    {
        _gate.Dispose();
        _turn.Dispose();
    }

    private async Task<int> InterruptAsync(AppDb db, CancellationToken cancel)
    {
        // What can still be finished is taken up by the engine, which then says better.
        await db.Recordings.Where(r => (r.State == RecordingState.Recording || r.State == RecordingState.Finishing) && r.StartedAt < _started).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.State, RecordingState.Failed).SetProperty(r => r.Reason, "The server went down, and nothing of it was found at the next start"),
            cancel);
        return await db.Calls.Where(c => c.EndedAt == null && !c.Interrupted && c.StartedAt < _started).ExecuteUpdateAsync(
            set => set
                .SetProperty(c => c.Interrupted, true)
                .SetProperty(c => c.Failed, true)
                .SetProperty(c => c.Status, "FAILED")
                .SetProperty(c => c.CauseCode, "interrupted")
                .SetProperty(c => c.CauseTitle, "The server went down during the call"),
            cancel);
    }

    private sealed class Turn(SemaphoreSlim? turn) : IDisposable
    {
        public void Dispose() => turn?.Release();
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.DatabaseUnusable, LogLevel.Error, "Database: {Problem} Calls work; history and accounts are not kept until this is mended")]
        public static partial void Unusable(ILogger logger, string problem);

        [LoggerMessage(EventIds.DatabaseBack, LogLevel.Information, "Database works again")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(EventIds.CallsInterrupted, LogLevel.Warning, "{Count} calls were up when the program went down last; marked as interrupted")]
        public static partial void Interrupted(ILogger logger, int count);
    }
}
