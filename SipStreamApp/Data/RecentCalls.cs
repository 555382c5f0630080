using Microsoft.EntityFrameworkCore;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>What went wrong lately, by cause.</summary>
/// <param name="Code">The cause's word.</param>
/// <param name="Title">In plain words.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Count">How often.</param>
/// <param name="Last">When last (UTC).</param>
/// <param name="Callee">Whom the last one was for.</param>
internal sealed record CauseCount(string Code, string Title, string? Advice, int Count, DateTimeOffset Last, string Callee);

/// <summary>What the dashboard shows of the history.</summary>
/// <param name="Last">The newest calls that ended.</param>
/// <param name="Causes">Failures since the given time, most frequent first.</param>
internal sealed record RecentCalls(IReadOnlyList<CallRecord> Last, IReadOnlyList<CauseCount> Causes)
{
    private const int MostFailures = 1000;

    /// <summary>Reads them.</summary>
    /// <param name="db">The database.</param>
    /// <param name="since">Failures since then are counted.</param>
    /// <param name="count">How many of the newest calls.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Outcome<RecentCalls>> ReadAsync(AppDb db, DateTimeOffset since, int count, CancellationToken cancel)
    {
        var calls = db.Calls.AsNoTracking();
        var last = await calls.Where(c => c.EndedAt != null || c.Interrupted).OrderByDescending(c => c.StartedAt).ThenByDescending(c => c.Id).Take(count).ToListAsync(cancel);
        var failed = await calls.Where(c => c.Failed && c.StartedAt >= since).OrderByDescending(c => c.StartedAt).Take(MostFailures)
            .Select(c => new { c.CauseCode, c.CauseTitle, c.CauseAdvice, c.StartedAt, c.Callee }).ToListAsync(cancel);
        var causes = failed.GroupBy(f => (f.CauseCode, f.CauseTitle))
            .Select(g => new CauseCount(g.Key.CauseCode ?? "", g.Key.CauseTitle ?? "Failed", g.First().CauseAdvice, g.Count(), g.First().StartedAt, g.First().Callee))
            .OrderByDescending(c => c.Count).ThenByDescending(c => c.Last).ToList();
        return new RecentCalls(last, causes);
    }
}
