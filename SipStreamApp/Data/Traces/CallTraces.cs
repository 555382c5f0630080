using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Data;

/// <summary>The traces of all calls: of the engine while it keeps them, with what it has let go of a long one from the database; else of the history.</summary>
internal sealed class CallTraces(EngineTraces engine, StoredTraces stored, Database database)
{
    /// <summary>Failure codes: "call-not-found", "database".</summary>
    public async Task<Outcome<CallTraceView>> FindAsync(string callId, CancellationToken cancel)
    {
        var live = await engine.FindAsync(callId, cancel);
        if (live is not null && FirstSecond(live.Trace) < 60) return live;
        try
        {
            var kept = await stored.FindAsync(callId, cancel);
            if (live is not null) return kept is null || kept.Call.StartedAt != HistoryRow.Time(live.Call.StartedAt) ? live : live with { Trace = Join(kept.Trace, live.Trace) };
            return kept is not null ? kept : NotFound(callId);
        }
        catch (Exception e) when (DatabaseFaults.IsFault(e, cancel))
        {
            database.Bad(e);
            return live is not null ? live : new Failure("database", Blame.Server, DatabaseFaults.Explain(e)) { Retryable = true };
        }
    }

    private static Failure NotFound(string callId) =>
        new("call-not-found", Blame.Caller, $"There is no call \"{callId}\"", "It may be older than History:RetentionDays and deleted, or never was.");

    private static int FirstSecond(TracePart part) => part.Stream.Count == 0 ? 0 : part.Stream[0].Second;

    private static TracePart Join(TracePart kept, TracePart live) => live with
    {
        Audio = Join(kept.Audio, live.Audio), Video = Join(kept.Video, live.Video), Stream = Join(kept.Stream, live.Stream),
    };

    private static IReadOnlyList<QualityBucket> Join(IReadOnlyList<QualityBucket> kept, IReadOnlyList<QualityBucket> live) =>
        live.Count == 0 ? kept : [.. kept.Where(b => b.Second < live[0].Second), .. live];
}
