using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Data;

/// <summary>What a call's page says above its tabs: the same for a call that is up and for one of the history.</summary>
internal sealed record CallFacts
{
    public required string CallId { get; init; }
    public required string StreamName { get; init; }
    public required string Caller { get; init; }
    public required string Callee { get; init; }
    public required string Domain { get; init; }

    /// <summary>The other side called us.</summary>
    public bool Incoming { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When it ended; for an interrupted one the last moment that is known of it.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    public required CallStatus Status { get; init; }

    /// <summary>The program went down while the call was up.</summary>
    public bool Interrupted { get; init; }
    public int? SipStatus { get; init; }
    public CallEnd? End { get; init; }
    public CallHealth? Health { get; init; }
    public string? AudioCodec { get; init; }
    public string? VideoCodec { get; init; }

    /// <summary>What was asked for; null for calls of before it was kept.</summary>
    public StoredRequest? Request { get; init; }

    /// <summary>The engine's own view; null once the call is history.</summary>
    public CallSnapshot? Snapshot { get; init; }

    /// <summary>Whom to call to reach the other side.</summary>
    public string Other => Incoming ? Caller : Callee;

    /// <summary>The login of our side.</summary>
    public string Login => Incoming ? Callee : Caller;

    public bool IsEnded => EndedAt is not null || Interrupted;

    public static CallFacts From(TracedCall traced)
    {
        var call = traced.Call;
        return new CallFacts
        {
            CallId = call.Id.Value, StreamName = call.StreamName.Value, Caller = call.Caller, Callee = call.Callee, Domain = call.Domain, Incoming = call.Incoming, StartedAt = call.CreatedAt,
            AnsweredAt = call.AnsweredAt, EndedAt = call.EndedAt, Status = call.Status, SipStatus = call.SipStatus, End = call.End, Health = call.Health,
            AudioCodec = Codec(call, MediaKind.Audio), VideoCodec = Codec(call, MediaKind.Video), Request = StoredRequest.From(traced), Snapshot = call,
        };
    }

    public static CallFacts From(CallRecord row, TimeSpan lastHeard)
    {
        var failed = row.Failed || row.Interrupted;
        return new CallFacts
        {
            CallId = row.CallId, StreamName = row.StreamName, Caller = row.Caller, Callee = row.Callee, Domain = row.Domain, Incoming = row.Incoming, StartedAt = row.StartedAt,
            AnsweredAt = row.AnsweredAt, EndedAt = row.EndedAt ?? (row.Interrupted ? row.StartedAt + lastHeard : null), Status = StatusOf(row), Interrupted = row.Interrupted,
            SipStatus = row.SipStatus, AudioCodec = row.AudioCodec, VideoCodec = row.VideoCodec, Request = StoredRequest.Parse(row.Request),
            End = row.CauseTitle is { } title ? new CallEnd(row.CauseCode ?? "", failed, null, title, row.CauseAdvice ?? "", row.SipStatus, row.CauseRaw) : null,
        };
    }

    private static CallStatus StatusOf(CallRecord row) => row.Interrupted ? CallStatus.Failed
        : Enum.TryParse<CallStatus>(row.Status.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var status) ? status
        : row.Failed ? CallStatus.Failed : CallStatus.Finish;

    private static string? Codec(CallSnapshot call, MediaKind kind) => call.Media.FirstOrDefault(m => m.Kind == kind)?.Format?.EncodingName;
}

/// <summary>A call with everything that is kept of it.</summary>
/// <param name="Call">Who, when, how it went.</param>
/// <param name="Trace">SIP messages, states, spans, log and buckets.</param>
/// <param name="IsLive">More may come: <c>/live/calls/{id}</c> goes on from <see cref="TracePart.Next"/>.</param>
internal sealed record CallTraceView(CallFacts Call, TracePart Trace, bool IsLive);
