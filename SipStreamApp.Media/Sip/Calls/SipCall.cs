// RFC 3261 section 13-15: one call, either direction. This file: state, the dialog, how it ends.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal enum SipCallState
{
    /// <summary>Ours, not answered yet.</summary>
    Calling,

    /// <summary>Theirs, not answered yet.</summary>
    Incoming,

    /// <summary>Answered.</summary>
    Up,

    /// <summary>Over; its last event is out.</summary>
    Over,
}

/// <summary>One INVITE usage. Emits exactly one last event: failed, cancelled or ended.</summary>
internal sealed partial class SipCall : ISipRequestUser, ISipTimerOwner
{
    internal const string Allow = "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, INFO, NOTIFY";

    private readonly SipCore _core;
    private readonly ISipCallTable _table;
    private readonly string _contactUser;
    private readonly DigestClient _digest;
    private readonly SipSessionTimer _session;
    private SipDialog? _dialog;
    private ReadOnlyMemory<byte> _localSdp;
    private bool _peerTakesUpdate;

    private SipCall(SipCore core, ISipCallTable table, string callId, string contactUser, SipCredentials? credentials)
    {
        (_core, _table, CallId, _contactUser) = (core, table, callId, contactUser);
        Handle = new SipCallHandle(core.NextId());
        LocalTag = core.Random.Token();
        _digest = new DigestClient(credentials, core.Random);
        _session = new SipSessionTimer(core, this);
        (_guard, _glare) = (new SipTimer(this), new SipTimer(this));
        _answer = new SipAnswerRepeater(core, this);
        _reliable = new SipReliableProvisional(core, this);
    }

    public SipCallHandle Handle { get; }

    public string CallId { get; }

    public string LocalTag { get; }

    public SipCallState State { get; private set; }

    /// <summary>Hangs up, whatever the state: CANCEL, a refusal, or BYE.</summary>
    public void Hangup(string? reason, Instant now)
    {
        switch (State)
        {
            case SipCallState.Calling:
                CancelInvite(reason, now);
                break;
            case SipCallState.Incoming:
                Reject(480, null, now);
                break;
            case SipCallState.Up:
                SendBye(_dialog!, reason, now);
                End(SipCallEnd.Local, reason, now);
                break;
        }
    }

    /// <summary>Ends a call that is up because of us or a timer: BYE, then the last event.</summary>
    internal void Abort(SipCallEnd by, string? reason, Instant now)
    {
        if (State != SipCallState.Up) return;
        SendBye(_dialog!, reason, now);
        End(by, reason, now);
    }

    public void OnProvisional(SipOutgoingRequest request, SipMessage response, Instant now)
    {
        if (request == _invite && State == SipCallState.Calling) InviteProvisional(response, now);
    }

    public void OnFinal(SipOutgoingRequest request, SipMessage response, Instant now)
    {
        if (request == _invite) InviteFinal(response, now);
        else if (request == _offer || request.Draft.Method == "INVITE") OfferFinal(request, response, now);
        else if (request == _refer) ReferFinal(response.StatusCode, response.ReasonPhrase, now);
        else if (request.Draft.Method == "INFO") InfoFinal(request, response.StatusCode, now);
    }

    public void OnFailed(SipOutgoingRequest request, SipFailureKind kind, Instant now)
    {
        if (request == _invite) InviteFailed(new SipFailure(kind), now);
        else if (request == _offer) OfferFailed(request, kind, now);
        else if (request == _refer) ReferFinal(0, "", now);
        else if (request.Draft.Method == "INFO") InfoFinal(request, 0, now);
    }

    public void OnTimer(SipTimer timer, Instant now)
    {
        if (timer == _glare) SendWaitingOffer(now);
        else if (timer == _guard && State == SipCallState.Incoming)
        {
            _core.Emit(new SipCallCancelled(Handle, null));
            Refuse(480, null, now);
        }
    }

    private void SendBye(SipDialog dialog, string? reason, Instant now)
    {
        var draft = dialog.Draft("BYE");
        if (reason is not null) draft.Headers.Add(("Reason", reason));
        new SipOutgoingRequest(_core, draft, _digest, null).Start(now);
    }

    private void Over(SipEvent last)
    {
        State = SipCallState.Over;
        _session.Stop();
        _answer.Stop();
        _reliable.Stop();
        _refer = null;
        _core.Timers.Cancel(_guard);
        _core.Timers.Cancel(_glare);
        _early.Clear();
        _core.Emit(last);
        _table.Remove(this);
    }

    private void End(SipCallEnd by, string? reason, Instant now)
    {
        FinishPendingRequests(now);
        Over(new SipCallEnded(Handle, by, reason));
    }

    private void LearnPeer(SipMessage message)
    {
        if (message.Has(SipHeader.Allow)) _peerTakesUpdate = message.HasToken(SipHeader.Allow, "UPDATE"u8);
    }
}

/// <summary>Where calls are found.</summary>
internal interface ISipCallTable
{
    void Remove(SipCall call);

    /// <summary>Sends a response through the transaction, with the headers every response has.</summary>
    void Respond(SipServerTransaction transaction, SipResponse response, Instant now);
}
