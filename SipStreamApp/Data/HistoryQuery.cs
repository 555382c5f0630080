using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace SipStreamApp.Data;

/// <summary>What the history is asked for; the page's address and the export's are made of it.</summary>
/// <param name="Text">Words that must all be there: number, domain, stream, call id, cause, codec, SIP code.</param>
/// <param name="Result">Sort of result.</param>
internal sealed record HistoryQuery(string Text = "", HistoryResult Result = HistoryResult.All)
{
    private const int MostWords = 5;

    /// <summary>Started on this day or later, by the server's clock on the wall.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Started on this day or before.</summary>
    public DateOnly? To { get; init; }

    public HistorySort Sort { get; init; }

    /// <summary>Smallest or oldest first.</summary>
    public bool Ascending { get; init; }

    /// <summary>First row to return.</summary>
    public int Skip { get; init; }

    /// <summary>How many rows.</summary>
    public int Take { get; init; } = 25;

    /// <summary>Narrower than everything.</summary>
    public bool HasFilter => Text.Length > 0 || Result is not HistoryResult.All || From is not null || To is not null;

    /// <summary>From an address; what it does not understand counts as missing.</summary>
    public static HistoryQuery Parse(string? text, string? result, string? from, string? to, string? sort) => new(text?.Trim() ?? "", Enum.TryParse<HistoryResult>(result, true, out var r) ? r : HistoryResult.All)
    {
        From = Day(from), To = Day(to), Sort = Enum.TryParse<HistorySort>(sort?.TrimStart('-'), true, out var s) ? s : HistorySort.Start,
        Ascending = Enum.TryParse<HistorySort>(sort, true, out _),
    };

    /// <summary>For an address: only what differs from the default.</summary>
    public Dictionary<string, object?> ToParameters() => new()
    {
        ["q"] = Text.Length > 0 ? Text : null,
        ["result"] = Result is HistoryResult.All ? null : Result.ToString().ToLowerInvariant(),
        ["from"] = From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["to"] = To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ["sort"] = Sort is HistorySort.Start && !Ascending ? null : (Ascending ? "" : "-") + Sort.ToString().ToLowerInvariant(),
    };

    /// <summary>The rows that match, unordered.</summary>
    public IQueryable<CallRecord> Filter(IQueryable<CallRecord> calls)
    {
        calls = Result switch
        {
            HistoryResult.Answered => calls.Where(c => c.AnsweredAt != null),
            HistoryResult.Failed => calls.Where(c => c.Failed && !c.Interrupted),
            HistoryResult.Interrupted => calls.Where(c => c.Interrupted),
            _ => calls,
        };
        if (From is { } from && Midnight(from) is var begin) calls = calls.Where(c => c.StartedAt >= begin);
        if (To is { } to && Midnight(to.AddDays(1)) is var end) calls = calls.Where(c => c.StartedAt < end);
        foreach (var word in Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(MostWords))
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

    /// <summary>The rows in order; rows that are equal by it stand in the order they came.</summary>
    public IOrderedQueryable<CallRecord> Order(IQueryable<CallRecord> calls) => Sort switch
    {
        HistorySort.Callee => By(calls, c => c.Callee),
        HistorySort.Caller => By(calls, c => c.Caller),
        HistorySort.Stream => By(calls, c => c.StreamName),
        HistorySort.Sip => By(calls, c => c.SipStatus),
        HistorySort.Loss => By(calls, c => c.LossPercent),
        HistorySort.Jitter => By(calls, c => c.JitterMs),
        _ => By(calls, c => c.StartedAt),
    };

    private IOrderedQueryable<CallRecord> By<T>(IQueryable<CallRecord> calls, System.Linq.Expressions.Expression<Func<CallRecord, T>> key) =>
        Ascending ? calls.OrderBy(key).ThenBy(c => c.Id) : calls.OrderByDescending(key).ThenByDescending(c => c.Id);

    private static DateTimeOffset Midnight(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Local)).ToUniversalTime();

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}

/// <summary>Which calls to show.</summary>
internal enum HistoryResult
{
    All,
    Answered,
    Failed,
    Interrupted,
}

/// <summary>What the history can be ordered by.</summary>
internal enum HistorySort
{
    Start,
    Caller,
    Callee,
    Stream,
    Sip,
    Loss,
    Jitter,
}

/// <summary>A stretch of the history.</summary>
/// <param name="Rows">The rows asked for.</param>
/// <param name="Total">How many match in all.</param>
internal sealed record HistoryPageData(IReadOnlyList<CallRecord> Rows, int Total);
