using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls;

/// <summary>The calls of an engine: starts, finds and ends them. Any thread may ask; the work is done on the sip loop.</summary>
internal sealed partial class CallManager(CallServices services, CallEvents events) : ICallWatcher
{
    private readonly ConcurrentDictionary<CallId, CallSession> _calls = new();
    private readonly ConcurrentDictionary<CallId, (CallSnapshot Call, Instant Until)> _ended = new();
    private readonly Lock _starting = new();
    private readonly OwnerLimits _owners = new(services.Options.MaxOfOwner, services.Options.OwnerPerMinute);
    private readonly ILogger _logger = services.Logger;
    private volatile bool _closed;
    private volatile bool _draining;

    /// <summary>Calls that are up, and those that ended a few seconds ago.</summary>
    public IReadOnlyList<CallSnapshot> All
    {
        get
        {
            ForgetOld();
            return [.. _calls.Values.Select(c => c.Snapshot).Concat(_ended.Values.Select(e => e.Call)).DistinctBy(c => c.Id).OrderBy(c => c.CreatedAt)];
        }
    }

    /// <summary>True: calls that come in are refused with 503.</summary>
    public bool Draining { get => _draining; set => _draining = value; }

    /// <summary>True while calls that come in are refused with 503 because the machine has enough to do.</summary>
    public Func<bool> IsOverloaded { get; set; } = static () => false;

    /// <summary>Calls that are up.</summary>
    public int Count => _calls.Count;

    public Outcome<CallSnapshot> Start(CallRequest request)
    {
        if (CallRequestCheck.Check(request) is { Count: > 0 } wrong) return wrong;
        if (services.Options.Rules.Check(request) is { } forbidden) return forbidden;
        var id = request.CallId is { } given && CallId.TryParse(given, out var parsed) ? parsed : CallId.New();
        if (!StreamName.TryParse(request.ToStream ?? id.Value, out var name)) return new Failure("invalid-field", Blame.Caller, "toStream is not a stream name") { Field = "toStream" };
        CallSession session;
        lock (_starting)
        {
            if (_closed) return NotRunning;
            if (_calls.ContainsKey(id)) return new Failure("call-id-taken", Blame.Caller, $"A call with the id \"{id}\" is up", "Choose another callId.") { Field = "callId" };
            if (request.Owner is { } owner && _owners.Check(owner, _calls.Values.Count(c => c.Owner == owner), services.Clock.Now) is { } tooMany) return tooMany;
            if (_calls.Count >= services.Options.MaxCalls)
                return new Failure("call-limit", Blame.Server, $"The limit of {services.Options.MaxCalls} calls is reached", "End some calls, or raise Limits:Calls.") { Retryable = true };
            if (!services.Hub.TryReserve(name, id, out var publisher))
                return new Failure("stream-taken", Blame.Caller, $"The stream name \"{name}\" is in use", $"Choose another toStream; \"{Free(name)}\" is free.") { Field = "toStream" };
            if (request.Owner is { } starter) _owners.Started(starter, services.Clock.Now);
            session = new CallSession(services, id, request, publisher, this);
            _ended.TryRemove(id, out _);
            _calls[id] = session;
        }

        services.Sip.Loop.Post(static s => s.Start(), session);
        return session.Snapshot;
    }

    // "reception-2", "reception-3", ...
    private string Free(StreamName taken)
    {
        var stem = taken.Value.Length <= StreamName.MaxLength - 5 ? taken.Value : taken.Value[..^5];
        for (var number = 2; ; number++) if (StreamName.TryParse($"{stem}-{number}", out var name) && services.Hub.Find(name) is null) return name.Value;
    }

    /// <summary>The call of that id, up or just ended; else null.</summary>
    public CallSnapshot? Find(CallId id)
    {
        if (_calls.TryGetValue(id, out var session)) return session.Snapshot;
        return _ended.TryGetValue(id, out var ended) && ended.Until > services.Clock.Now ? ended.Call : null;
    }

    /// <summary>Ends a call; false where none of that id is up. It is gone from the calls that are up when the task ends.</summary>
    public async Task<bool> HangUpAsync(CallId id, CallEnd cause)
    {
        if (!_calls.TryGetValue(id, out var session)) return false;
        return await OnLoopAsync(
            () =>
            {
                var wasUp = !session.Snapshot.IsEnded;
                session.HangUp(cause);
                return Task.FromResult(wasUp);
            },
            false);
    }

    // Gives the second where the loop has ended, and with it the engine.
    private async Task<T> OnLoopAsync<T>(Func<Task<T>> work, T over)
    {
        try
        {
            return await await services.Sip.Loop.InvokeAsync(work);
        }
        catch (ObjectDisposedException)
        {
            return over;
        }
    }

    /// <summary>Refuses new calls and ends all that are up.</summary>
    public async Task CloseAsync()
    {
        lock (_starting) _closed = true;
        foreach (var id in _calls.Keys) await HangUpAsync(id, CallCauses.ShutDown);
    }

    internal static Failure NotRunning { get; } = new("not-running", Blame.Server, "The media engine is not running") { Retryable = true };

    void ICallWatcher.Changed(CallSession session)
    {
        var call = session.Snapshot;
        if (call.IsEnded && _calls.TryGetValue(call.Id, out var known) && ReferenceEquals(known, session))
        {
            // In this order: a call that ends can be found at every moment, in one place or the other.
            _ended[call.Id] = (call, services.Clock.Now + services.Options.KeepEnded);
            _calls.TryRemove(call.Id, out _);
        }

        events.Changed(call);
        ForgetOld();
    }

    private void ForgetOld()
    {
        var now = services.Clock.Now;
        foreach (var (id, ended) in _ended) if (ended.Until <= now) _ended.TryRemove(id, out _);
    }
}
