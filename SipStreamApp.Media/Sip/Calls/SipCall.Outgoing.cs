// RFC 3261 section 13.2 (UAC INVITE), 8.1.3.4 (redirects), RFC 3262 (PRACK), RFC 4028 section 7 (422).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal sealed partial class SipCall
{
    // Forking proxies may ring many phones; each is an early dialog.
    private const int MaxEarly = 16;
    private const int Max422 = 3;

    private readonly Dictionary<string, SipDialog> _early = [];
    private readonly HashSet<string> _refusedForks = [];
    private SipCallRequest? _request;
    private readonly SipCSeq _cseq = new();
    private readonly Queue<SipUri> _redirects = [];
    private SipOutgoingRequest? _invite;
    private SipUri? _uri;
    private int _redirected;
    private int _tooSmall;
    private bool _tryingSaid;

    public static SipCall Start(SipCore core, ISipCallTable table, SipCallRequest request)
    {
        var callId = core.Random.Token(16);
        return new SipCall(core, table, callId, request.ContactUser ?? request.From.Uri.User, request.Credentials)
        {
            _request = request,
            _localSdp = request.Offer,
            State = SipCallState.Calling,
        };
    }

    public void SendInvite(SipUri uri, bool redirected, Instant now)
    {
        var request = _request!;
        // The proxy of the account stays in the path: it may be the only way out.
        var routed = request.Proxy is not null;
        _uri = uri;
        var draft = new SipRequestDraft
        {
            Method = "INVITE",
            RequestUri = uri.RequestLineText,
            From = $"{request.From};tag={LocalTag}",
            To = (request.To ?? new SipNameAddr("", request.RequestUri, SipParams.None)).ToString(),
            CallId = CallId,
            CSeq = _cseq,
            Routes = routed ? [$"<{(request.Proxy!.IsLoose ? request.Proxy.Text : request.Proxy.Text + ";lr")}>"] : [],
            NextHop = routed ? request.Proxy! : uri,
            Targets = redirected && !routed ? [] : request.Targets,
            ContactUser = _contactUser,
            ContentType = SipBody.Sdp,
            Body = request.Offer,
        };
        draft.Headers.Add(("Allow", Allow));
        draft.Headers.Add(("Supported", _session.IsWanted ? "100rel, timer" : "100rel"));
        draft.Headers.AddRange(_session.RequestHeaders());
        draft.Headers.AddRange(request.Headers);
        _invite = new SipOutgoingRequest(_core, draft, _digest, this);
        _invite.Start(now);
    }

    private void CancelInvite(string? reason, Instant now)
    {
        _redirects.Clear();
        _invite?.Cancel(SipFailureKind.Cancelled, reason, now);
    }

    private void InviteProvisional(SipMessage response, Instant now)
    {
        var code = response.StatusCode;
        if (!_tryingSaid)
        {
            _tryingSaid = true;
            _core.Emit(new SipCallTrying(Handle));
        }

        if (code == 100) return;
        if (response.ToTag.Length > 0 && !TakeEarly(response, now)) return;
        var sdp = SipBody.FindSdp(response);
        if (!sdp.IsEmpty) _core.Emit(new SipCallEarlyMedia(Handle, code, sdp, response.ToTag));
        else _core.Emit(new SipCallRinging(Handle, code, response.ReasonPhrase));
    }

    /// <summary>Keeps the early dialog and acknowledges a reliable response; false for one that was seen or comes too early.</summary>
    private bool TakeEarly(SipMessage response, Instant now)
    {
        if (!_early.TryGetValue(response.ToTag, out var dialog))
        {
            if (_early.Count >= MaxEarly) return true;
            dialog = SipDialog.OfCaller(_invite!.Draft, response, _request!.RequestUri);
            _early[response.ToTag] = dialog;
        }

        LearnPeer(response);
        if (!response.HasToken(SipHeader.Require, "100rel"u8) || response.Number(SipHeader.RSeq) is not { } rseq) return true;
        // In order and once (RFC 3262 section 4): a gap is filled by the far end's retransmission.
        if (dialog.LastRSeq != 0 && rseq != dialog.LastRSeq + 1) return false;
        dialog.LastRSeq = rseq;
        var prack = dialog.Draft("PRACK");
        prack.Headers.Add(("RAck", $"{rseq} {_invite!.CSeq} INVITE"));
        new SipOutgoingRequest(_core, prack, _digest, null).Start(now);
        return true;
    }

    private void InviteFinal(SipMessage response, Instant now)
    {
        var code = response.StatusCode;
        if (code < 300) InviteAnswered(response, now);
        else if (State != SipCallState.Calling) return;
        else if (code < 400 && TryRedirect(response, now)) return;
        else if (code == 422 && _invite!.CancelKind is null && _tooSmall++ < Max422 && _session.Raise(response)) SendInvite(_uri!, _redirected > 0, now);
        else if (_redirects.TryDequeue(out var next) && _invite!.CancelKind is null && code < 600) SendInvite(next, true, now);
        else InviteFailed(SipFailure.From(response, _invite!.KindOf(response)), now);
    }

    private void InviteAnswered(SipMessage response, Instant now)
    {
        var tag = response.ToTag;
        if (_dialog is not null && tag == _dialog.RemoteTag)
        {
            // The same 2xx again: our ACK was lost. After a BYE the ACK is still owed.
            _invite!.Ack?.Send(now);
            return;
        }

        var dialog = _early.GetValueOrDefault(tag) ?? SipDialog.OfCaller(_invite!.Draft, response, _request!.RequestUri);
        dialog.RefreshTarget(response);
        var ack = new SipAckSender(_core, dialog, _invite!, response.CSeq);
        if (_dialog is not null || State != SipCallState.Calling)
        {
            // A second phone answered too, or the call is given up already: acknowledge, then hang up, once per phone.
            ack.Send(now);
            if (_refusedForks.Count < MaxEarly && _refusedForks.Add(tag)) SendBye(dialog, null, now);
            return;
        }

        _invite!.Ack = ack;
        _dialog = dialog;
        LearnPeer(response);
        ack.Send(now);
        if (_invite.CancelKind is { } kind)
        {
            // The answer crossed our CANCEL on the wire (section 9.1).
            SendBye(dialog, null, now);
            InviteFailed(new SipFailure(kind), now);
            return;
        }

        State = SipCallState.Up;
        _early.Clear();
        _core.Emit(new SipCallAnswered(Handle, SipBody.FindSdp(response), tag, response.Text(SipHeader.Server) ?? response.Text(SipHeader.UserAgent)));
        _session.TakeResponse(response, weAsked: true, now);
    }

    private bool TryRedirect(SipMessage response, Instant now)
    {
        if (_invite!.CancelKind is not null) return false;
        foreach (var contact in response.Addresses(SipHeader.Contact).OrderByDescending(c => Quality(c)))
            if (contact.Uri.IsSip && _redirected + _redirects.Count < _core.Options.MaxRedirects) _redirects.Enqueue(contact.Uri);
        if (!_redirects.TryDequeue(out var next)) return false;
        _redirected++;
        SendInvite(next, true, now);
        return true;
    }

    private static double Quality(SipNameAddr contact) =>
        double.TryParse(contact.Params["q"], System.Globalization.CultureInfo.InvariantCulture, out var q) ? q : 1;

    private void InviteFailed(SipFailure failure, Instant now)
    {
        if (State != SipCallState.Calling) return;
        if (failure.Status == 0 && _redirects.TryDequeue(out var next) && failure.Kind != SipFailureKind.Cancelled) SendInvite(next, true, now);
        else Over(new SipCallFailed(Handle, failure));
    }
}
