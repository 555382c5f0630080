using Microsoft.EntityFrameworkCore;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>What the history page asks for.</summary>
internal sealed record HistoryQuery(string Text = "", HistoryResult Result = HistoryResult.All, int Page = 1, int PageSize = 25);

/// <summary>Which calls to show.</summary>
internal enum HistoryResult
{
    All,
    Answered,
    Failed,
    Interrupted,
}

/// <summary>One page of the history.</summary>
internal sealed record HistoryPageData(IReadOnlyList<CallRecord> Rows, int Total);

/// <summary>Searches the history.</summary>
internal sealed class HistoryReader(IDbContextFactory<AppDb> contexts, Database database)
{
    public async Task<Outcome<HistoryPageData>> FindAsync(HistoryQuery query, CancellationToken cancel)
    {
        try
        {
            await database.EnsureReadyAsync(cancel);
            await using var db = await contexts.CreateDbContextAsync(cancel);
            var calls = Filter(db.Calls.AsNoTracking(), query);
            var total = await calls.CountAsync(cancel);
            var rows = await calls.OrderByDescending(c => c.StartedAt).ThenByDescending(c => c.Id)
                .Skip((Math.Max(1, query.Page) - 1) * query.PageSize).Take(query.PageSize).ToListAsync(cancel);
            return new HistoryPageData(rows, total);
        }
        catch (Exception e) when (DatabaseFaults.IsFault(e, cancel))
        {
            database.Bad(e);
            return new Failure("database", Blame.Server, DatabaseFaults.Explain(e)) { Retryable = true };
        }
    }

    private static IQueryable<CallRecord> Filter(IQueryable<CallRecord> calls, HistoryQuery query)
    {
        calls = query.Result switch
        {
            HistoryResult.Answered => calls.Where(c => c.AnsweredAt != null),
            HistoryResult.Failed => calls.Where(c => c.Failed && !c.Interrupted),
            HistoryResult.Interrupted => calls.Where(c => c.Interrupted),
            _ => calls,
        };
        foreach (var word in query.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(5))
        {
            var like = "%" + word.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_") + "%";
            var isStatus = int.TryParse(word, out var status);
            calls = calls.Where(c => EF.Functions.Like(c.Caller, like, "\\") || EF.Functions.Like(c.Callee, like, "\\")
                || EF.Functions.Like(c.Domain, like, "\\") || EF.Functions.Like(c.StreamName, like, "\\") || EF.Functions.Like(c.CallId, like, "\\")
                || EF.Functions.Like(c.CauseTitle!, like, "\\") || EF.Functions.Like(c.AudioCodec!, like, "\\") || EF.Functions.Like(c.VideoCodec!, like, "\\")
                || (isStatus && c.SipStatus == status));
        }

        return calls;
    }
}
