// RFC 3261 section 13.3 (UAS INVITE), 9.2 (CANCEL).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal sealed partial class SipCall
{
    private readonly SipTimer _guard;
    private readonly SipAnswerRepeater _answer;
    private readonly SipReliableProvisional _reliable;
    private SipServerTransaction? _incoming;
    private ReadOnlyMemory<byte>? _heldAnswer;

    /// <summary>Takes an INVITE that passed all checks; null where it cannot make a dialog.</summary>
    public static SipCall? Take(SipCore core, ISipCallTable table, SipServerTransaction transaction, Instant now)
    {
        var invite = transaction.Request;
        var call = new SipCall(core, table, invite.CallId, invite.RequestUri?.User ?? "", null) { State = SipCallState.Incoming, _incoming = transaction };
        if (SipDialog.OfCallee(invite, call.LocalTag) is not { } dialog) return null;
        call._dialog = dialog;
        call.LearnPeer(invite);
        transaction.Call = call;
        transaction.LocalTag = call.LocalTag;
        core.Timers.Set(call._guard, now + core.Options.Timers.Ring);
        return call;
    }

    /// <summary>Says 180, 183 or another provisional response.</summary>
    public void Ring(int code, ReadOnlyMemory<byte> sdp, Instant now)
    {
        if (State != SipCallState.Incoming || code is <= 100 or >= 200) return;
        var response = new SipResponse(code) { ToTag = LocalTag, ContactUser = _contactUser, Body = sdp };
        if (_incoming!.Request.HasToken(SipHeader.Require, "100rel"u8)) _reliable.Send(_incoming, response, now);
        else _table.Respond(_incoming, response, now);
    }

    /// <summary>Answers with 200.</summary>
    public void Answer(ReadOnlyMemory<byte> sdp, Instant now)
    {
        if (State != SipCallState.Incoming || _heldAnswer is not null) return;
        if (_reliable.IsWaiting)
        {
            // A final answer waits for the PRACK of an unacknowledged provisional one (RFC 3262 section 3).
            _heldAnswer = sdp;
            return;
        }

        _core.Timers.Cancel(_guard);
        State = SipCallState.Up;
        _localSdp = sdp;
        var wantsAnswer = SipBody.FindSdp(_incoming!.Request).IsEmpty;
        _answer.Start(_incoming, new SipResponse(200) { ToTag = LocalTag, ContactUser = _contactUser, Body = sdp, Headers = AnswerHeaders(_incoming.Request) }, wantsAnswer, now);
        _session.TakeRequest(_incoming.Request, now);
    }

    /// <summary>Refuses the call.</summary>
    public void Reject(int code, string? phrase, Instant now)
    {
        if (State != SipCallState.Incoming) return;
        _core.Emit(new SipCallCancelled(Handle, null));
        Refuse(code, phrase, now);
    }

    /// <summary>The caller gave up, or took a re-INVITE back: 487 to it. The 200 to the CANCEL is the facade's.</summary>
    public void Cancelled(SipServerTransaction invite, SipMessage cancel, Instant now)
    {
        if (State == SipCallState.Up && _offerIn == invite)
        {
            _offerIn = null;
            Say(invite, 487, now);
            _core.Emit(new SipOfferWithdrawn(Handle));
            SendWaitingOffer(now);
        }

        if (State != SipCallState.Incoming) return;
        _core.Emit(new SipCallCancelled(Handle, cancel.Text(SipHeader.Reason)));
        Refuse(487, null, now);
    }

    /// <summary>The ACK of a 2xx; for the first answer and for every re-INVITE.</summary>
    public void Acknowledged(SipMessage ack, Instant now)
    {
        if (State != SipCallState.Up || !_answer.OnAck(ack.CSeq, out var wantsAnswer, out var first)) return;
        if (first) _core.Emit(new SipCallConfirmed(Handle));
        if (wantsAnswer) _core.Emit(new SipAnswerReceived(Handle, SipBody.FindSdp(ack)));
        SendWaitingOffer(now);
    }

    /// <summary>PRACK came, or no longer needed: send what had to wait.</summary>
    internal void ReleaseHeldAnswer(Instant now)
    {
        if (_heldAnswer is not { } sdp) return;
        _heldAnswer = null;
        Answer(sdp, now);
    }

    /// <summary>No PRACK came for a reliable provisional response (RFC 3262 section 3).</summary>
    internal void NoPrack(Instant now) => Reject(504, null, now);

    private void Refuse(int code, string? phrase, Instant now)
    {
        State = SipCallState.Over;
        _reliable.Stop();
        _core.Timers.Cancel(_guard);
        _table.Respond(_incoming!, new SipResponse(code is >= 300 and < 700 ? code : 480, phrase) { ToTag = LocalTag }, now);
        _table.Remove(this);
    }

    private List<(string, string)> AnswerHeaders(SipMessage request) =>
        [("Allow", Allow), ("Supported", _session.IsWanted ? "100rel, timer" : "100rel"), .. _session.ResponseHeaders(request)];
}
