using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;
using static SipStreamApp.Tests.Media.Sip.SipTestText;

namespace SipStreamApp.Tests.Media.Sip;

public sealed class SipMidCallTests
{
    [Theory]
    [InlineData(false), InlineData(true)]
    public void Reoffer_Accepted_AnswerComesBack(bool byUpdate)
    {
        var (net, alice, bob, call) = Up();
        alice.Agent.Reoffer(call, Offer2, net.Now, byUpdate);
        net.Run(5);
        Assert.Equal((Text(Offer2), byUpdate), (Text(bob.Single<SipOfferReceived>().Sdp), bob.Single<SipOfferReceived>().ByUpdate));
        Assert.Equal(Text(Answer), Text(alice.Single<SipOfferAnswered>().Sdp));
        Assert.Equal(byUpdate ? 1 : 0, alice.SentRequests(SipMethod.Update).Count());
        HangUp(net, alice, bob, call);
    }

    [Fact]
    public void Reoffer_Refused_SessionStays()
    {
        var (net, alice, bob, call) = Up();
        bob.Host = (e, now) => { if (e is SipOfferReceived o) bob.Agent.RejectOffer(o.Call, 488, now); };
        alice.Agent.Reoffer(call, Offer2, net.Now);
        net.Run(5);
        Assert.Equal(488, alice.Single<SipOfferRejected>().Failure.Status);
        Assert.False(alice.Saw<SipCallEnded>());
        HangUp(net, alice, bob, call);
    }

    [Fact]
    public void Reoffer_FromBothSidesAtOnce_GlareIsSolvedByWaiting()
    {
        var (net, alice, bob, call) = Up();
        Accepting(alice);
        alice.Agent.Reoffer(call, Offer2, net.Now);
        bob.Agent.Reoffer(bob.Single<SipCallIncoming>().Call, Offer2, net.Now);
        net.Run(20);
        Assert.NotEmpty(alice.SentResponses(491));
        Assert.NotEmpty(bob.SentResponses(491));
        Assert.True(alice.Saw<SipOfferAnswered>());
        Assert.True(bob.Saw<SipOfferAnswered>());
        HangUp(net, alice, bob, call);
    }

