using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls;

/// <content>Calls that come in for identities kept registered, and what is done to calls that are up.</content>
internal sealed partial class CallManager
{
    /// <summary>Takes a call for an identity that is kept registered; on the sip loop. Null where it is for nobody here.</summary>
    public ISipCallOwner? Take(SipCallIncoming incoming, KeptRegistrations kept, Instant now)
    {
        if (kept.Find(incoming) is not { Addresses: { } addresses } registration) return null;
        var caller = CallSession.CallerOf(incoming);
        if (registration.Rule is { } rule && !rule.Takes(caller)) return Refuse(incoming, 403, now, $"{registration.Identity.Login} answers only certain callers, and {caller} is none of them");
        var offered = OfferedCodecs.Read(incoming.Offer.Span, services.Options.AudioCodecs, services.Options.VideoCodecs);
        if (offered is null or { IsEmpty: true }) return Refuse(incoming, 488, now, "it offers no codec that is known here");
        var id = CallId.New();
        if (NameOf(id, caller, registration) is not { } name) return Refuse(incoming, 500, now, "its stream would have no name");
        CallSession session;
        lock (_starting)
        {
            if (_closed || Draining || IsOverloaded() || _calls.Count >= services.Options.MaxCalls) return Refuse(incoming, 503, now, "no more calls are taken now");
            if (!services.Hub.TryReserve(name, id, out var publisher)) return Refuse(incoming, 486, now, $"the stream {name} is in use");
            var request = new CallRequest(registration.Identity.Login, registration.Identity) { HasAudio = !offered.Audio.IsEmpty, HasVideo = !offered.Video.IsEmpty };
            session = new CallSession(services, id, request, publisher, this);
            _calls[id] = session;
        }

        session.Ring(incoming, addresses, offered, now);
        if (registration.Rule is null) events.Incoming(session.Snapshot);
        events.Changed(session.Snapshot);
        if (registration.Rule is not null) session.AnswerAsOffered();
        return session;
    }

    private static StreamName? NameOf(CallId id, string caller, KeptRegistration called)
    {
        if (called.Rule is { } rule) return rule.NameOf(called.Identity.Login, caller, id);
        return StreamName.TryParse(id.Value, out var name) ? name : null;
    }

    /// <summary>Answers a call that rings here.</summary>
    public async Task<Outcome<CallSnapshot>> AnswerAsync(CallId id, Codec? audio, Codec? video, CancellationToken cancel)
    {
        if (!_calls.TryGetValue(id, out var session)) return CallControlFailures.NotFound;
        return await OnLoopAsync(() => Task.FromResult(session.Answer(audio, video)), NotRunning).WaitAsync(cancel);
    }

    /// <summary>Does something to a call that is up, on the sip loop.</summary>
    public async Task<Failure?> ControlAsync(CallId id, Func<CallSession, Task<Failure?>> work, CancellationToken cancel)
    {
        if (!_calls.TryGetValue(id, out var session)) return CallControlFailures.NotFound;
        return await OnLoopAsync(() => work(session), NotRunning).WaitAsync(cancel);
    }

    /// <summary>Stops what is injected; false where nothing was, or there is no such call.</summary>
    public async Task<bool> StopInjectingAsync(CallId id)
    {
        if (!_calls.TryGetValue(id, out var session)) return false;
        return await OnLoopAsync(session.StopInjectingAsync, false);
    }

    void ICallWatcher.Transferred(CallSession call, TransferStatus status) => events.Transferred(call.Snapshot, status);

    private RefusedCall Refuse(SipCallIncoming incoming, int status, Instant now, string why)
    {
        LogRefused(CallSession.CallerOf(incoming), incoming.From, status, why);
        services.Sip.Agent.Reject(incoming.Call, status, null, now);
        return RefusedCall.Instance;
    }

    [LoggerMessage(LogIds.IncomingNotTaken, LogLevel.Information, "The call of {Caller} from {From} was refused with {Status}: {Why}")]
    private partial void LogRefused(string caller, SipEndpoint from, int status, string why);

    // Owns what is over already: its last event has still to be taken.
    private sealed class RefusedCall : ISipCallOwner
    {
        public static readonly RefusedCall Instance = new();

        public void OnSip(SipCallEvent fact, Instant now)
        {
            // Nothing is kept for it.
        }
    }
}

/// <summary>Where facts about calls go; all are called on the sip loop.</summary>
/// <param name="Changed">A call came into being, changed or ended.</param>
/// <param name="Incoming">Somebody calls an identity that is kept registered.</param>
/// <param name="Transferred">A transfer went on.</param>
internal sealed record CallEvents(Action<CallSnapshot> Changed, Action<CallSnapshot> Incoming, Action<CallSnapshot, TransferStatus> Transferred);
