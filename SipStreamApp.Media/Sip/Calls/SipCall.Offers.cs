// RFC 3261 section 14.1 (re-INVITE and glare), RFC 3311 section 5.1 (UPDATE), RFC 6086 (INFO): requests we send inside the call.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal sealed partial class SipCall
{
    private const int MaxGlare = 8;

    private readonly SipTimer _glare;
    private SipOutgoingRequest? _offer;
    private ReadOnlyMemory<byte>? _wanted;
    private bool _wantUpdate;
    private bool _wantedIsRefresh;
    private bool _offerIsRefresh;
    private int _glareCount;

    /// <summary>Sends a new offer; waits for its turn while another exchange is open. A later offer replaces one that waits.</summary>
    public void Reoffer(ReadOnlyMemory<byte> sdp, bool byUpdate, Instant now)
    {
        if (State != SipCallState.Up) return;
        (_wanted, _wantUpdate, _wantedIsRefresh, _glareCount) = (sdp, byUpdate, false, 0);
        SendWaitingOffer(now);
    }

    /// <summary>Sends an INFO, e.g. picture_fast_update or a DTMF digit.</summary>
    public void SendInfo(string contentType, ReadOnlyMemory<byte> body, Instant now)
    {
        if (State == SipCallState.Up) new SipOutgoingRequest(_core, _dialog!.Draft("INFO", null, contentType, body), _digest, this).Start(now);
    }

    /// <summary>Refreshes the session timer: UPDATE without a body where the far end takes it, else a re-INVITE with the old offer.</summary>
    internal void Refresh(Instant now)
    {
        // An offer that waits for its turn refreshes the session, too.
        if (State != SipCallState.Up || _offer is { IsDone: false } || _wanted is not null) return;
        if (!_peerTakesUpdate)
        {
            (_wanted, _wantUpdate, _wantedIsRefresh, _glareCount) = (_localSdp, false, true, 0);
            SendWaitingOffer(now);
            return;
        }

        SendChange("UPDATE", default, isRefresh: true, now);
    }

    private void SendWaitingOffer(Instant now)
    {
        if (State != SipCallState.Up || _wanted is not { } sdp || _offerIn is not null || _offer is { IsDone: false } || _glare.IsSet || _answer.IsWaiting) return;
        SendChange(_wantUpdate && _peerTakesUpdate ? "UPDATE" : "INVITE", sdp, _wantedIsRefresh, now);
    }

    private void SendChange(string method, ReadOnlyMemory<byte> sdp, bool isRefresh, Instant now)
    {
        _offerIsRefresh = isRefresh;
        var draft = _dialog!.Draft(method, _contactUser, SipBody.Sdp, sdp);
        draft.Headers.Add(("Allow", Allow));
        draft.Headers.Add(("Supported", _session.IsWanted ? "100rel, timer" : "100rel"));
        draft.Headers.AddRange(_session.RequestHeaders());
        _offer = new SipOutgoingRequest(_core, draft, _digest, this);
        _offer.Start(now);
    }

    private void OfferFinal(SipOutgoingRequest request, SipMessage response, Instant now)
    {
        var code = response.StatusCode;
        if (code < 300 && request.Draft.Method == "INVITE")
        {
            // Also after the call is over: a 2xx is always acknowledged.
            request.Ack ??= new SipAckSender(_core, _dialog!, request, response.CSeq);
            if (request == _offer && State == SipCallState.Up) _dialog!.RefreshTarget(response);
            request.Ack.Send(now);
        }

        // The same 2xx again has nothing new to tell.
        if (request != _offer || State != SipCallState.Up) return;
        _offer = null;
        if (code < 300) OfferTaken(request, response, now);
        else if (code is 481 or 408) Abort(SipCallEnd.PeerGone, response.Text(SipHeader.Reason), now);
        else if (code == 422 && _session.Raise(response)) Again(request, now);
        else if (code is 405 or 501 && request.Draft.Method == "UPDATE")
        {
            // Allow promised more than the far end keeps: the same by re-INVITE.
            _peerTakesUpdate = false;
            SendChange("INVITE", request.Draft.Body.IsEmpty ? _localSdp : request.Draft.Body, _offerIsRefresh, now);
        }
        else if (code is 491 or 500 && _glareCount++ < MaxGlare && (code == 491 || response.Has(SipHeader.RetryAfter)))
        {
            if (_wanted is null) _session.RetrySoon(now);
            else _core.Timers.Set(_glare, now + GlareDelay(response));
        }
        else OfferRefused(request, SipFailure.From(response, request.KindOf(response)), now);
    }

    private void OfferTaken(SipOutgoingRequest request, SipMessage response, Instant now)
    {
        LearnPeer(response);
        if (!request.Draft.Body.IsEmpty) _localSdp = request.Draft.Body;
        ForgetWanted(request);
        _session.TakeResponse(response, weAsked: true, now);
        if (!_offerIsRefresh) _core.Emit(new SipOfferAnswered(Handle, SipBody.FindSdp(response)));
        SendWaitingOffer(now);
    }

    private void OfferRefused(SipOutgoingRequest request, SipFailure failure, Instant now)
    {
        ForgetWanted(request);
        if (_offerIsRefresh && failure.Status != 0) _session.Alive(now);
        else if (_offerIsRefresh) _session.RetrySoon(now);
        else _core.Emit(new SipOfferRejected(Handle, failure));
        SendWaitingOffer(now);
    }

    // What is wanted may be a later offer than the one that came back.
    private void ForgetWanted(SipOutgoingRequest request)
    {
        if (_wanted is { } wanted && wanted.Equals(request.Draft.Body)) _wanted = null;
    }

    private void OfferFailed(SipOutgoingRequest request, SipFailureKind kind, Instant now)
    {
        _offer = null;
        // No answer inside a call: it is gone (section 12.2.1.2). A proxy that is just being started again (section 8.1.3.1: as 503), a local limit or a
        // cancelled change is no such sign.
        if (kind is SipFailureKind.Timeout) Abort(SipCallEnd.PeerGone, null, now);
        else if (State == SipCallState.Up) OfferRefused(request, new SipFailure(kind), now);
    }

    private void Again(SipOutgoingRequest request, Instant now) => SendChange(request.Draft.Method, request.Draft.Body, _offerIsRefresh, now);

    // Section 14.1: the owner of the Call-ID waits 2.1 to 4 s, the other side 0 to 2 s, in steps of 10 ms.
    private TimeSpan GlareDelay(SipMessage response)
    {
        if (response.StatusCode == 500 && response.Number(SipHeader.RetryAfter) is { } seconds) return TimeSpan.FromSeconds(Math.Min(seconds, 60));
        var owner = _request is not null;
        var steps = owner ? 210 + (int)(_core.Random.NextDouble() * 191) : (int)(_core.Random.NextDouble() * 201);
        return TimeSpan.FromMilliseconds(steps * 10);
    }

    private void InfoFinal(SipOutgoingRequest request, int status, Instant now)
    {
        if (State != SipCallState.Up) return;
        if (status is 481 or 408) Abort(SipCallEnd.PeerGone, null, now);
        else _core.Emit(new SipInfoCompleted(Handle, status, request.Draft.ContentType));
    }
}
