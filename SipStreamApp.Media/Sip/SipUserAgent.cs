// RFC 3261: the user agent as its host sees it. Pure: bytes, commands and the time in; bytes, events and the next deadline out.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>
/// Calls and registrations over any number of transports. Owned by one loop; after every input drain both queues,
/// then sleep until <see cref="NextDeadline"/>.
/// </summary>
internal sealed partial class SipUserAgent : ISipCallTable
{
    private readonly SipCore _core;
    private readonly Dictionary<SipCallHandle, SipCall> _calls = [];
    private readonly Dictionary<(string CallId, string LocalTag), SipCall> _dialogs = [];
    private readonly Dictionary<SipRegistrationHandle, SipRegistration> _registrations = [];

    public SipUserAgent(SipUserAgentOptions options) => _core = new SipCore(options);

    public int CallCount => _calls.Count;

    public int RegistrationCount => _registrations.Count;

    /// <summary>Client and server transactions that still live.</summary>
    public int TransactionCount => _core.Layer.ClientCount + _core.Layer.ServerCount;

    /// <summary>Messages that could not be parsed, or belonged to nothing.</summary>
    public long Dropped { get; private set; }

    public Instant NextDeadline => _core.Timers.NextDeadline;

    /// <summary>The next message to send.</summary>
    public bool TryTakeMessage(out SipOutgoing message) => _core.Output.TryDequeue(out message);

    /// <summary>The next thing that happened.</summary>
    public bool TryTakeEvent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SipEvent? e) => _core.Events.TryDequeue(out e);

    /// <summary>Runs everything that is due.</summary>
    public void Tick(Instant now)
    {
        while (_core.Timers.TryTakeDue(now, out var timer)) timer.Owner.OnTimer(timer, now);
    }

    /// <summary>A message could not be sent to, or a connection broke with, that destination.</summary>
    public void TransportFailed(SipEndpoint destination, Instant now)
    {
        _core.Unlearn(destination);
        _core.Layer.OnTransportError(destination, now);
        foreach (var registration in _registrations.Values) registration.OnTransportFailed(destination, now);
    }

    /// <summary>Answers a <see cref="SipResolveNeeded"/>; an empty list where nothing was found.</summary>
    public void Resolved(long id, IReadOnlyList<SipEndpoint> targets, Instant now) => _core.Resolved(id, targets, now);

    /// <summary>Places a call.</summary>
    public SipCallHandle StartCall(SipCallRequest request, Instant now)
    {
        var call = SipCall.Start(_core, this, request);
        if (_calls.Count >= _core.Options.MaxCalls)
        {
            _core.Emit(new SipCallFailed(call.Handle, new SipFailure(SipFailureKind.LimitReached)));
            return call.Handle;
        }

        Add(call);
        call.SendInvite(request.RequestUri, false, now);
        return call.Handle;
    }

    /// <summary>Ends a call in whatever state it is; its last event follows. A reason is a Reason header value (RFC 3326).</summary>
    public void Hangup(SipCallHandle call, Instant now, string? reason = null) => Find(call)?.Hangup(reason, now);

    /// <summary>Provisional response to an incoming call, with a session description for early media.</summary>
    public void Ring(SipCallHandle call, int code, ReadOnlyMemory<byte> sdp, Instant now) => Find(call)?.Ring(code, sdp, now);

    public void Answer(SipCallHandle call, ReadOnlyMemory<byte> sdp, Instant now) => Find(call)?.Answer(sdp, now);

    public void Reject(SipCallHandle call, int code, string? phrase, Instant now) => Find(call)?.Reject(code, phrase, now);

    /// <summary>Agrees to a <see cref="SipOfferReceived"/>.</summary>
    public void Accept(SipCallHandle call, ReadOnlyMemory<byte> sdp, Instant now) => Find(call)?.Accept(sdp, now);

    /// <summary>Refuses a <see cref="SipOfferReceived"/>.</summary>
    public void RejectOffer(SipCallHandle call, int code, Instant now) => Find(call)?.RejectOffer(code, now);

    /// <summary>Sends a new offer by re-INVITE, or by UPDATE where asked for and understood.</summary>
    public void Reoffer(SipCallHandle call, ReadOnlyMemory<byte> sdp, Instant now, bool byUpdate = false) => Find(call)?.Reoffer(sdp, byUpdate, now);

    public void SendInfo(SipCallHandle call, string contentType, ReadOnlyMemory<byte> body, Instant now) => Find(call)?.SendInfo(contentType, body, now);

    /// <summary>Call-ID of a call and the tag of our end; null once it is gone.</summary>
    public (string CallId, string LocalTag)? DialogOf(SipCallHandle call) => Find(call) is { } found ? (found.CallId, found.LocalTag) : null;

    /// <summary>Call-ID of a registration and its From tag; null once it is gone.</summary>
    public (string CallId, string LocalTag)? DialogOf(SipRegistrationHandle registration) => _registrations.GetValueOrDefault(registration)?.Dialog;

    /// <summary>Asks the other side to call <paramref name="target"/> in our place (REFER); false while an earlier wish is open.</summary>
    /// <param name="call">A call that is up.</param>
    /// <param name="target">Whom it is to call.</param>
    /// <param name="referredBy">Our own address, for the one it calls (RFC 3892).</param>
    /// <param name="now">The time.</param>
    public bool Refer(SipCallHandle call, SipUri target, SipUri referredBy, Instant now) => Find(call)?.Refer(target, referredBy, now) ?? false;

    /// <summary>Keeps an address registered until <see cref="Unregister"/>.</summary>
    public SipRegistrationHandle Register(SipRegistrationRequest request, Instant now)
    {
        var registration = new SipRegistration(_core, request, gone => _registrations.Remove(gone.Handle));
        if (_registrations.Count >= _core.Options.MaxRegistrations)
        {
            _core.Emit(new SipRegistrationFailed(registration.Handle, new SipFailure(SipFailureKind.LimitReached), null));
            return registration.Handle;
        }

        _registrations[registration.Handle] = registration;
        registration.Register(now);
        return registration.Handle;
    }

    /// <summary>Registers again at once, e.g. after the network changed.</summary>
    public void Refresh(SipRegistrationHandle registration, Instant now) => _registrations.GetValueOrDefault(registration)?.Register(now);

    public void Unregister(SipRegistrationHandle registration, Instant now) => _registrations.GetValueOrDefault(registration)?.Unregister(now);

    void ISipCallTable.Remove(SipCall call)
    {
        _calls.Remove(call.Handle);
        _dialogs.Remove((call.CallId, call.LocalTag));
    }

    private SipCall? Find(SipCallHandle handle) => _calls.GetValueOrDefault(handle);

    private void Add(SipCall call)
    {
        _calls[call.Handle] = call;
        _dialogs[(call.CallId, call.LocalTag)] = call;
    }
}
