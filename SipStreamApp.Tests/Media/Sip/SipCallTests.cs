using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;
using static SipStreamApp.Tests.Media.Sip.SipTestText;

namespace SipStreamApp.Tests.Media.Sip;

public sealed class SipCallTests
{
    [Fact]
    public void Call_AnsweredThenHungUpByCaller_BothSidesSeeIt()
    {
        var (net, alice, bob) = Pair();
        var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(2);

        Assert.True(alice.Saw<SipCallTrying>());
        Assert.Equal(180, alice.Single<SipCallRinging>().Status);
        Assert.Equal(Text(Answer), Text(alice.Single<SipCallAnswered>().Sdp));
        Assert.Equal(Text(Offer), Text(bob.Single<SipCallIncoming>().Offer));
        Assert.True(bob.Saw<SipCallConfirmed>());

        alice.Agent.Hangup(call, net.Now);
        net.Run(60);
        Assert.Equal(SipCallEnd.Local, alice.Single<SipCallEnded>().By);
        Assert.Equal(SipCallEnd.Peer, bob.Single<SipCallEnded>().By);
        AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void Call_HungUpByCallee_CarriesReason()
    {
        var (net, alice, bob) = Pair();
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(1);
        bob.Agent.Hangup(bob.Single<SipCallIncoming>().Call, net.Now, "Q.850;cause=16");
        net.Run(60);
        Assert.Equal(("Q.850;cause=16", SipCallEnd.Peer), (alice.Single<SipCallEnded>().Reason, alice.Single<SipCallEnded>().By));
        AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void Call_Rejected_ReportsStatusAndLeavesNothing()
    {
        var (net, alice, bob) = Pair(autoAnswer: false);
        bob.Host = (e, now) => { if (e is SipCallIncoming i) bob.Agent.Reject(i.Call, 486, null, now); };
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(60);
        Assert.Equal((SipFailureKind.Rejected, 486), (alice.Single<SipCallFailed>().Failure.Kind, alice.Single<SipCallFailed>().Failure.Status));
        AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void Call_NobodyThere_TimesOutAfter64T1()
    {
        var net = new SipNet();
        var alice = net.Add(new SipPeer("192.0.2.1", 1));
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.9"), net.Now);
        net.Run(31.9);
        Assert.False(alice.Saw<SipCallFailed>());
        net.Run(0.2);
        Assert.Equal((SipFailureKind.Timeout, 0), (alice.Single<SipCallFailed>().Failure.Kind, alice.Single<SipCallFailed>().Failure.Status));
        // Timer A: at 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s.
        Assert.Equal(7, alice.SentRequests(SipMethod.Invite).Count());
        AssertNothingLeft(alice);
    }

    [Fact]
    public void Call_PortUnreachable_FailsAtOnceWithLocalCause()
    {
        var net = new SipNet { Refuse = _ => true };
        var alice = net.Add(new SipPeer("192.0.2.1", 1));
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.9"), net.Now);
        net.Run(0.1);
        Assert.Equal((SipFailureKind.TransportError, 0), (alice.Single<SipCallFailed>().Failure.Kind, alice.Single<SipCallFailed>().Failure.Status));
        AssertNothingLeft(alice);
    }

    [Fact]
    public void Cancel_WhileRinging_487AndCancelledOnBothSides()
    {
        var (net, alice, bob) = Pair(autoAnswer: false);
        bob.Host = (e, now) => { if (e is SipCallIncoming i) bob.Agent.Ring(i.Call, 180, default, now); };
        var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(1);
        alice.Agent.Hangup(call, net.Now);
        net.Run(60);
        Assert.Equal((SipFailureKind.Cancelled, 487), (alice.Single<SipCallFailed>().Failure.Kind, alice.Single<SipCallFailed>().Failure.Status));
        Assert.True(bob.Saw<SipCallCancelled>());
        AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void Cancel_BeforeFirstProvisional_WaitsForIt()
    {
        var (net, alice, bob) = Pair(autoAnswer: false);
        var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        alice.Agent.Hangup(call, net.Now);
        net.Run(0.015);
        Assert.Empty(alice.SentRequests(SipMethod.Cancel));
        net.Run(60);
        Assert.Single(alice.SentRequests(SipMethod.Cancel));
        Assert.Equal(SipFailureKind.Cancelled, alice.Single<SipCallFailed>().Failure.Kind);
        Assert.True(bob.Saw<SipCallCancelled>());
        AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void Cancel_CrossedBy200_IsAcknowledgedAndHungUp()
    {
        var (net, alice, bob) = Pair(autoAnswer: false);
        bob.Host = (e, now) => { if (e is SipCallIncoming i) bob.Agent.Ring(i.Call, 180, default, now); };
        var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(1);
        bob.Agent.Answer(bob.Single<SipCallIncoming>().Call, Answer, net.Now);
        alice.Agent.Hangup(call, net.Now);
        net.Run(100);
        Assert.Equal(SipFailureKind.Cancelled, alice.Single<SipCallFailed>().Failure.Kind);
        Assert.Single(alice.SentRequests(SipMethod.Bye));
        Assert.NotEmpty(alice.SentRequests(SipMethod.Ack));
        Assert.Equal(SipCallEnd.Peer, bob.Single<SipCallEnded>().By);
        AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void Answer_AckNeverComes_CalleeHangsUp()
    {
        var (net, alice, bob) = Pair();
        net.Drop = m => m.IsRequest && m.Method == SipMethod.Ack;
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(120);
        Assert.Equal(SipCallEnd.NoAck, bob.Single<SipCallEnded>().By);
        Assert.Equal(SipCallEnd.Peer, alice.Single<SipCallEnded>().By);
        Assert.InRange(bob.SentResponses(200).Count(m => m.Method == SipMethod.Invite), 9, 12);
        AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void Call_OverTcp_SendsEveryMessageOnce()
    {
        var (net, alice, bob) = Pair();
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2;transport=tcp"), net.Now);
        net.Run(2);
        Assert.True(alice.Saw<SipCallAnswered>());
        Assert.Single(alice.SentRequests(SipMethod.Invite));
        Assert.Contains("transport=tcp", alice.Sent[0].Text(SipHeader.Contact));
        bob.Agent.Hangup(bob.Single<SipCallIncoming>().Call, net.Now);
        net.Run(60);
        AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void Call_OverLossyWire_SetsUpAndEndsEveryTime()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var net = new SipNet(seed) { Loss = 0.2, Duplicate = 0.1, Reorder = true };
            var alice = net.Add(new SipPeer("192.0.2.1", seed));
            var bob = net.Add(new SipPeer("192.0.2.2", seed + 1000));
            bob.Host = AutoAnswer(bob);
            var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
            net.Run(30);
            Assert.True(alice.Saw<SipCallAnswered>(), $"seed {seed}");
            var (by, at) = seed % 2 == 0 ? (alice, call) : (bob, bob.Single<SipCallIncoming>().Call);
            by.Agent.Hangup(at, net.Now);
            net.Run(150);
            Assert.True(alice.Events.Count(e => e is SipCallEnded) == 1, $"seed {seed}");
            Assert.True(bob.Events.Count(e => e is SipCallEnded) == 1, $"seed {seed}");
            AssertNothingLeft(alice, bob);
        }
    }

    [Fact]
    public void Calls_FiveHundredAtOnce_AllComeUpAndLeaveNothing()
    {
        var (net, alice, bob) = Pair();
        for (var i = 0; i < 500; i++) alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(5);
        Assert.Equal((500, 500), (alice.Events.Count(e => e is SipCallAnswered), bob.Events.Count(e => e is SipCallConfirmed)));
        foreach (var answered in alice.Events.OfType<SipCallAnswered>().ToArray()) alice.Agent.Hangup(answered.Call, net.Now);
        net.Run(60);
        AssertNothingLeft(alice, bob);
    }

    [Fact]
    public void Incoming_AboveTheLimit_Gets503()
    {
        var (net, alice, bob) = Pair(autoAnswer: false, o => o with { MaxCalls = 1 });
        bob.Host = AutoAnswer(bob);
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(1);
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(1);
        Assert.Equal(SipFailureKind.LimitReached, alice.Single<SipCallFailed>().Failure.Kind);
        var carol = net.Add(new SipPeer("192.0.2.3", 3));
        carol.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(1);
        Assert.Equal((503, TimeSpan.FromSeconds(30)), (carol.Single<SipCallFailed>().Failure.Status, carol.Single<SipCallFailed>().Failure.RetryAfter));
    }

    internal static (SipNet Net, SipPeer Alice, SipPeer Bob) Pair(bool autoAnswer = true, Func<SipUserAgentOptions, SipUserAgentOptions>? configure = null)
    {
        var net = new SipNet();
        var alice = net.Add(new SipPeer("192.0.2.1", 1, configure));
        var bob = net.Add(new SipPeer("192.0.2.2", 2, configure));
        if (autoAnswer) bob.Host = AutoAnswer(bob);
        return (net, alice, bob);
    }

    internal static Action<SipEvent, Instant> AutoAnswer(SipPeer peer) => (e, now) =>
    {
        if (e is not SipCallIncoming incoming) return;
        peer.Agent.Ring(incoming.Call, 180, default, now);
        peer.Agent.Answer(incoming.Call, Answer, now);
    };

    internal static void AssertNothingLeft(params SipPeer[] peers)
    {
        foreach (var peer in peers)
        {
            Assert.Equal(0, peer.Agent.CallCount);
            Assert.Equal(0, peer.Agent.TransactionCount);
            Assert.Equal(Instant.Never, peer.Agent.NextDeadline);
        }
    }
}
