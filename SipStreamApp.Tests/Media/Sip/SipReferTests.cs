using SipStreamApp.Media.Sip;
using Xunit;
using static SipStreamApp.Tests.Media.Sip.SipTestText;

namespace SipStreamApp.Tests.Media.Sip;

/// <summary>REFER and what is told of it (RFC 3515), against a phone written by hand.</summary>
public sealed class SipReferTests
{
    private readonly SipNet _net;
    private readonly SipPeer _alice;
    private readonly SipCallHandle _call;
    private int _referAnswer = 202;
    private uint _cseq;

    public SipReferTests()
    {
        _net = new SipNet
        {
            Server = (request, _) => request.Method switch
            {
                SipMethod.Invite => [Reply(request, 200, "t", "Contact: <sip:bob@192.0.2.80>\r\n", Text(Answer))],
                SipMethod.Refer when _referAnswer == 0 => [],
                SipMethod.Refer => [Reply(request, _referAnswer, "t", "Contact: <sip:bob@192.0.2.80>\r\n")],
                SipMethod.Bye => [Reply(request, 200, "t")],
                _ => [],
            },
        };
        _alice = _net.Add(new SipPeer("192.0.2.1", 1));
        _call = _alice.Agent.StartCall(CallTo("sip:bob@192.0.2.80"), _net.Now);
        _net.Run(1);
        Assert.True(_alice.Saw<SipCallAnswered>());
    }

    [Fact]
    public void Refer_Accepted_NamesTheTargetAndUsAndTellsProgress()
    {
        Assert.True(Refer());
        _net.Run(1);
        var refer = Assert.Single(_alice.SentRequests(SipMethod.Refer));
        Assert.Equal(("<sip:carol@192.0.2.3>", "<sip:alice@192.0.2.1>"), (refer.Text("Refer-To"), refer.Text("Referred-By")));
        Assert.True(refer.Has(SipHeader.Contact));
        Assert.Equal(202, _alice.Single<SipReferAnswered>().Status);

        Assert.Equal(200, Notify("SIP/2.0 100 Trying", "active;expires=60"));
        Assert.Equal(200, Notify("SIP/2.0 200 OK", "terminated;reason=noresource"));
        Assert.Equal([(100, "Trying"), (200, "OK")], _alice.Events.OfType<SipReferProgress>().Select(p => (p.Status, p.Phrase)));
        Assert.Equal(481, Notify("SIP/2.0 200 OK", "terminated"));
    }

    [Theory]
    [InlineData("SIP/2.0 486 Busy Here", "terminated;reason=noresource", 486)]
    [InlineData("SIP/2.0 180 Ringing", "terminated;reason=timeout", 408)]
    [InlineData("", "terminated", 408)]
    public void Notify_OfTheEnd_IsTheOutcome(string fragment, string state, int outcome)
    {
        Refer();
        _net.Run(1);
        Notify(fragment, state);
        Assert.Equal(outcome, _alice.Single<SipReferProgress>().Status);
        // Over and done: the next wish is free to come.
        Assert.True(Refer());
    }

    [Fact]
    public void Refer_Refused_IsSaidAndTheCallStays()
    {
        _referAnswer = 603;
        Refer();
        Assert.False(Refer());
        _net.Run(1);
        Assert.Equal(603, _alice.Single<SipReferAnswered>().Status);
        Assert.False(_alice.Saw<SipCallEnded>());
        Assert.Equal(481, Notify("SIP/2.0 200 OK", "terminated"));
    }

    [Fact]
    public void Notify_BeforeTheAnswerToTheRefer_Counts()
    {
        _referAnswer = 0;
        Refer();
        _net.Run(0.1);
        Assert.Equal(200, Notify("SIP/2.0 200 OK", "terminated;reason=noresource"));
        _referAnswer = 202;
        _net.Run(2);
        Assert.Equal((200, 202), (_alice.Single<SipReferProgress>().Status, _alice.Single<SipReferAnswered>().Status));
        Assert.True(Refer());
    }

    [Theory]
    [InlineData("Event: message-summary\r\n", 489)]
    [InlineData("", 489)]
    [InlineData("Event: refer\r\n", 481)]
    public void Notify_ThatNobodyAskedFor_IsRefused(string header, int answer) => Assert.Equal(answer, Notify("SIP/2.0 200 OK", "active", header));

    // Whoever is called could else make this server call whom he likes, at the account's cost.
    [Fact]
    public void Refer_OfTheOtherSide_IsRefusedWithWhatIsAllowed_AndNobodyIsCalled()
    {
        var (net, alice, bob) = SipCallTests.Pair();
        var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.2"), net.Now);
        net.Run(1);
        Assert.True(SipUri.TryParse("sip:0900123@192.0.2.66", out var paid) & SipUri.TryParse("sip:bob@192.0.2.2", out var self));
        Assert.True(bob.Agent.Refer(bob.Single<SipCallIncoming>().Call, paid!, self!, net.Now));
        net.Run(40);
        Assert.Equal(405, bob.Single<SipReferAnswered>().Status);
        var refusal = Assert.Single(alice.SentResponses(405));
        Assert.DoesNotContain("REFER", refusal.Text(SipHeader.Allow), StringComparison.Ordinal);
        Assert.DoesNotContain("REFER", alice.SentRequests(SipMethod.Invite).First().Text(SipHeader.Allow), StringComparison.Ordinal);
        Assert.Single(alice.SentRequests(SipMethod.Invite));
        Assert.False(alice.Saw<SipCallEnded>());
        alice.Agent.Hangup(call, net.Now);
        net.Run(60);
        SipCallTests.AssertNothingLeft(alice, bob);
    }

    private bool Refer()
    {
        Assert.True(SipUri.TryParse("sip:carol@192.0.2.3", out var target) & SipUri.TryParse("sip:alice@192.0.2.1", out var self));
        return _alice.Agent.Refer(_call, target!, self!, _net.Now);
    }

    // Sends a NOTIFY of the far end and returns what it was answered with.
    private int Notify(string fragment, string state, string header = "Event: refer;id=2\r\n")
    {
        var invite = _alice.SentRequests(SipMethod.Invite).First();
        var (local, remote) = (SipText.ToText(invite.Value(SipHeader.From)), SipText.ToText(invite.Value(SipHeader.To)) + ";tag=t");
        var body = fragment.Length > 0 ? fragment + "\r\n" : "";
        var text = $"NOTIFY sip:alice@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.80;branch=z9hG4bKn{++_cseq}\r\nFrom: {remote}\r\nTo: {local}\r\nCall-ID: {invite.CallId}\r\n" +
                   $"CSeq: {_cseq} NOTIFY\r\nMax-Forwards: 70\r\n{header}Subscription-State: {state}\r\nContent-Type: message/sipfrag;version=2.0\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        var before = _alice.Sent.Count;
        _alice.Agent.Receive(System.Text.Encoding.ASCII.GetBytes(text), new SipEndpoint(System.Net.IPAddress.Parse("192.0.2.80"), 5060, SipTransport.Udp), _net.Now);
        _net.Run(0.01);
        return _alice.Sent.Skip(before).Single(m => m.StatusCode > 0).StatusCode;
    }
}
