using Microsoft.EntityFrameworkCore;
using SipStreamApp.Hosting;

namespace SipStreamApp.Data;

/// <summary>
/// Keeps the history small: calls that ended a day ago keep ten-second buckets instead of one-second ones, and calls older than
/// History:RetentionDays go, with all that is kept of them.
/// </summary>
internal sealed class HistorySweeper(IDbContextFactory<AppDb> contexts, Database database, AppSettings settings, TimeProvider time) : BackgroundService
{
    /// <summary>Length of a thinned bucket, seconds.</summary>
    public const int ThinStep = 10;

    /// <summary>How long buckets stay as they were taken.</summary>
    public static readonly TimeSpan ThinAfter = TimeSpan.FromHours(24);

    private const int Batch = 500;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    /// <summary>One round. Returns how many calls were deleted and how many minutes thinned.</summary>
    public async Task<(int Deleted, int Thinned)> SweepAsync(CancellationToken cancel)
    {
        try
        {
            await database.EnsureReadyAsync(cancel);
            await using var db = await contexts.CreateDbContextAsync(cancel);
            var now = time.GetUtcNow();
            var deleted = settings.HistoryDays > 0 ? await DeleteAsync(db, now.AddDays(-settings.HistoryDays), cancel) : 0;
            var thinned = 0;
            for (int some; (some = await ThinAsync(db, now - ThinAfter, cancel)) > 0; thinned += some) cancel.ThrowIfCancellationRequested();
            database.Good();
            return (deleted, thinned);
        }
        catch (Exception e) when (DatabaseFaults.IsFault(e, cancel))
        {
            database.Bad(e);
            return (0, 0);
        }
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
