using System.Collections.Concurrent;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Trace;

/// <summary>
/// The traces of all calls that are up, and of those that ended until somebody has put them away; where nobody does, for half a minute: the last
/// answers come after the end.
/// </summary>
internal sealed class TraceBook(EngineClock clock)
{
    /// <summary>How long the trace of an ended call stays at most. 30 s.</summary>
    public static readonly TimeSpan KeepEnded = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(CallId Id, DateTimeOffset CreatedAt), CallTrace> _traces = new();

    /// <summary>All that are kept, oldest first.</summary>
    public IReadOnlyList<CallTrace> All => [.. _traces.Values.OrderBy(t => t.Start)];

    public CallTrace Open(CallId id, CallRequest request, DateTimeOffset createdAt)
    {
        foreach (var (key, old) in _traces) if (IsOld(old)) _traces.TryRemove(key, out _);
        return _traces[(id, createdAt)] = new CallTrace(id, request, createdAt, clock);
    }

    /// <summary>Lets go of the trace of an ended call: it is kept elsewhere.</summary>
    public void Release(CallId id, DateTimeOffset createdAt)
    {
        if (Find(id, createdAt) is { } trace && trace.EndedAt != Instant.Never) _traces.TryRemove((id, createdAt), out _);
    }

    /// <summary>The newest call of that id, or null.</summary>
    public CallTrace? Find(CallId id) => _traces.Values.Where(t => t.Id == id && !IsOld(t)).MaxBy(t => t.Start);

    /// <summary>That very call, or null.</summary>
    public CallTrace? Find(CallId id, DateTimeOffset createdAt) => _traces.GetValueOrDefault((id, createdAt));

    private bool IsOld(CallTrace trace) => trace.EndedAt != Instant.Never && clock.Now - trace.EndedAt > KeepEnded;
}
