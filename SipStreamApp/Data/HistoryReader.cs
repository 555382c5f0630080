using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>Searches the history.</summary>
internal sealed class HistoryReader(IDbContextFactory<AppDb> contexts, Database database)
{
    public Task<Outcome<HistoryPageData>> FindAsync(HistoryQuery query, CancellationToken cancel) => database.ReadAsync<HistoryPageData>(
        async db =>
        {
            var calls = query.Filter(db.Calls.AsNoTracking());
            var total = await calls.CountAsync(cancel);
            var rows = query.Take > 0 && total > query.Skip ? await query.Order(calls).Skip(query.Skip).Take(query.Take).ToListAsync(cancel) : [];
            return new HistoryPageData(rows, total);
        },
        cancel);

    /// <summary>
    /// All rows that match, one after the other as the database gives them, however many. Throws where the database fails on the way;
    /// <see cref="FindAsync"/> with no rows tells beforehand whether it can be used.
    /// </summary>
    public async IAsyncEnumerable<CallRecord> StreamAsync(HistoryQuery query, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var db = await contexts.CreateDbContextAsync(cancel);
        await foreach (var row in query.Order(query.Filter(db.Calls.AsNoTracking())).AsAsyncEnumerable().WithCancellation(cancel)) yield return row;
    }

    /// <summary>The newest calls, and what failed since <paramref name="since"/>.</summary>
    public Task<Outcome<RecentCalls>> RecentAsync(DateTimeOffset since, int count, CancellationToken cancel) =>
        database.ReadAsync(db => RecentCalls.ReadAsync(db, since, count, cancel), cancel);
}
