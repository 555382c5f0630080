using System.Globalization;
using System.Text;
using SipStreamApp.Data;

namespace SipStreamApp.Api;

/// <summary>
/// The history as CSV (RFC 4180): one line per call, times in UTC with the server's offset beside them. Texts that a spreadsheet would
/// take for a formula get an apostrophe in front.
/// </summary>
internal static class HistoryCsv
{
    private const int FlushAt = 32 * 1024;

    public static string Header =>
        "startUtc,offset,answeredUtc,endedUtc,durationSeconds,status,causeCode,cause,sipStatus,caller,callee,domain,stream,callId,audioCodec,videoCodec,packetsReceived,packetsLost,lossPercent,jitterMs,incoming\r\n";

    /// <summary>Writes head and rows; what is ready goes out every 32 kB, so that a million rows need no memory.</summary>
    public static async Task<int> WriteAsync(Stream output, IAsyncEnumerable<CallRecord> rows, TimeZoneInfo zone, CancellationToken cancel)
    {
        var text = new StringBuilder(Header, FlushAt + 1024);
        var count = 0;
        await foreach (var row in rows.WithCancellation(cancel))
        {
            Append(text, row, zone);
            count++;
            if (text.Length < FlushAt) continue;
            await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
            text.Clear();
        }

        await output.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancel);
        return count;
    }

    /// <summary>One line.</summary>
    internal static void Append(StringBuilder text, CallRecord c, TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(c.StartedAt);
        Cell(text, Time(c.StartedAt)).Append(',');
        text.Append(offset < TimeSpan.Zero ? '-' : '+').Append(offset.ToString("hh\\:mm", CultureInfo.InvariantCulture)).Append(',');
        Cell(text, c.AnsweredAt is { } answered ? Time(answered) : null).Append(',');
        Cell(text, c.EndedAt is { } ended ? Time(ended) : null).Append(',');
        text.Append(CultureInfo.InvariantCulture, $"{c.Duration?.TotalSeconds:0.###},");
        foreach (var value in new[] { c.Status, c.CauseCode, c.CauseTitle }) Cell(text, value).Append(',');
        text.Append(CultureInfo.InvariantCulture, $"{c.SipStatus},");
        foreach (var value in new[] { c.Caller, c.Callee, c.Domain, c.StreamName, c.CallId, c.AudioCodec, c.VideoCodec }) Cell(text, value).Append(',');
        text.Append(CultureInfo.InvariantCulture, $"{c.PacketsReceived},{c.PacketsLost},{c.LossPercent:0.###},{c.JitterMs:0.###},{(c.Incoming ? "true" : "false")}\r\n");
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static StringBuilder Cell(StringBuilder text, string? value)
    {
        if (string.IsNullOrEmpty(value)) return text;
        if (value[0] is '=' or '+' or '-' or '@' or '\t' or '\r') value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text.Append(value) : text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
