using SipStreamApp.Api;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Data;

/// <summary>Copies a call into its row of the history. Pure.</summary>
internal static class HistoryRow
{
    public static CallRecord Create(CallSnapshot call)
    {
        var row = new CallRecord
        {
            CallId = call.Id.Value,
            Caller = call.Caller,
            Callee = call.Callee,
            Domain = call.Domain,
            Incoming = call.Incoming,
            StreamName = call.StreamName.Value,
            StartedAt = Time(call.CreatedAt),
            Status = "",
        };
        Update(row, call);
        return row;
    }

    public static void Update(CallRecord row, CallSnapshot call)
    {
        row.VisibleName = call.VisibleName;
        row.AnsweredAt = call.AnsweredAt;
        row.EndedAt = call.EndedAt;
        row.Status = CallObject.StatusName(call.Status);
        row.SipStatus = call.End?.SipStatus ?? call.SipStatus;
        row.Failed = call.End?.IsFailure ?? false;
        row.CauseCode = call.End?.Code;
        row.CauseTitle = call.End?.Title;
        row.CauseAdvice = call.End?.Advice;
        row.CauseRaw = call.End?.Raw;
        row.AudioCodec = Codec(call, MediaKind.Audio);
        row.VideoCodec = Codec(call, MediaKind.Video);
        row.PacketsReceived = call.Media.Sum(m => m.PacketsReceived);
        row.PacketsLost = call.Media.Sum(m => m.PacketsLost);
        var expected = row.PacketsReceived + row.PacketsLost;
        row.LossPercent = expected > 0 ? 100.0 * row.PacketsLost / expected : 0;
        row.JitterMs = call.Media.Count > 0 ? call.Media.Max(m => m.JitterMs) : 0;
    }

    /// <summary>The start as the database keeps it, to the millisecond; with the call id it names the row.</summary>
    public static DateTimeOffset Time(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private static string? Codec(CallSnapshot call, MediaKind kind) => call.Media.FirstOrDefault(m => m.Kind == kind)?.Format?.EncodingName;
}
