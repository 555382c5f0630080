using SipStreamApp.Data;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Api;

/// <summary>One SIP message. <c>t</c> counts in seconds since the call was asked for, as everywhere here.</summary>
internal sealed record TraceMessageObject(
    int N, double T, bool Sent, string Local, string Peer, string Transport, int? RepeatOf, string Label, string Method, int? Status, string Text)
{
    public static TraceMessageObject From(SipTraceMessage m) =>
        new(m.Number, Math.Round(m.At.TotalSeconds, 6), m.Sent, m.Local, m.Peer, m.Transport, m.RepeatOf, m.Label, m.Method, m.Status, m.Text);
}

/// <summary>One mark: a state, a span's begin or end, a log line.</summary>
internal sealed record TraceMarkObject(int N, double T, string Kind, string Level, string Word, string Text, string? Key, bool Ends)
{
    public static TraceMarkObject From(CallMark m) =>
        new(m.Number, Math.Round(m.At.TotalSeconds, 3), Lower(m.Kind), Lower(m.Level), m.Word, m.Text, m.Key, m.Ends);

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

/// <summary>Buckets in columns, to be small: a long call has thousands.</summary>
internal sealed record TraceQualityObject(string[] Columns, double?[][] Audio, double?[][] Video, string[] StreamColumns, double?[][] Stream)
{
    private static readonly string[] Names =
        ["second", "step", "packets", "bytes", "lost", "late", "reordered", "jitterMs", "frames", "keyframes", "mos", "levelDb"];

    private static readonly string[] StreamNames = ["second", "step", "viewers", "avOffsetMs"];

    public static TraceQualityObject From(TracePart part) => new(Names, Rows(part.Audio), Rows(part.Video), StreamNames, [.. part.Stream.Select(StreamRow)]);

    private static double?[][] Rows(IReadOnlyList<QualityBucket> buckets) =>
    [
        .. buckets.Select(b => new double?[]
        {
            b.Second, b.Step, b.Packets, b.Bytes, b.Lost, b.Late, b.Reordered, b.JitterMs, b.Frames, b.Keyframes, b.Mos, b.LevelDb,
        }),
    ];

    private static double?[] StreamRow(QualityBucket b) => [b.Second, b.Step, b.Viewers, b.AvOffsetMs];
}

/// <summary>The verdict.</summary>
internal sealed record TraceHealthObject(string State, string Text)
{
    public static TraceHealthObject? From(CallHealth? health) => health is null ? null : new(health.State.ToString(), health.Text);
}

/// <summary><c>trace.json</c>: a call with everything that is kept of it.</summary>
internal sealed record TraceObject
{
    public required string CallId { get; init; }
    public required string StreamName { get; init; }
    public required string Caller { get; init; }
    public required string Callee { get; init; }
    public required string Domain { get; init; }
    public required bool Incoming { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset? AnsweredAt { get; init; }
    public required DateTimeOffset? EndedAt { get; init; }
    public required string Status { get; init; }
    public required bool Interrupted { get; init; }
    public required int? SipStatus { get; init; }
    public required CallCauseObject? Cause { get; init; }
    public required TraceHealthObject? Health { get; init; }
    public required string? AudioCodec { get; init; }
    public required string? VideoCodec { get; init; }

    /// <summary>True: <c>/live/calls/{callId}?since={cursor}</c> goes on.</summary>
    public required bool IsLive { get; init; }
    public required string Cursor { get; init; }
    public required TraceMessageObject[] Messages { get; init; }

    /// <summary>Messages left out of the middle for want of room.</summary>
    public required int MessagesCut { get; init; }
    public required TraceMarkObject[] Marks { get; init; }
    public required int MarksCut { get; init; }
    public required TraceQualityObject Quality { get; init; }

    public static TraceObject From(CallTraceView view)
    {
        var (call, part) = (view.Call, view.Trace);
        return new TraceObject
        {
            CallId = call.CallId, StreamName = call.StreamName, Caller = call.Caller, Callee = call.Callee, Domain = call.Domain, Incoming = call.Incoming, StartedAt = call.StartedAt,
            AnsweredAt = call.AnsweredAt, EndedAt = call.EndedAt, Status = CallObject.StatusName(call.Status), Interrupted = call.Interrupted, SipStatus = call.SipStatus,
            Cause = call.End is { } end ? new(end.Code, end.Title, end.Advice, end.SipStatus, end.Raw) : null, Health = TraceHealthObject.From(call.Health),
            AudioCodec = call.AudioCodec, VideoCodec = call.VideoCodec, IsLive = view.IsLive, Cursor = TraceCursorText.Of(part.Next),
            Messages = [.. part.Messages.Select(TraceMessageObject.From)], MessagesCut = part.MessagesCut, Marks = [.. part.Marks.Select(TraceMarkObject.From)],
            MarksCut = part.MarksCut, Quality = TraceQualityObject.From(part),
        };
    }
}

/// <summary>What <c>/live/calls/{callId}</c> sends: only what is new.</summary>
internal sealed record TraceDeltaObject
{
    public required string Status { get; init; }
    public required TraceHealthObject? Health { get; init; }

    /// <summary>Seconds since the call was asked for.</summary>
    public required double Now { get; init; }
    public required TraceMessageObject[] Messages { get; init; }
    public required TraceMarkObject[] Marks { get; init; }
    public required TraceQualityObject Quality { get; init; }
}

/// <summary>A cursor as text: "12.4.61".</summary>
internal static class TraceCursorText
{
    public static string Of(TraceCursor cursor) => $"{cursor.Message}.{cursor.Mark}.{cursor.Second}";

    public static bool TryParse(string? text, out TraceCursor cursor)
    {
        cursor = default;
        var parts = (text ?? "").Split('.');
        if (parts.Length != 3 || !int.TryParse(parts[0], out var message) || !int.TryParse(parts[1], out var mark) || !int.TryParse(parts[2], out var second)) return false;
        if (message < 0 || mark < 0 || second < 0) return false;
        cursor = new TraceCursor(message, mark, second);
        return true;
    }
}
