// RFC 3261 table 4: every timer, at its time.
using System.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;

namespace SipStreamApp.Tests.Media.Sip;

public sealed class SipTransactionTests
{
    private static readonly Instant Start = Instant.FromMilliseconds(1000);
    private readonly Queue<SipOutgoing> _out = [];
    private readonly SipTimerQueue _queue = new();
    private readonly SipTransactionLayer _layer;

    public SipTransactionTests() => _layer = new SipTransactionLayer(SipTimers.Default, _queue, _out, new SipWriter(), 100);

    // Milliseconds after the first sending at which UDP repeats, and when it all ends (timers A and B, E and F).
    [Theory]
    [InlineData("INVITE", "UDP", new[] { 0, 500, 1500, 3500, 7500, 15500, 31500 }, 32000)]
    [InlineData("OPTIONS", "UDP", new[] { 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500 }, 32000)]
    [InlineData("INVITE", "TCP", new[] { 0 }, 32000)]
    [InlineData("OPTIONS", "TCP", new[] { 0 }, 32000)]
    public void Client_NoResponse_RepeatsAndGivesUp(string method, string transport, int[] sent, int ends)
    {
        _layer.StartClient("b", Id(method), Request(method, "b"), Target(transport), null, Start);
        var (times, end) = Trace();
        Assert.Equal(sent, times);
        Assert.Equal(ends, end);
        Assert.Equal(0, _layer.ClientCount);
    }

    // Timers D and K after a final response, M after 2xx.
    [Theory]
    [InlineData("INVITE", "UDP", 486, 32000, 1)]
    [InlineData("INVITE", "TCP", 486, 0, 1)]
    [InlineData("INVITE", "UDP", 200, 32000, 0)]
    [InlineData("OPTIONS", "UDP", 200, 5000, 0)]
    [InlineData("OPTIONS", "TCP", 200, 0, 0)]
    public void Client_FinalResponse_LingersAsLongAsItMust(string method, string transport, int code, int ends, int acks)
    {
        var bytes = Request(method, "b");
        _layer.StartClient("b", Id(method), bytes, Target(transport), null, Start);
        _out.Clear();
        var response = SipParser.Parse(SipTestText.Reply(SipParser.Parse(bytes).Message!, code, "t")).Message!;
        Assert.True(_layer.ReceiveResponse(response, Start));
        Assert.Equal(acks, _out.Count);
        var (_, end) = Trace();
        Assert.Equal(ends, end);
        Assert.Equal(0, _layer.ClientCount);
    }

    // Timers G, H and I of an INVITE, J of others, L after 2xx.
    [Theory]
    [InlineData("INVITE", "UDP", 486, new[] { 0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500 }, 32000)]
    [InlineData("INVITE", "TCP", 486, new[] { 0 }, 32000)]
    [InlineData("INVITE", "UDP", 200, new[] { 0 }, 32000)]
    [InlineData("OPTIONS", "UDP", 200, new[] { 0 }, 32000)]
    [InlineData("OPTIONS", "TCP", 200, new[] { 0 }, 0)]
    public void Server_FinalResponse_RepeatsAndEnds(string method, string transport, int code, int[] sent, int ends)
    {
        var transaction = _layer.StartServer(SipParser.Parse(Request(method, "z9hG4bKs")).Message!, Target(transport));
        transaction.Respond(code, [1], Start);
        var (times, end) = Trace();
        Assert.Equal(sent, times);
        Assert.Equal(ends, end);
        Assert.Equal(0, _layer.ServerCount);
    }

    [Theory]
    [InlineData("UDP", 5000), InlineData("TCP", 0)]
    public void Server_RefusedInviteAcknowledged_StopsRepeating(string transport, int ends)
    {
        var transaction = _layer.StartServer(SipParser.Parse(Request("INVITE", "z9hG4bKs")).Message!, Target(transport));
        transaction.Respond(486, [1], Start);
        _out.Clear();
        transaction.OnAck(Start);
        var (times, end) = Trace();
        Assert.Empty(times);
        Assert.Equal(ends, end);
    }

