using Microsoft.EntityFrameworkCore;
using SipStreamApp.Data;

namespace SipStreamApp.Webhook;

/// <summary>The deliveries in the database: what waits, and the log of what became of the others. Throws where the database refuses.</summary>
internal sealed class WebhookOutbox(IDbContextFactory<AppDb> contexts, Database database, TimeProvider time)
{
    /// <summary>How long a delivery is tried.</summary>
    public static TimeSpan Lifetime => TimeSpan.FromHours(24);

    /// <summary>Deliveries that may wait; beyond them the oldest are given up.</summary>
    public int MostPending { get; init; } = 10_000;

    /// <summary>Rows that are kept, waiting ones included.</summary>
    public int MostRows { get; init; } = 50_000;

    public async Task AddAsync(IReadOnlyList<WebhookEvent> events, CancellationToken cancel)
    {
        using var turn = await database.TakeTurnAsync(cancel);
        await using var db = await OpenAsync(cancel);
        var now = time.GetUtcNow();
        foreach (var e in events)
        {
            db.WebhookDeliveries.Add(new WebhookDelivery
            {
                EventId = e.Id, Type = e.Type, ObjectKey = e.ObjectKey, Body = e.ToJson(), CreatedAt = e.Time, ExpiresAt = now + Lifetime, NextAttemptAt = now,
            });
        }

        await db.SaveChangesAsync(cancel);
        if (await db.WebhookDeliveries.CountAsync(d => d.State == WebhookDeliveryState.Pending, cancel) is var waiting && waiting <= MostPending) return;
        var last = await db.WebhookDeliveries.Where(d => d.State == WebhookDeliveryState.Pending).OrderBy(d => d.Id).Skip(waiting - MostPending - 1).Select(d => d.Id).FirstAsync(cancel);
        await db.WebhookDeliveries.Where(d => d.State == WebhookDeliveryState.Pending && d.Id <= last).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, WebhookDeliveryState.Failed).SetProperty(d => d.LastProblem, "Given up: too many wait"), cancel);
    }

    /// <summary>What is due now: of each object the oldest that waits, so that its events arrive in order.</summary>
    public async Task<List<WebhookDelivery>> DueAsync(int most, CancellationToken cancel)
    {
        await using var db = await OpenAsync(cancel);
        var now = time.GetUtcNow();
        return await Heads(db).Where(d => d.NextAttemptAt <= now).OrderBy(d => d.Id).Take(most).AsNoTracking().ToListAsync(cancel);
    }

    /// <summary>When something is due next; null where nothing waits.</summary>
    public async Task<DateTimeOffset?> NextAsync(CancellationToken cancel)
    {
        await using var db = await OpenAsync(cancel);
        return await Heads(db).OrderBy(d => d.NextAttemptAt).Select(d => (DateTimeOffset?)d.NextAttemptAt).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Writes down what came of an attempt.</summary>
    public async Task MarkAsync(long id, WebhookResult result, CancellationToken cancel)
    {
        using var turn = await database.TakeTurnAsync(cancel);
        await using var db = await OpenAsync(cancel);
        if (await db.WebhookDeliveries.FirstOrDefaultAsync(d => d.Id == id, cancel) is not { State: WebhookDeliveryState.Pending } row) return;
        var now = time.GetUtcNow();
        row.Attempts++;
        (row.LastAttemptAt, row.LastStatus, row.LastProblem) = (now, result.Status, result.Problem);
        row.NextAttemptAt = now + Pause(row.Attempts, result.RetryAfter);

        // 410 is a target's way to say that it is gone for good.
        if (result.Problem is null) row.State = WebhookDeliveryState.Delivered;
        else if (result.Status == 410 || row.NextAttemptAt >= row.ExpiresAt) row.State = WebhookDeliveryState.Failed;
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Puts a delivery into the queue again, whatever became of it. False where it is not known any more.</summary>
    public async Task<bool> RedeliverAsync(long id, CancellationToken cancel)
    {
        using var turn = await database.TakeTurnAsync(cancel);
        await using var db = await OpenAsync(cancel);
        var now = time.GetUtcNow();
        return await db.WebhookDeliveries.Where(d => d.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.State, WebhookDeliveryState.Pending).SetProperty(d => d.Attempts, 0).SetProperty(d => d.NextAttemptAt, now)
                .SetProperty(d => d.ExpiresAt, now + Lifetime).SetProperty(d => d.LastProblem, (string?)null),
            cancel) > 0;
    }

    /// <summary>The newest deliveries first.</summary>
    public async Task<List<WebhookDelivery>> ListAsync(int most, CancellationToken cancel)
    {
        await using var db = await OpenAsync(cancel);
        return await db.WebhookDeliveries.AsNoTracking().OrderByDescending(d => d.Id).Take(most).ToListAsync(cancel);
    }

    public async Task<int> PendingAsync(CancellationToken cancel)
    {
        await using var db = await OpenAsync(cancel);
        return await db.WebhookDeliveries.CountAsync(d => d.State == WebhookDeliveryState.Pending, cancel);
    }

    /// <summary>Forgets what is done and older than that, and what is beyond the bound.</summary>
    public async Task<int> SweepAsync(DateTimeOffset before, CancellationToken cancel)
    {
        using var turn = await database.TakeTurnAsync(cancel);
        await using var db = await OpenAsync(cancel);
        var gone = await db.WebhookDeliveries.Where(d => d.State != WebhookDeliveryState.Pending && d.CreatedAt < before).ExecuteDeleteAsync(cancel);
        var oldestKept = await db.WebhookDeliveries.OrderByDescending(d => d.Id).Skip(MostRows).Select(d => (long?)d.Id).FirstOrDefaultAsync(cancel);
        return oldestKept is { } last ? gone + await db.WebhookDeliveries.Where(d => d.Id <= last && d.State != WebhookDeliveryState.Pending).ExecuteDeleteAsync(cancel) : gone;
    }

    /// <summary>Time between an attempt that failed and the next: 1 s, doubled each time, up to 5 min; longer where the target asks for it.</summary>
    public static TimeSpan Pause(int attempts, TimeSpan? retryAfter)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, Math.Clamp(attempts, 1, 12) - 1)));
        return retryAfter > pause ? retryAfter.Value : pause;
    }

    private static IQueryable<WebhookDelivery> Heads(AppDb db) => db.WebhookDeliveries.Where(d => d.State == WebhookDeliveryState.Pending
        && !db.WebhookDeliveries.Any(e => e.State == WebhookDeliveryState.Pending && e.ObjectKey == d.ObjectKey && e.Id < d.Id));

    private async Task<AppDb> OpenAsync(CancellationToken cancel)
    {
        await database.EnsureReadyAsync(cancel);
        return await contexts.CreateDbContextAsync(cancel);
    }
}
