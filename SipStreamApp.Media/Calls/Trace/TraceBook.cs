using System.Collections.Concurrent;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Trace;

/// <summary>The traces of all calls that are up, and for half a minute of those that ended: the last answers come after the end.</summary>
internal sealed class TraceBook(EngineClock clock)
{
    /// <summary>How long the trace of an ended call stays. 30 s.</summary>
    public static readonly TimeSpan KeepEnded = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(CallId Id, DateTimeOffset CreatedAt), CallTrace> _traces = new();

    /// <summary>All that are kept, oldest first.</summary>
    public IReadOnlyList<CallTrace> All => [.. _traces.Values.OrderBy(t => t.Start)];

    public CallTrace Open(CallId id, CallRequest request, DateTimeOffset createdAt)
    {
        foreach (var (key, old) in _traces) if (old.EndedAt != Instant.Never && clock.Now - old.EndedAt > KeepEnded) _traces.TryRemove(key, out _);
        return _traces[(id, createdAt)] = new CallTrace(id, request, createdAt, clock);
    }

    /// <summary>The newest call of that id, or null.</summary>
    public CallTrace? Find(CallId id) => _traces.Values.Where(t => t.Id == id && !IsOld(t)).MaxBy(t => t.Start);

    /// <summary>That very call, or null.</summary>
    public CallTrace? Find(CallId id, DateTimeOffset createdAt) => _traces.GetValueOrDefault((id, createdAt));

    private bool IsOld(CallTrace trace) => trace.EndedAt != Instant.Never && clock.Now - trace.EndedAt > KeepEnded;
}
