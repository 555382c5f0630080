// RFC 3261 section 17.2.1 (INVITE), 17.2.2 (others), RFC 6026 section 8.7 (Accepted).
//
//   INVITE:  Proceeding -2xx-> Accepted -L-> Terminated                       2xx are repeated by the call, not here
//                '---3xx-6xx-> Completed -ACK-> Confirmed -I-> Terminated     G: resend, H: no ACK came
//   others:  Trying -1xx-> Proceeding -final-> Completed -J-> Terminated
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal enum SipServerState
{
    Trying,
    Proceeding,
    Accepted,
    Completed,
    Confirmed,
    Terminated,
}

/// <summary>One received request and our responses to it.</summary>
internal sealed class SipServerTransaction : ISipTimerOwner
{
    private readonly SipTransactionLayer _layer;
    private readonly SipTimer _resend;
    private readonly SipTimer _life;
    private TimeSpan _interval;
    private byte[]? _last;

    public SipServerTransaction(SipTransactionLayer layer, string key, string? mergeKey, SipMessage request, SipEndpoint source)
    {
        (_layer, Key, MergeKey, Request, Source) = (layer, key, mergeKey, request, source);
        (_resend, _life) = (new SipTimer(this), new SipTimer(this));
        ReplyTo = SipResponses.Destination(request, source);
        State = IsInvite ? SipServerState.Proceeding : SipServerState.Trying;
    }

    public string Key { get; }

    /// <summary>Same for copies of one request that came along different ways (section 8.2.2.2); null inside a dialog.</summary>
    public string? MergeKey { get; }

    public SipMessage Request { get; }

    /// <summary>Where the request came from.</summary>
    public SipEndpoint Source { get; }

    /// <summary>Where responses go.</summary>
    public SipEndpoint ReplyTo { get; }

    public SipServerState State { get; private set; }

    /// <summary>The To tag of every response but 100: one for the whole transaction.</summary>
    public string? LocalTag { get; set; }

    /// <summary>The call this INVITE belongs to, for CANCEL and ACK.</summary>
    public SipCall? Call { get; set; }

    /// <summary>The last response sent, as bytes.</summary>
    public byte[]? LastResponse => _last;

    public bool IsFinal => State is not (SipServerState.Trying or SipServerState.Proceeding);

    private bool IsInvite => Request.Method == SipMethod.Invite;

    private SipTimers Timers => _layer.Timers;

    public void Respond(int code, byte[] bytes, Instant now)
    {
        if (IsFinal) return;
        _last = bytes;
        _layer.Send(ReplyTo, bytes);
        if (code < 200)
        {
            State = SipServerState.Proceeding;
        }
        else if (!IsInvite)
        {
            Enter(SipServerState.Completed, ReplyTo.IsReliable ? TimeSpan.Zero : Timers.Transaction, now);
        }
        else if (code < 300)
        {
            Enter(SipServerState.Accepted, Timers.Transaction, now);
        }
        else
        {
            _interval = Timers.T1;
            if (!ReplyTo.IsReliable) _layer.Queue.Set(_resend, now + _interval);
            Enter(SipServerState.Completed, Timers.Transaction, now);
        }
    }

    /// <summary>The same request came again: say again what was said. In Accepted the call repeats its 2xx by itself.</summary>
    public void OnRetransmission()
    {
        if (_last is not null && State is SipServerState.Proceeding or SipServerState.Completed) _layer.Send(ReplyTo, _last!);
    }

    /// <summary>ACK of a final response other than 2xx.</summary>
    public void OnAck(Instant now)
    {
        if (State != SipServerState.Completed) return;
        _layer.Queue.Cancel(_resend);
        Enter(SipServerState.Confirmed, ReplyTo.IsReliable ? TimeSpan.Zero : Timers.T4, now);
    }

    public void OnTimer(SipTimer timer, Instant now)
    {
        if (timer != _resend)
        {
            Terminate();
            return;
        }

        if (_last is not null) _layer.Send(ReplyTo, _last);
        _interval = _interval * 2 > Timers.T2 ? Timers.T2 : _interval * 2;
        _layer.Queue.Set(_resend, now + _interval);
    }

    public void Terminate()
    {
        State = SipServerState.Terminated;
        _layer.Queue.Cancel(_resend);
        _layer.Queue.Cancel(_life);
        _layer.Remove(this);
    }

    private void Enter(SipServerState state, TimeSpan life, Instant now)
    {
        State = state;
        if (life == TimeSpan.Zero) Terminate();
        else _layer.Queue.Set(_life, now + life);
    }
}
