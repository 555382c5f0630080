using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;

namespace SipStreamApp.Data;

/// <summary>The traces of all calls: of the engine while it keeps them, with what it has let go of a long one from the database; else of the history.</summary>
internal sealed class CallTraces(EngineTraces engine, StoredTraces stored)
{
    /// <summary>Failure codes: "call-not-found", "database".</summary>
    public async Task<Outcome<CallTraceView>> FindAsync(string callId, CancellationToken cancel)
    {
        var live = engine.Find(callId);
        if (live is not null && FirstSecond(live.Trace) < 60) return live;
        var kept = await stored.FindAsync(callId, cancel);
        if (live is null) return kept;
        return kept.Succeeded && kept.Value.Call.StartedAt == HistoryRow.Time(live.Call.StartedAt) ? live with { Trace = Join(kept.Value.Trace, live.Trace) } : live;
    }

    private static int FirstSecond(TracePart part) => part.Stream.Count == 0 ? 0 : part.Stream[0].Second;

    private static TracePart Join(TracePart kept, TracePart live) => live with
    {
        Audio = Join(kept.Audio, live.Audio), Video = Join(kept.Video, live.Video), Stream = Join(kept.Stream, live.Stream),
    };

    private static IReadOnlyList<QualityBucket> Join(IReadOnlyList<QualityBucket> kept, IReadOnlyList<QualityBucket> live) =>
        live.Count == 0 ? kept : [.. kept.Where(b => b.Second < live[0].Second), .. live];
}