    [Fact]
    public void Reoffer_BeforeTheAnswerIsAcknowledged_WaitsForTheAck()
    {
        var net = new SipNet { Drop = m => m.IsRequest && m.Method == SipMethod.Ack };
        var (alice, bob) = (net.Add(new SipPeer("192.0.2.1", 1)), net.Add(new SipPeer("192.0.2.2", 2)));
        bob.Host = (e, now) => { if (e is SipCallIncoming i) bob.Agent.Answer(i.Call, Answer, now); };
        Accepting(alice);
        var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(0.3);
        bob.Agent.Reoffer(bob.Single<SipCallIncoming>().Call, Offer2, net.Now);
        net.Run(0.1);
        Assert.Empty(bob.SentRequests(SipMethod.Invite));
        net.Drop = _ => false;
        net.Run(3);
        Assert.True(bob.Saw<SipCallConfirmed>());
        Assert.True(bob.Saw<SipOfferAnswered>());
        HangUp(net, alice, bob, call);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Reoffer_WhileTheSessionIsRefreshed_GoesOutAfterIt(bool refused)
    {
        var (net, alice, bob, call) = Up();
        Accepting(alice);
        net.Run(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        var (steps, before) = (0, Updates(alice) + Updates(bob));
        while (Updates(alice) + Updates(bob) == before && steps++ < 1000) net.Run(0.004);
        var refresher = Updates(alice) > Updates(bob) ? alice : bob;
        var handle = refresher == alice ? call : bob.Single<SipCallIncoming>().Call;
        if (refused) net.Refuse = to => true;
        refresher.Agent.Reoffer(handle, Offer2, net.Now);
        if (refused) refresher.Agent.TransportFailed((refresher == alice ? bob : alice).Endpoint(), net.Now);
        net.Refuse = _ => false;
        net.Run(5);
        // The refresh has no answer with a description: taken for the answer to the offer, it would break it.
        Assert.False(refresher.Saw<SipOfferRejected>());
        Assert.NotEmpty(refresher.Single<SipOfferAnswered>().Sdp.ToArray());
        HangUp(net, alice, bob, call);

        static int Updates(SipPeer peer) => peer.SentRequests(SipMethod.Update).Count();
    }

    [Fact]
    public void Reinvite_WithoutOffer_AnswerComesInAck()
    {
        var (net, alice, bob, _) = Up();
        var dialog = alice.SentRequests(SipMethod.Ack).Single();
        var writer = new SipWriter().Request("INVITE", "sip:bob@192.0.2.2").Header(SipHeader.Via, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKhand;rport")
            .Header(SipHeader.From, dialog.Value(SipHeader.From)).Header(SipHeader.To, dialog.Value(SipHeader.To)).Header(SipHeader.CallId, dialog.CallId)
            .Header(SipHeader.CSeq, "50 INVITE").Header(SipHeader.Contact, "<sip:alice@192.0.2.1>");
        writer.NoBody();
        bob.Agent.Receive(writer.ToArray(), alice.Endpoint(), net.Now);
        net.Run(0.005);
        Assert.True(bob.Single<SipOfferReceived>().Sdp.IsEmpty);
        writer.Request("ACK", "sip:bob@192.0.2.2").Header(SipHeader.Via, "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKhand2")
            .Header(SipHeader.From, dialog.Value(SipHeader.From)).Header(SipHeader.To, dialog.Value(SipHeader.To)).Header(SipHeader.CallId, dialog.CallId)
            .Header(SipHeader.CSeq, "50 ACK").Body(SipBody.Sdp, Offer);
        bob.Agent.Receive(writer.ToArray(), alice.Endpoint(), net.Now);
        net.Run(1);
        Assert.Equal(Text(Offer), Text(bob.Single<SipAnswerReceived>().Sdp));
        // Alice's agent knows nothing of the request made by hand, so its own numbers are too low now: Bob hangs up.
        HangUp(net, bob, alice, bob.Single<SipCallIncoming>().Call);
    }

    [Fact]
    public void Reinvite_CancelledWhileOpen_IsWithdrawnAndTheCallStays()
    {
        var (net, alice, bob, call) = Up();
        bob.Host = null;
        alice.Agent.Reoffer(call, Offer2, net.Now);
        net.Run(1);
        var invite = alice.SentRequests(SipMethod.Invite).Last();
        bob.Agent.Receive(SipAck.Cancel(new SipWriter(), invite.Bytes, null), alice.Endpoint(), net.Now);
        net.Run(1);
        Assert.True(bob.Saw<SipOfferWithdrawn>());
        Assert.Equal(487, alice.Single<SipOfferRejected>().Failure.Status);
        Assert.False(bob.Saw<SipCallEnded>());
        HangUp(net, alice, bob, call);
    }

    [Fact]
    public void Info_BothWays_IsDeliveredAndConfirmed()
    {
        var (net, alice, bob, call) = Up();
        alice.Agent.SendInfo(call, "application/media_control+xml", "<media_control/>"u8.ToArray(), net.Now);
        bob.Agent.SendInfo(bob.Single<SipCallIncoming>().Call, "application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"u8.ToArray(), net.Now);
        net.Run(1);
        Assert.Equal("application/media_control+xml", bob.Single<SipInfoReceived>().ContentType);
        Assert.Equal("Signal=5\r\nDuration=160\r\n", Text(alice.Single<SipInfoReceived>().Body));
        Assert.Equal(200, alice.Single<SipInfoCompleted>().Status);
        HangUp(net, alice, bob, call);
    }

    [Fact]
    public void SessionTimer_Running_IsRefreshedForHours()
    {
        var (net, alice, bob, call) = Up();
        net.Run(TimeSpan.FromHours(3));
        Assert.False(alice.Saw<SipCallEnded>());
        Assert.False(bob.Saw<SipCallEnded>());
        Assert.InRange(alice.SentRequests(SipMethod.Update).Count() + bob.SentRequests(SipMethod.Update).Count(), 11, 13);
        HangUp(net, alice, bob, call);
    }

    [Fact]
    public void SessionTimer_PlainOldPhoneRefusesTheRefresh_CallStaysUp()
    {
        var refused = 0;
        var net = new SipNet
        {
            Server = (request, _) => request.Method switch
            {
                SipMethod.Invite when request.ToTag.Length == 0 => [Reply(request, 200, "t", "Contact: <sip:bob@192.0.2.80>\r\n", Text(Answer))],
                SipMethod.Invite when ++refused > 0 => [Reply(request, 488, "t")],
                SipMethod.Ack => [],
                _ => [Reply(request, 200, "t")],
            },
        };
        var alice = net.Add(new SipPeer("192.0.2.1", 1));
        var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.80"), net.Now);
        net.Run(TimeSpan.FromHours(1));
        Assert.Equal(3, refused);
        Assert.False(alice.Saw<SipCallEnded>());
        alice.Agent.Hangup(call, net.Now);
        net.Run(60);
        SipCallTests.AssertNothingLeft(alice);
    }

    [Fact]
    public void SessionTimer_ProxyIsJustStartedAgain_CallStaysUp()
    {
        var (net, alice, bob, call) = Up();
        // The refresh falls into the quarter of an hour in which nothing can be delivered.
        net.Refuse = _ => true;
        net.Run(TimeSpan.FromMinutes(20));
        Assert.False(alice.Saw<SipCallEnded>());
        net.Refuse = _ => false;
        net.Run(TimeSpan.FromHours(1));
        Assert.False(alice.Saw<SipCallEnded>());
        Assert.False(bob.Saw<SipCallEnded>());

        // Hold in such a moment is refused, and the call stays as it was.
        net.Refuse = _ => true;
        alice.Agent.Reoffer(call, Offer2, net.Now);
        net.Run(1);
        Assert.Equal(SipFailureKind.TransportError, alice.Single<SipOfferRejected>().Failure.Kind);
        net.Refuse = _ => false;
        HangUp(net, alice, bob, call);
    }

    [Fact]
    public void SessionTimer_CallerVanished_CalleeHangsUp()
    {
        var (net, alice, bob, _) = Up();
        net.Drop = _ => true;
        net.Run(TimeSpan.FromMinutes(32));
        Assert.Equal(SipCallEnd.SessionExpired, bob.Single<SipCallEnded>().By);
        Assert.Equal(SipCallEnd.PeerGone, alice.Single<SipCallEnded>().By);
        net.Run(60);
        SipCallTests.AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void SessionTimer_TooSmall_422IsHonoured()
    {
        var net = new SipNet();
        var alice = net.Add(new SipPeer("192.0.2.1", 1, o => o with { SessionExpires = TimeSpan.FromSeconds(90) }));
        var bob = net.Add(new SipPeer("192.0.2.2", 2, o => o with { MinSe = TimeSpan.FromSeconds(300) }));
        bob.Host = SipCallTests.AutoAnswer(bob);
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(2);
        Assert.NotEmpty(bob.SentResponses(422));
        Assert.True(alice.Saw<SipCallAnswered>());
        Assert.Contains(alice.SentRequests(SipMethod.Invite), m => m.Text(SipHeader.SessionExpires) == "300" && m.Text(SipHeader.MinSe) == "300");
    }

    [Fact]
    public void Ring_CallerRequires100rel_IsSentReliablyAndAcknowledged()
    {
        var (net, alice, bob) = SipCallTests.Pair(autoAnswer: false);
        bob.Host = (e, now) =>
        {
            if (e is not SipCallIncoming i) return;
            bob.Agent.Ring(i.Call, 180, default, now);
            bob.Agent.Ring(i.Call, 183, Answer, now);
            bob.Agent.Answer(i.Call, Answer, now);
        };
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2") with { Headers = [("Require", "100rel")] }, net.Now);
        net.Run(5);
        Assert.Equal(2, alice.SentRequests(SipMethod.Prack).Count());
        Assert.Equal(Text(Answer), Text(alice.Single<SipCallEarlyMedia>().Sdp));
        Assert.True(alice.Saw<SipCallAnswered>());
        HangUp(net, alice, bob, alice.Single<SipCallAnswered>().Call);
    }

    [Fact]
    public void Request_ForUnknownDialog_Gets481()
    {
        var (net, alice, bob, call) = Up();
        HangUp(net, alice, bob, call);
        var bye = alice.SentRequests(SipMethod.Bye).Single();
        bob.Agent.Receive(bye.Bytes, alice.Endpoint(), net.Now);
        net.Run(1);
        Assert.Single(bob.SentResponses(481));
    }

    private static (SipNet Net, SipPeer Alice, SipPeer Bob, SipCallHandle Call) Up()
    {
        var (net, alice, bob) = SipCallTests.Pair(autoAnswer: false);
        Accepting(bob);
        var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(1);
        Assert.True(alice.Saw<SipCallAnswered>());
        return (net, alice, bob, call);
    }

    private static void Accepting(SipPeer peer) => peer.Host = (e, now) =>
    {
        if (e is SipCallIncoming incoming) peer.Agent.Answer(incoming.Call, Answer, now);
        else if (e is SipOfferReceived offer) peer.Agent.Accept(offer.Call, Answer, now);
    };

    private static void HangUp(SipNet net, SipPeer alice, SipPeer bob, SipCallHandle call)
    {
        alice.Agent.Hangup(call, net.Now);
        net.Run(60);
        SipCallTests.AssertNothingLeft(alice, bob);
    }
}
