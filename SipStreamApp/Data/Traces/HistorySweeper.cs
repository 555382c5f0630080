using Microsoft.EntityFrameworkCore;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>What a round of the sweeper did.</summary>
/// <param name="Deleted">Calls deleted.</param>
/// <param name="Thinned">Rows of buckets thinned: a minute of one medium each.</param>
internal sealed record Swept(int Deleted, int Thinned);

/// <summary>
/// Keeps the history small: calls that ended a day ago keep ten-second buckets instead of one-second ones, and calls older than
/// History:RetentionDays go, with all that is kept of them.
/// </summary>
internal sealed class HistorySweeper(Database database, AppSettings settings, TimeProvider time) : BackgroundService
{
    /// <summary>Length of a thinned bucket, seconds.</summary>
    public const int ThinStep = 10;

    /// <summary>How long buckets stay as they were taken.</summary>
    public static readonly TimeSpan ThinAfter = TimeSpan.FromHours(24);

    private const int Batch = 500;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>One round. What it did, or why the database refused.</summary>
    public async Task<Outcome<Swept>> SweepAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var swept = settings.HistoryDays > 0
            ? await database.WriteAsync<Swept>(async db => new Swept(await DeleteAsync(db, now.AddDays(-settings.HistoryDays), cancel), 0), cancel)
            : new Swept(0, 0);

        // A turn for each batch: all other writers wait for one.
        while (swept.Succeeded)
        {
            var some = await database.WriteAsync<Swept>(async db => new Swept(0, await ThinAsync(db, now - ThinAfter, cancel)), cancel);
            if (some is not { Succeeded: true, Value.Thinned: > 0 }) return some.Succeeded ? swept : some;
            swept = swept.Value with { Thinned = swept.Value.Thinned + some.Value.Thinned };
        }

        return swept;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do await SweepAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    // A call that is up has no end yet, and stays however old it is.
    private static Task<int> DeleteAsync(AppDb db, DateTimeOffset before, CancellationToken cancel) =>
        db.Calls.Where(c => c.StartedAt < before && (c.EndedAt != null || c.Interrupted)).ExecuteDeleteAsync(cancel);

    private static async Task<int> ThinAsync(AppDb db, DateTimeOffset before, CancellationToken cancel)
    {
        var rows = await (from q in db.Quality
                          join c in db.Calls on q.CallRecordId equals c.Id
                          where q.Step < ThinStep && (c.EndedAt != null ? c.EndedAt < before : c.Interrupted && c.StartedAt < before)
                          orderby q.CallRecordId
                          select q).Take(Batch).ToListAsync(cancel);
        foreach (var row in rows)
        {
            var thin = QualityBlob.Unpack(row.Data).GroupBy(b => b.Second / ThinStep)
                .Select(g => Media.Quality.QualityBucket.Join([.. g], g.Key * ThinStep, ThinStep)).ToArray();
            (row.Step, row.Data) = (ThinStep, QualityBlob.Pack(thin));
        }

        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return rows.Count;
    }
}