    [Theory]
    [InlineData("z9hG4bKsame", "z9hG4bKsame", true), InlineData("z9hG4bKsame", "z9hG4bKother", false), InlineData("old", "old", true), InlineData("old", "new", false)]
    public void Server_AckAndCancel_FindTheirInvite(string branch, string other, bool found)
    {
        var transaction = _layer.StartServer(SipParser.Parse(Request("INVITE", branch)).Message!, Target("UDP"));
        Assert.Equal(found, _layer.FindServer(SipParser.Parse(Request("ACK", other, ";tag=ours")).Message!) == transaction);
        Assert.Equal(found, _layer.FindCancelled(SipParser.Parse(Request("CANCEL", other)).Message!) == transaction);
        Assert.Null(_layer.FindServer(SipParser.Parse(Request("CANCEL", other)).Message!));
    }

    [Fact]
    public void Merged_SameRequestAlongAnotherWay_IsRecognised()
    {
        var transaction = _layer.StartServer(SipParser.Parse(Request("INVITE", "z9hG4bKone")).Message!, Target("UDP"));
        var copy = SipParser.Parse(Request("INVITE", "z9hG4bKtwo")).Message!;
        Assert.Null(_layer.FindServer(copy));
        Assert.True(_layer.IsMerged(copy));
        transaction.Terminate();
        Assert.False(_layer.IsMerged(copy));
    }

    [Fact]
    public void Queue_RandomSetMoveCancel_ComesOutInOrder()
    {
        var random = new Random(2);
        var timers = Enumerable.Range(0, 500).Select(_ => new SipTimer(new Nobody())).ToArray();
        for (var i = 0; i < 20000; i++)
        {
            var timer = timers[random.Next(timers.Length)];
            if (random.Next(4) == 0) _queue.Cancel(timer);
            else _queue.Set(timer, new Instant(random.Next(1000)));
        }

        Assert.Equal(timers.Count(t => t.IsSet), _queue.Count);
        var expected = timers.Where(t => t.IsSet).Select(t => t.Deadline).Order().ToArray();
        var actual = new List<Instant>();
        while (_queue.Count > 0)
        {
            actual.Add(_queue.NextDeadline);
            Assert.True(_queue.TryTakeDue(_queue.NextDeadline, out _));
        }

        Assert.Equal(expected, actual);
    }

    private (int[] Sent, int End) Trace()
    {
        var times = new List<int>();
        var now = Start;
        while (true)
        {
            while (_out.TryDequeue(out _)) times.Add((int)(now - Start).TotalMilliseconds);
            if (_queue.NextDeadline == Instant.Never) return ([.. times], (int)(now - Start).TotalMilliseconds);
            now = _queue.NextDeadline;
            while (_queue.TryTakeDue(now, out var timer)) timer.Owner.OnTimer(timer, now);
        }
    }

    private static SipMethod Id(string method) => SipMethods.Identify(System.Text.Encoding.ASCII.GetBytes(method));

    private static SipEndpoint Target(string transport) => new(IPAddress.Loopback, 5060, transport == "TCP" ? SipTransport.Tcp : SipTransport.Udp);

    private static byte[] Request(string method, string branch, string toTag = "") => new SipWriter().Request(method, "sip:b@192.0.2.1")
        .Header(SipHeader.Via, $"SIP/2.0/UDP 192.0.2.1;branch={branch}").Header(SipHeader.From, "<sip:a@b>;tag=1").Header(SipHeader.To, $"<sip:b@b>{toTag}")
        .Header(SipHeader.CallId, "c").Header(SipHeader.CSeq, $"1 {method}").NoBody().ToArray();

    private sealed class Nobody : ISipTimerOwner
    {
        public void OnTimer(SipTimer timer, Instant now) => Assert.Fail("never called");
    }
}
