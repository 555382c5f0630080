// RFC 3261 section 13.3.1.4: a 2xx to INVITE is repeated by the UAS core until its ACK comes, whatever the transport.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>Repeats the last 2xx of a call; gives up after 64*T1.</summary>
internal sealed class SipAnswerRepeater : ISipTimerOwner
{
    private readonly SipCore _core;
    private readonly SipCall _call;
    private readonly SipTimer _timer;
    private SipEndpoint _to;
    private byte[]? _bytes;
    private TimeSpan _interval;
    private Instant _giveUp;
    private uint _cseq;
    private bool _wantsAnswer;
    private bool _confirmed;

    public SipAnswerRepeater(SipCore core, SipCall call)
    {
        (_core, _call) = (core, call);
        _timer = new SipTimer(this);
    }

    /// <summary>True while an ACK is owed.</summary>
    public bool IsWaiting => _timer.IsSet;

    public void Start(SipServerTransaction transaction, SipResponse response, bool wantsAnswer, Instant now)
    {
        _call.Respond(transaction, response, now);
        (_to, _bytes, _cseq, _wantsAnswer) = (transaction.ReplyTo, transaction.LastResponse, transaction.Request.CSeq, wantsAnswer);
        _interval = _core.Options.Timers.T1;
        _giveUp = now + _core.Options.Timers.Transaction;
        _core.Timers.Set(_timer, now + _interval);
    }

    /// <summary>True for the ACK that was waited for.</summary>
    public bool OnAck(uint cseq, out bool wantsAnswer, out bool first)
    {
        (wantsAnswer, first) = (_wantsAnswer, !_confirmed);
        if (!_timer.IsSet || cseq != _cseq) return false;
        _confirmed = true;
        Stop();
        return true;
    }

    public void Stop() => _core.Timers.Cancel(_timer);

    public void OnTimer(SipTimer timer, Instant now)
    {
        if (now >= _giveUp)
        {
            _call.Abort(SipCallEnd.NoAck, null, now);
            return;
        }

        if (_bytes is not null) _core.Layer.Send(_to, _bytes);
        _interval = _interval * 2 > _core.Options.Timers.T2 ? _core.Options.Timers.T2 : _interval * 2;
        _core.Timers.Set(_timer, Instant.Min(now + _interval, _giveUp));
    }
}
