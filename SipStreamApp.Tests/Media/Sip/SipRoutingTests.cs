using System.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;
using static SipStreamApp.Tests.Media.Sip.SipTestText;

namespace SipStreamApp.Tests.Media.Sip;

public sealed class SipRoutingTests
{
    private static readonly IPAddress Proxy = IPAddress.Parse("192.0.2.80");

    [Fact]
    public void Invite_Forked_FirstAnswerWinsAndTheOtherIsHungUp()
    {
        var requests = new List<SipMessage>();
        var (net, alice) = Start((request, _) =>
        {
            requests.Add(request);
            return request.Method switch
            {
                SipMethod.Invite =>
                [
                    Reply(request, 180, "one"), Reply(request, 183, "two", "Contact: <sip:two@192.0.2.80>\r\n", Text(Answer)),
                    Reply(request, 200, "two", "Contact: <sip:two@192.0.2.80>\r\n", Text(Answer)),
                    Reply(request, 200, "one", "Contact: <sip:one@192.0.2.80>\r\n", Text(Answer)),
                    Reply(request, 200, "one", "Contact: <sip:one@192.0.2.80>\r\n", Text(Answer)),
                ],
                SipMethod.Ack => [],
                _ => [Reply(request, 200, "x")],
            };
        });
        var call = alice.Agent.StartCall(CallTo("sip:bob@192.0.2.80"), net.Now);
        net.Run(5);
        Assert.Equal("two", alice.Single<SipCallAnswered>().RemoteTag);
        Assert.Equal("two", alice.Single<SipCallEarlyMedia>().RemoteTag);
        Assert.Equal(["one"], requests.Where(r => r.Method == SipMethod.Bye).Select(r => r.ToTag));
        Assert.Equal(["one", "one", "two"], requests.Where(r => r.Method == SipMethod.Ack).Select(r => r.ToTag).Order());
        alice.Agent.Hangup(call, net.Now);
        net.Run(60);
        SipCallTests.AssertNothingLeft(alice);
    }

    [Fact]
    public void Invite_LooseAndStrictRoutes_AreFollowed()
    {
        foreach (var (recordRoute, uri, routes) in ((string, string, string[])[])[
            ("Record-Route: <sip:192.0.2.81;lr>\r\nRecord-Route: <sip:192.0.2.80;lr>\r\n", "sip:bob@192.0.2.99", ["<sip:192.0.2.80;lr>", "<sip:192.0.2.81;lr>"]),
            ("Record-Route: <sip:192.0.2.81>, <sip:192.0.2.80>\r\n", "sip:192.0.2.80", ["<sip:192.0.2.81>", "<sip:bob@192.0.2.99>"])])
        {
            var acks = new List<(SipMessage Message, SipEndpoint To)>();
            var (net, alice) = Start((request, sent) =>
            {
                if (request.Method == SipMethod.Ack) acks.Add((request, sent.To));
                return request.Method == SipMethod.Invite ? [Reply(request, 200, "t", recordRoute + "Contact: <sip:bob@192.0.2.99>\r\n", Text(Answer))] : [];
            });
            alice.Agent.StartCall(CallTo("sip:bob@192.0.2.80"), net.Now);
            net.Run(1);
            var (ack, to) = Assert.Single(acks);
            Assert.Equal((uri, Proxy), (ack.RequestUri!.Text, to.Address));
            Assert.Equal(routes, ack.List(SipHeader.Route));
        }
    }

    [Fact]
    public void Invite_ReliableProvisional_IsAcknowledgedOnceInOrder()
    {
        var pracks = new List<string>();
        var (net, alice) = Start((request, _) =>
        {
            if (request.Method == SipMethod.Prack) pracks.Add(request.Text(SipHeader.RAck)!);
            return request.Method switch
            {
                SipMethod.Invite => [Reliable(request, 7), Reliable(request, 7), Reliable(request, 9), Reliable(request, 8)],
                SipMethod.Ack => [],
                _ => [Reply(request, 200, "t")],
            };
        });
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.80"), net.Now);
        net.Run(0.4);
        Assert.Equal(["7 1 INVITE", "8 1 INVITE"], pracks);

        static byte[] Reliable(SipMessage request, int rseq) => Reply(request, 183, "t", $"Require: 100rel\r\nRSeq: {rseq}\r\nContact: <sip:bob@192.0.2.80>\r\n", Text(Answer));
    }

