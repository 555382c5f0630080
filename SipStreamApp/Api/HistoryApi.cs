using System.Globalization;
using SipStreamApp.Data;
using SipStreamApp.Hosting;

namespace SipStreamApp.Api;

/// <summary><c>/rest-api/v2/history.csv</c>: the history as a file, with the filters of the page.</summary>
internal static partial class HistoryApi
{
    public static void MapHistory(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rest-api/v2/history.csv", Export).WithTags("History").WithSummary("The calls of the history as CSV")
            .WithDescription("Streamed. q: words; result: answered, failed, interrupted; from, to: days as yyyy-MM-dd by the server's clock; sort: start, caller, callee, stream, sip, loss, jitter, with - in front for the largest first.")
            .Produces<string>(200, "text/csv").Documented(503);
        routes.RefuseOthers("/rest-api/v2/history.csv", "GET");
    }

    private static async Task<IResult> Export(HttpContext http, HistoryReader reader, TimeProvider time, ILogger<HistoryReader> logger, string? q, string? result, string? from, string? to, string? sort)
    {
        var query = HistoryQuery.Parse(q, result, from, to, sort);
        var count = await reader.FindAsync(query with { Take = 0 }, http.RequestAborted);
        if (!count.Succeeded) return Problems.From(http, count.Failures);
        var name = string.Create(CultureInfo.InvariantCulture, $"calls-{time.GetLocalNow():yyyy-MM-dd-HHmm}.csv");
        http.Response.Headers.CacheControl = "no-store";
        return Results.Stream(
            async output =>
            {
                try
                {
                    await HistoryCsv.WriteAsync(output, reader.StreamAsync(query, http.RequestAborted), time.LocalTimeZone, http.RequestAborted);
                }
                catch (Exception e) when (DatabaseFaults.IsFault(e, http.RequestAborted))
                {
                    // Headers are out: only a connection that breaks tells the other side that lines are missing.
                    Log.Broken(logger, DatabaseFaults.Explain(e));
                    http.Abort();
                }
            },
            "text/csv; charset=utf-8", name);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.HistoryExportBroken, LogLevel.Warning, "History: an export broke off: {Problem}")]
        public static partial void Broken(ILogger logger, string problem);
    }
}
