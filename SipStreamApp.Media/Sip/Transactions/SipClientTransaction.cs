// RFC 3261 section 17.1.1 (INVITE), 17.1.2 (others), RFC 6026 section 8.4 (Accepted).
//
//   INVITE:  Calling -1xx-> Proceeding -2xx-> Accepted -M-> Terminated        A: resend, B: give up
//               |               '-----3xx-6xx-> Completed -D-> Terminated     ACK sent by the transaction
//   others:  Trying  -1xx-> Proceeding -final-> Completed -K-> Terminated     E: resend, F: give up
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal enum SipClientState
{
    Calling,
    Proceeding,
    Accepted,
    Completed,
    Terminated,
}

/// <summary>Who hears of a client transaction. Called after the transaction has changed its state.</summary>
internal interface ISipClientTransactionUser
{
    void OnResponse(SipClientTransaction transaction, SipMessage response, Instant now);

    /// <summary>No final response came, or the message could not be sent.</summary>
    void OnFailed(SipClientTransaction transaction, SipFailureKind kind, Instant now);
}

/// <summary>One request and its responses.</summary>
internal sealed class SipClientTransaction : ISipTimerOwner
{
    private readonly SipTransactionLayer _layer;
    private readonly SipTimer _resend;
    private readonly SipTimer _life;
    private readonly byte[] _bytes;
    private readonly ISipClientTransactionUser? _user;
    private TimeSpan _interval;
    private byte[]? _ack;

    public SipClientTransaction(SipTransactionLayer layer, string branch, SipMethod method, byte[] bytes, SipEndpoint target, ISipClientTransactionUser? user)
    {
        (_layer, Branch, Method, _bytes, Target, _user) = (layer, branch, method, bytes, target, user);
        (_resend, _life) = (new SipTimer(this), new SipTimer(this));
    }

    public string Branch { get; }

    public SipMethod Method { get; }

    public SipEndpoint Target { get; }

    public SipClientState State { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes;

    private bool IsInvite => Method == SipMethod.Invite;

    private SipTimers Timers => _layer.Timers;

    public void Start(Instant now)
    {
        _interval = Timers.T1;
        _layer.Send(Target, _bytes);
        if (!Target.IsReliable) _layer.Queue.Set(_resend, now + _interval);
        _layer.Queue.Set(_life, now + Timers.Transaction);
    }

    public void OnResponse(SipMessage response, Instant now)
    {
        var code = response.StatusCode;
        switch (State)
        {
            case SipClientState.Calling or SipClientState.Proceeding when code < 200:
                State = SipClientState.Proceeding;
                if (IsInvite)
                {
                    // A ringing phone may ring long: the owner of the call has a limit, the transaction has none (section 17.1.1.2).
                    _layer.Queue.Cancel(_resend);
                    _layer.Queue.Cancel(_life);
                }

                _user?.OnResponse(this, response, now);
                break;
            case SipClientState.Calling or SipClientState.Proceeding when IsInvite && code < 300:
                Enter(SipClientState.Accepted, Timers.Transaction, now);
                _user?.OnResponse(this, response, now);
                break;
            case SipClientState.Calling or SipClientState.Proceeding when IsInvite:
                _ack = SipAck.ForFailure(_layer.Writer, _bytes, response);
                SendAck();
                Enter(SipClientState.Completed, Target.IsReliable ? TimeSpan.Zero : Timers.D, now);
                _user?.OnResponse(this, response, now);
                break;
            case SipClientState.Calling or SipClientState.Proceeding:
                Enter(SipClientState.Completed, Target.IsReliable ? TimeSpan.Zero : Timers.T4, now);
                _user?.OnResponse(this, response, now);
                break;
            case SipClientState.Accepted when code is >= 200 and < 300:
                _user?.OnResponse(this, response, now);
                break;
            case SipClientState.Completed when IsInvite && code >= 300:
                SendAck();
                break;
        }
    }

    public void OnTimer(SipTimer timer, Instant now)
    {
        if (timer == _resend)
        {
            _layer.Send(Target, _bytes);
            _interval = State == SipClientState.Proceeding ? Timers.T2 : _interval * 2;
            if (!IsInvite && _interval > Timers.T2) _interval = Timers.T2;
            _layer.Queue.Set(_resend, now + _interval);
        }
        else if (State is SipClientState.Calling or SipClientState.Proceeding) Fail(SipFailureKind.Timeout, now);
        else Terminate();
    }

    /// <summary>The host could not deliver to <see cref="Target"/>.</summary>
    public void OnTransportError(Instant now)
    {
        if (State is SipClientState.Calling or SipClientState.Proceeding) Fail(SipFailureKind.TransportError, now);
        else if (State == SipClientState.Completed) Terminate();
    }

    /// <summary>Forgets the transaction without telling its user.</summary>
    public void Terminate()
    {
        State = SipClientState.Terminated;
        _layer.Queue.Cancel(_resend);
        _layer.Queue.Cancel(_life);
        _layer.Remove(this);
    }

    private void Fail(SipFailureKind kind, Instant now)
    {
        Terminate();
        _user?.OnFailed(this, kind, now);
    }

    private void SendAck()
    {
        if (_ack is not null) _layer.Send(Target, _ack);
    }

    private void Enter(SipClientState state, TimeSpan life, Instant now)
    {
        State = state;
        _layer.Queue.Cancel(_resend);
        if (life == TimeSpan.Zero) Terminate();
        else _layer.Queue.Set(_life, now + life);
    }
}
