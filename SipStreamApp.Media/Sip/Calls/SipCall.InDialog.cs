// RFC 3261 section 12.2.2, 14.2, 15.1.2, RFC 3311 (UPDATE), RFC 6086 (INFO): requests the far end sends inside the call.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal sealed partial class SipCall
{
    private SipServerTransaction? _offerIn;

    /// <summary>A request with our tag in To. ACK and CANCEL do not come here.</summary>
    public void Receive(SipServerTransaction transaction, Instant now)
    {
        var request = transaction.Request;
        var dialog = _dialog?.RemoteTag == request.FromTag ? _dialog : _early.GetValueOrDefault(request.FromTag);
        if (dialog is null || State == SipCallState.Over) Say(transaction, 481, now);
        else if (!dialog.TakeCSeq(request.CSeq)) Say(transaction, 500, now);
        else Dispatch(transaction, dialog, now);
    }

    /// <summary>Agrees to the offer the host was told of; for an empty offer this is ours.</summary>
    public void Accept(ReadOnlyMemory<byte> sdp, Instant now)
    {
        if (_offerIn is not { } transaction || State != SipCallState.Up) return;
        _offerIn = null;
        _localSdp = sdp;
        var request = transaction.Request;
        var response = new SipResponse(200) { ContactUser = _contactUser, Body = sdp, Headers = AnswerHeaders(request) };
        if (request.Method == SipMethod.Invite) _answer.Start(transaction, response, SipBody.FindSdp(request).IsEmpty, now);
        else _table.Respond(transaction, response, now);
        _session.TakeRequest(request, now);
        SendWaitingOffer(now);
    }

    /// <summary>Refuses the offer; the session stays as it was.</summary>
    public void RejectOffer(int code, Instant now)
    {
        if (_offerIn is not { } transaction) return;
        _offerIn = null;
        Say(transaction, code is >= 400 and < 700 ? code : 488, now);
        SendWaitingOffer(now);
    }

    internal void Respond(SipServerTransaction transaction, SipResponse response, Instant now) => _table.Respond(transaction, response, now);

    private void Dispatch(SipServerTransaction transaction, SipDialog dialog, Instant now)
    {
        var request = transaction.Request;
        switch (request.Method)
        {
            case SipMethod.Bye:
                Say(transaction, 200, now);
                PeerHungUp(dialog, request.Text(SipHeader.Reason), now);
                break;
            case SipMethod.Invite or SipMethod.Update:
                TakeOffer(transaction, dialog, now);
                break;
            case SipMethod.Prack:
                var fits = _reliable.OnPrack(request, now);
                Say(transaction, fits ? 200 : 481, now);
                if (fits && !_reliable.IsWaiting) ReleaseHeldAnswer(now);
                break;
            case SipMethod.Info:
                Say(transaction, 200, now);
                _core.Emit(new SipInfoReceived(Handle, request.Text(SipHeader.ContentType) ?? "", request.Body));
                break;
            case SipMethod.Notify:
                TakeNotify(transaction, now);
                break;
            case SipMethod.Options:
                Say(transaction, 200, now, ("Allow", Allow), ("Accept", SipBody.Sdp), ("Supported", "100rel, timer"));
                break;
            case SipMethod.Unknown:
                Say(transaction, 501, now, ("Allow", Allow));
                break;
            default:
                Say(transaction, 405, now, ("Allow", Allow));
                break;
        }
    }

    private void PeerHungUp(SipDialog dialog, string? reason, Instant now)
    {
        if (State == SipCallState.Up && dialog == _dialog) End(SipCallEnd.Peer, reason, now);
        else if (State == SipCallState.Incoming)
        {
            // BYE before the answer ends an early dialog like CANCEL does (section 15).
            _core.Emit(new SipCallCancelled(Handle, reason));
            Refuse(487, null, now);
        }
        else _early.Remove(dialog.RemoteTag);
    }

    private void TakeOffer(SipServerTransaction transaction, SipDialog dialog, Instant now)
    {
        var request = transaction.Request;
        var invite = request.Method == SipMethod.Invite;
        var sdp = SipBody.FindSdp(request);
        if (_session.IsTooSmall(request)) Say(transaction, 422, now, ("Min-SE", _session.MinSeText));
        // An earlier offer of theirs is still open: later, please (section 14.2, RFC 3311 section 5.2).
        else if (_offerIn is not null || (invite && (State != SipCallState.Up || _answer.IsWaiting)))
            Say(transaction, 500, now, ("Retry-After", $"{(int)(_core.Random.NextDouble() * 10) + 1}"));
        else if (_offer is { IsDone: false } && (invite || !sdp.IsEmpty)) Say(transaction, 491, now);
        else if (!invite && sdp.IsEmpty)
        {
            dialog.RefreshTarget(request);
            _table.Respond(transaction, new SipResponse(200) { ContactUser = _contactUser, Headers = AnswerHeaders(request) }, now);
            _session.TakeRequest(request, now);
        }
        else if (State != SipCallState.Up) Say(transaction, 488, now);
        else
        {
            dialog.RefreshTarget(request);
            LearnPeer(request);
            _offerIn = transaction;
            _core.Emit(new SipOfferReceived(Handle, sdp, !invite));
        }
    }

    private void Say(SipServerTransaction transaction, int code, Instant now, params IReadOnlyList<(string, string)> headers) =>
        _table.Respond(transaction, new SipResponse(code) { Headers = headers }, now);

    private void FinishPendingRequests(Instant now)
    {
        if (_offerIn is { } open) Say(open, 487, now);
        (_offerIn, _wanted) = (null, null);
        if (_offer is { IsDone: false } offer) offer.Cancel(SipFailureKind.Cancelled, null, now);
    }
}
