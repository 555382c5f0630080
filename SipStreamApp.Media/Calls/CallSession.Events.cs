using System.Text;
using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls;

/// <content>What the user agent tells of the call.</content>
internal sealed partial class CallSession
{
    public void OnSip(SipCallEvent fact, Instant now)
    {
        // What comes after the end belongs to the machine: it finishes CANCEL or BYE by itself.
        if (_facts.IsEnded) return;
        switch (fact)
        {
            case SipCallTrying:
                Set(CallStatus.Trying, 100);
                break;
            case SipCallRinging ringing:
                _steps.Begin("ring", now);
                if (_facts.Status is not (CallStatus.RingMedia or CallStatus.SessionProgress) || ringing.Status != 180)
                    Set(ringing.Status == 183 ? CallStatus.SessionProgress : CallStatus.Ring, ringing.Status);
                break;
            case SipCallEarlyMedia early:
                _steps.Begin("ring", now);
                if (Negotiate(_negotiator!.ReadAnswer(early.Sdp.Span), tolerant: true)) Set(early.Status == 183 ? CallStatus.SessionProgress : CallStatus.RingMedia, early.Status);
                break;
            case SipCallAnswered answered:
                OnAnswered(answered, now);
                break;
            case SipOfferReceived offer:
                OnOffer(offer, now);
                break;
            case SipAnswerReceived answer:
                // To our offer in the first 200 there must be one; later ones leave the session as it was.
                Negotiate(_negotiator!.ReadAnswer(answer.Sdp.Span), tolerant: _agreed);
                break;
            case SipOfferAnswered answer:
                OnOfferAnswered(answer);
                break;
            case SipOfferRejected rejected:
                OnOfferRejected(rejected.Failure);
                break;
            case SipReferAnswered or SipReferProgress:
                OnRefer(fact);
                break;
            case SipInfoReceived info:
                OnInfo(info);
                break;
            case SipInfoCompleted info:
                OnInfoAnswered(info);
                break;
            case SipCallCancelled cancelled:
                End(CallCauses.CancelledThere with { Raw = cancelled.Reason });
                break;
            case SipCallFailed failed:
                End(FailureCauses.Of(failed.Failure, $"{_targets[0]}"));
                break;
            case SipCallEnded ended:
                End(FailureCauses.Of(ended));
                break;
        }
    }

    private void OnAnswered(SipCallAnswered answered, Instant now)
    {
        LogAnswered(Id);
        _steps.Begin("media", now);
        (_answeredAt, _listensSince) = (now, now);
        if (_media!.LastPacketAt != Instant.Never) _steps.End(now);
        Volatile.Write(ref _facts, _facts with { AnsweredAt = _services.Clock.UtcNow });
        _timer.Set(now + CheckEvery);
        var negotiation = _negotiator!.ReadAnswer(answered.Sdp.Span);
        // A camera or an announcement answers sendonly from the start: that is one-way media, not hold.
        _oneWay = negotiation.IsOk && !SaysInactive(negotiation) && DoesNotListen(negotiation);
        if (Negotiate(negotiation, tolerant: false)) Set(HeldStatus, 200);
    }

    private void OnOffer(SipOfferReceived offer, Instant now)
    {
        var agent = _services.Sip.Agent;
        if (offer.Sdp.IsEmpty)
        {
            agent.Accept(offer.Call, Encoding.UTF8.GetBytes(_negotiator!.CreateOffer(Wanted)), now);
            return;
        }

        var negotiation = _negotiator!.Answer(offer.Sdp.Span, Wanted);
        if (negotiation.LocalSdp is not { } answer)
        {
            // The session stays as it was (RFC 3261 section 14.2).
            agent.RejectOffer(offer.Call, 488, now);
            return;
        }

        agent.Accept(offer.Call, Encoding.UTF8.GetBytes(answer), now);
        if (Negotiate(negotiation, tolerant: true) && _facts.AnsweredAt is not null) Set(HeldStatus);
        // An offer of ours that met theirs goes out again: what was agreed on has changed below it.
        if (_change is not null) Reoffer();
    }

    private bool IsHeld => _held || _heldHere;

    private CallStatus HeldStatus => IsHeld ? CallStatus.Hold : CallStatus.Established;

    // A description that does not serve ends a call that has nothing else; early and later ones leave things as they are.
    private bool Negotiate(SipNegotiation negotiation, bool tolerant)
    {
        if (!negotiation.IsOk)
        {
            if (!tolerant) End(FailureCauses.Of(negotiation.Problem));
            return false;
        }

        // RFC 3264 section 8.4: sendonly is hold, with or without music; a phone on hold may be silent for long.
        if (!DoesNotListen(negotiation)) _oneWay = false;
        var before = IsHeld;
        _held = SaysInactive(negotiation) || (DoesNotListen(negotiation) && !_oneWay && _facts.AnsweredAt is not null);
        if (before && !IsHeld) _listensSince = Now;
        _agreed = true;
        _media!.Apply(negotiation);
        return true;
    }

    private static bool DoesNotListen(SipNegotiation negotiation) => negotiation.Media.Where(m => m.Accepted).All(m => m.RemoteHold);

    private static bool SaysInactive(SipNegotiation negotiation) => negotiation.Media.Where(m => m.Accepted).All(m => m.Direction == SdpDirection.Inactive);
}
