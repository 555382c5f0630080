// RFC 3262 section 3: provisional responses sent reliably, because the caller requires it.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

/// <summary>One reliable provisional response at a time; further ones wait for the PRACK.</summary>
internal sealed class SipReliableProvisional : ISipTimerOwner
{
    private const int MaxWaiting = 8;

    private readonly SipCore _core;
    private readonly SipCall _call;
    private readonly SipTimer _timer;
    private readonly Queue<SipResponse> _waiting = [];
    private SipServerTransaction? _transaction;
    private byte[]? _bytes;
    private TimeSpan _interval;
    private Instant _giveUp;
    private uint _rseq;

    public SipReliableProvisional(SipCore core, SipCall call)
    {
        (_core, _call) = (core, call);
        _timer = new SipTimer(this);
    }

    public bool IsWaiting => _timer.IsSet;

    public void Send(SipServerTransaction transaction, SipResponse response, Instant now)
    {
        _transaction = transaction;
        if (IsWaiting)
        {
            if (_waiting.Count < MaxWaiting) _waiting.Enqueue(response);
            return;
        }

        if (_rseq == 0) _rseq = (uint)(_core.Random.NextDouble() * int.MaxValue);
        _rseq++;
        _call.Respond(transaction, response with { Headers = [.. response.Headers, ("Require", "100rel"), ("RSeq", $"{_rseq}")] }, now);
        _bytes = transaction.LastResponse;
        _interval = _core.Options.Timers.T1;
        _giveUp = now + _core.Options.Timers.Transaction;
        _core.Timers.Set(_timer, now + _interval);
    }

    /// <summary>True where the PRACK fits the response under way.</summary>
    public bool OnPrack(SipMessage prack, Instant now)
    {
        if (!IsWaiting || prack.Text(SipHeader.RAck)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var rseq, var cseq, "INVITE"]) return false;
        if (rseq != $"{_rseq}" || cseq != $"{_transaction!.Request.CSeq}") return false;
        _core.Timers.Cancel(_timer);
        if (_waiting.TryDequeue(out var next)) Send(_transaction, next, now);
        return true;
    }

    public void Stop()
    {
        _core.Timers.Cancel(_timer);
        _waiting.Clear();
    }

    public void OnTimer(SipTimer timer, Instant now)
    {
        if (now >= _giveUp)
        {
            _call.NoPrack(now);
            return;
        }

        if (_bytes is not null) _core.Layer.Send(_transaction!.ReplyTo, _bytes);
        _interval *= 2;
        _core.Timers.Set(_timer, Instant.Min(now + _interval, _giveUp));
    }
}
