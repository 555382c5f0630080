using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Hosting;

/// <summary>A call and what was asked for.</summary>
/// <param name="Call">The call at this moment.</param>
/// <param name="Request">What was asked for, without the password.</param>
/// <param name="HasPassword">A password came with the request.</param>
/// <param name="IsSettled">Nothing will be added any more.</param>
public sealed record TracedCall(CallSnapshot Call, CallRequest Request, bool HasPassword, bool IsSettled);

/// <summary>Reads the trace of one call to its end, even if the engine has let go of it meanwhile. Any thread.</summary>
public sealed class CallTraceReader
{
    // After this nothing more is taken in; see SipTap.
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(5);

    private readonly CallTrace _trace;
    private readonly CallSnapshot _first;
    private readonly Func<CallId, CallSnapshot?> _up;
    private readonly EngineClock _clock;

    internal CallTraceReader(CallTrace trace, CallSnapshot first, Func<CallId, CallSnapshot?> up, EngineClock clock) => (_trace, _first, _up, _clock) = (trace, first, up, clock);

    /// <summary>Id of the call.</summary>
    public CallId Id => _trace.Id;

    /// <summary>When it was asked for; tells calls of one id apart.</summary>
    public DateTimeOffset CreatedAt => _trace.CreatedAt;

    /// <summary>The call is over; some answers may yet come.</summary>
    public bool HasEnded => _trace.EndedAt != Instant.Never;

    /// <summary>Nothing will be added any more, 5 s after the end.</summary>
    public bool IsSettled => HasEnded && _clock.Now - _trace.EndedAt > Settles;

    /// <summary>The call at this moment.</summary>
    public TracedCall Now
    {
        get
        {
            // The snapshot of the manager is fresher; the trace's own is there a little longer.
            var settled = IsSettled;
            var call = _up(Id) is { } up && up.CreatedAt == CreatedAt ? up : _trace.Call ?? _first;
            return new TracedCall(call, _trace.Request, _trace.HasPassword, settled);
        }
    }

    /// <summary>
    /// What is new since a cursor (the default one: everything); with <paramref name="settledOnly"/> without messages and marks that may yet be left
    /// out for want of room.
    /// </summary>
    public TracePart Read(TraceCursor since = default, bool settledOnly = false) => _trace.Read(since, settledOnly);
}
