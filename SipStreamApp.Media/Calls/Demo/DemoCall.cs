using System.Text;
using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Demo;

/// <summary>One call to the demo callee. Signalling on the sip loop, media on the rtp loop in <see cref="DemoMedia"/>.</summary>
internal sealed class DemoCall : ISipCallOwner
{
    private readonly CallServices _services;
    private readonly SipCallIncoming _incoming;
    private readonly DemoMedia _media;
    private readonly LoopTimer _answer;
    private SipMediaNegotiator? _negotiator;
    private bool _over;

    public DemoCall(CallServices services, DemoClip clip, SipCallIncoming incoming, bool pictures)
    {
        (_services, _incoming) = (services, incoming);
        _media = new DemoMedia(services, clip, pictures);
        _answer = services.Sip.Loop.CreateTimer(Answer);
    }

    private SipUserAgent Agent => _services.Sip.Agent;

    public void Refuse(int code, Instant now)
    {
        _over = true;
        Agent.Reject(_incoming.Call, code, null, now);
    }

    /// <summary>Rings, and answers after a while; with zero it answers at once, without ringing.</summary>
    public void Ring(TimeSpan span, Instant now)
    {
        if (span > TimeSpan.Zero) Agent.Ring(_incoming.Call, 180, default, now);
        _answer.Set(now + span);
    }

    public void OnSip(SipCallEvent fact, Instant now)
    {
        switch (fact)
        {
            case SipCallCancelled or SipCallEnded or SipCallFailed:
                _over = true;
                _answer.Cancel();
                _media.Close();
                break;
            case SipOfferReceived { Sdp.IsEmpty: false } offer when _negotiator is not null:
                var negotiation = _negotiator.Answer(offer.Sdp.Span);
                if (negotiation.LocalSdp is not { } answer)
                {
                    Agent.RejectOffer(offer.Call, 488, now);
                    break;
                }

                Agent.Accept(offer.Call, Encoding.UTF8.GetBytes(answer), now);
                _media.Apply(negotiation);
                break;
            case SipOfferReceived offer:
                Agent.RejectOffer(offer.Call, 488, now);
                break;
        }
    }

    private void Answer(Instant now)
    {
        if (_over) return;
        var (local, advertised) = _services.AddressFor(_incoming.From.Address);
        if (!_media.TryBind(local, out var options, out _))
        {
            Refuse(503, now);
        }
        else
        {
            _negotiator = new SipMediaNegotiator(options with { Address = advertised });
            var negotiation = _negotiator.Answer(_incoming.Offer.Span);
            if (negotiation is { IsOk: true, LocalSdp: { } sdp })
            {
                Agent.Answer(_incoming.Call, Encoding.UTF8.GetBytes(sdp), now);
                _media.Apply(negotiation);
            }
            else
            {
                Refuse(488, now);
                _media.Close();
            }
        }

        _services.Sip.Drain(now);
    }
}