    [Fact]
    public void Invite_Redirected_FollowsTheBestContactFirst()
    {
        var seen = new List<string>();
        var (net, alice) = Start((request, _) =>
        {
            if (request.Method != SipMethod.Invite) return [];
            seen.Add(request.RequestUri!.User);
            return request.RequestUri.User switch
            {
                "bob" => [Reply(request, 302, "t", "Contact: <sip:low@192.0.2.81>;q=0.1, <sip:high@192.0.2.82>;q=0.9\r\n")],
                "high" => [Reply(request, 486, "t")],
                _ => [Reply(request, 200, "t", "Contact: <sip:low@192.0.2.81>\r\n", Text(Answer))],
            };
        });
        alice.Agent.StartCall(CallTo("sip:bob@192.0.2.80"), net.Now);
        net.Run(1);
        Assert.Equal(["bob", "high", "low"], seen);
        Assert.True(alice.Saw<SipCallAnswered>());
    }

    [Fact]
    public void Invite_NameToResolve_TriesTheAddressesInOrder()
    {
        var (net, alice) = Start((request, sent) => (request.Method, sent.To.Address.ToString()) switch
        {
            (SipMethod.Invite, "192.0.2.81") => [Reply(request, 503, "t")],
            (SipMethod.Invite, _) => [Reply(request, 486, "t")],
            _ => [],
        });
        net.Refuse = to => to.Address.Equals(Proxy);
        alice.Host = (e, now) =>
        {
            if (e is not SipResolveNeeded need) return;
            Assert.Equal(new SipNextHop("example.com", 0, null, false), need.Hop);
            Assert.Equal(["_sip._udp.example.com", "_sip._tcp.example.com"], need.Hop.SrvNames().Select(s => s.Name));
            alice.Agent.Resolved(need.Id, [Target("192.0.2.80"), Target("192.0.2.81"), Target("192.0.2.82")], now);
        };
        alice.Agent.StartCall(CallTo("sip:bob@example.com"), net.Now);
        net.Run(40);
        Assert.Equal(486, alice.Single<SipCallFailed>().Failure.Status);
        Assert.Equal(3, alice.SentRequests(SipMethod.Invite).Select(m => m.TopVia!.Branch).Distinct().Count());
        SipCallTests.AssertNothingLeft(alice);
    }

    [Fact]
    public void Invite_NameNotFound_FailsWithLocalCause()
    {
        var (net, alice) = Start((_, _) => []);
        alice.Host = (e, now) => { if (e is SipResolveNeeded need) alice.Agent.Resolved(need.Id, [], now); };
        alice.Agent.StartCall(CallTo("sip:bob@nowhere.example"), net.Now);
        net.Run(1);
        Assert.Equal(SipFailureKind.ResolveFailed, alice.Single<SipCallFailed>().Failure.Kind);
    }

    [Fact]
    public void Invite_LargerThanDatagram_GoesByTcpAndFallsBackToUdp()
    {
        var used = new List<SipTransport>();
        var (net, alice) = Start((request, sent) =>
        {
            used.Add(sent.To.Transport);
            return request.Method == SipMethod.Invite ? [Reply(request, 486, "t")] : [];
        });
        var large = CallTo("sip:bob@192.0.2.80") with { Headers = [("X-Large", new string('x', 1400))] };
        alice.Agent.StartCall(large, net.Now);
        net.Run(1);
        Assert.All(used, t => Assert.Equal(SipTransport.Tcp, t));
        Assert.StartsWith("SIP/2.0/TCP", alice.Sent[0].Text(SipHeader.Via));

        used.Clear();
        net.Refuse = to => to.Transport == SipTransport.Tcp;
        alice.Agent.StartCall(large, net.Now);
        net.Run(1);
        Assert.NotEmpty(used);
        Assert.All(used, t => Assert.Equal(SipTransport.Udp, t));
        Assert.All(alice.Events.OfType<SipCallFailed>(), f => Assert.Equal(486, f.Failure.Status));
    }

    [Fact]
    public void Srv_Order_PriorityFirstThenByWeight()
    {
        SrvRecord[] records = [new(20, 0, 5060, "c"), new(10, 60, 5060, "a"), new(10, 20, 5060, "b"), new(10, 0, 5060, "z")];
        var random = SipRandom.Seeded(4);
        var firsts = new Dictionary<string, int>();
        for (var i = 0; i < 4000; i++)
        {
            var order = SrvOrder.Sort(records, random);
            Assert.Equal(("c", 4), (order[3].Target, order.Count));
            firsts[order[0].Target] = firsts.GetValueOrDefault(order[0].Target) + 1;
        }

        Assert.InRange(firsts["a"], 2700, 3200);
        Assert.InRange(firsts["b"], 800, 1200);
        Assert.InRange(firsts.GetValueOrDefault("z"), 1, 150);
        Assert.Empty(SrvOrder.Sort([new(0, 0, 0, ".")], random));
    }

    private static SipEndpoint Target(string address) => new(IPAddress.Parse(address), 5060, SipTransport.Udp);

    private static (SipNet Net, SipPeer Alice) Start(Func<SipMessage, SipOutgoing, IEnumerable<byte[]>> server)
    {
        var net = new SipNet { Server = server };
        return (net, net.Add(new SipPeer("192.0.2.1", 1)));
    }
}
