using System.Diagnostics;
using System.Net;
using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;

namespace SipStreamApp.Tests.Media.Sip;

public sealed class SipParserTests(ITestOutputHelper output)
{
    private const string Head = "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKnashds8;rport\r\nMax-Forwards: 70\r\n"
        + "Record-Route: <sip:p1.example.com;lr>,<sip:p2.example.com;lr>\r\nFrom: \"Alice\" <sip:alice@example.com>;tag=1928301774\r\nTo: Bob <sip:bob@example.com>\r\n"
        + "Call-ID: a84b4c76e66710@pc33.example.com\r\nCSeq: 314159 INVITE\r\nContact: <sip:alice@192.0.2.1:5060>\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS\r\n"
        + "Supported: 100rel, timer, replaces\r\nSession-Expires: 1800\r\nMin-SE: 90\r\nUser-Agent: phone/1.0\r\nContent-Type: application/sdp\r\n";

    private static readonly byte[] Invite = MakeInvite();

    [Fact]
    public void Parse_UsualInvite_CostsFewBytesAndLittleTime()
    {
        const int Rounds = 4000;
        var (best, bytes, seen) = (TimeSpan.MaxValue, 0L, 0L);
        // The best of several rounds: the compiler is done by then, and the machine may be shared.
        for (var round = 0; round < 8; round++)
        {
            seen = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < Rounds; i++) seen += SipParser.Parse(Invite).Message!.CSeq;
            if (watch.Elapsed < best) best = watch.Elapsed;
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        }

        output.WriteLine($"{Rounds / best.TotalSeconds:F0} messages of {Invite.Length} bytes per second, {bytes} bytes of garbage each");
        Assert.Equal(314159L * Rounds, seen);
        Assert.InRange(bytes, Invite.Length, Invite.Length + 900);
    }

    [Fact]
    public void Parse_RandomAndMutatedBytes_NeverThrows()
    {
        var random = new Random(4475);
        var corpus = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Data", "rfc4475"), "*.dat").Select(File.ReadAllBytes).Append(Invite).ToArray();
        var agent = new SipUserAgent(new SipUserAgentOptions { LocalAddress = _ => new SipLocalAddress("192.0.2.1", 5060), Random = SipRandom.Seeded(1), MaxTransactions = 500 });
        var from = new SipEndpoint(IPAddress.Loopback, 5060, SipTransport.Udp);
        var now = Instant.FromMilliseconds(1000);
        var (ok, refused) = (0, 0);
        for (var i = 0; i < 12000; i++)
        {
            var bytes = (byte[])corpus[random.Next(corpus.Length)].Clone();
            for (var m = random.Next(1, 12); m > 0; m--) bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)":;,<>@=\"\\ \r\n?"[random.Next(13)] : (byte)random.Next(256);
            if (i % 5 == 0) random.NextBytes(bytes);
            if (i % 3 == 0) bytes = bytes[..random.Next(bytes.Length)];
            if (SipParser.Parse(bytes) is { Status: SipParseStatus.Ok, Message: { } message })
            {
                ok++;
                var again = SipParser.Parse(new SipWriter().Write(message));
                Assert.True(again.Status == SipParseStatus.Ok, $"{again.Reason}: {Encoding.Latin1.GetString(bytes)}");
                Assert.Equal((message.CallId, message.FromTag, message.ToTag), (again.Message!.CallId, again.Message.FromTag, again.Message.ToTag));
            }
            else refused++;

            now += TimeSpan.FromMilliseconds(50);
            agent.Receive(bytes, from, now);
            agent.Tick(now);
            while (agent.TryTakeEvent(out var e)) if (e is SipCallIncoming incoming) agent.Reject(incoming.Call, 486, null, now);
            while (agent.TryTakeMessage(out _)) { }
        }

        output.WriteLine($"{ok} accepted, {refused} refused");
        Assert.InRange(ok, 100, 11000);
    }

    [Theory]
    [InlineData("sip:alice@example.com", "alice", "example.com", 0)]
    [InlineData("sips:alice:pw@[2001:db8::1]:5061;transport=tcp?subject=x", "alice", "[2001:db8::1]", 5061)]
    [InlineData("sip:192.0.2.4:5080;lr", "", "192.0.2.4", 5080)]
    public void Uri_Valid_IsTakenApart(string text, string user, string host, int port)
    {
        Assert.True(SipUri.TryParse(text, out var uri));
        Assert.Equal((user, host, port, text), (uri.User, uri.Host, uri.Port, uri.ToString()));
    }

    [Theory]
    [InlineData(""), InlineData("sip:"), InlineData("alice@example.com"), InlineData("sip:a b@c"), InlineData("sip:a@b:99999"), InlineData("sip:@b"), InlineData("sip:[::1"), InlineData("1sip:x")]
    public void Uri_Invalid_IsRefused(string text) => Assert.False(SipUri.TryParse(text, out _));

    [Theory]
    [InlineData("\rX-Name: 1\r\n")]
    [InlineData(" X-Name: 1\r\n")]
    public void Parse_WhiteSpaceBeforeTheFirstName_IsABadHeaderLine(string line)
    {
        var parsed = SipParser.Parse(Encoding.ASCII.GetBytes($"OPTIONS sip:bob@example.com SIP/2.0\r\n{line}{Head[(Head.IndexOf('\n', StringComparison.Ordinal) + 1)..]}Content-Length: 0\r\n\r\n"));
        Assert.Equal((SipParseStatus.Malformed, "Bad Header Line"), (parsed.Status, parsed.Reason));
    }

    [Fact]
    public void Writer_LineBreakInValue_CannotSmuggleAHeader()
    {
        var bytes = new SipWriter().Request("INFO", "sip:a@b").Header("Subject", "x\r\nEvil: yes\r\n\r\nbody").NoBody();
        Assert.DoesNotContain("\r\nEvil", Encoding.ASCII.GetString(bytes));
    }

    [Fact]
    public void FindSdp_InsideMultipart_IsFound()
    {
        const string Body = "--b1\r\nContent-Type: application/isup;version=x\r\n\r\n\x01\x02\r\n--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\ns=-\r\n\r\n--b1--\r\n";
        var text = Head.Replace("application/sdp", "multipart/mixed; boundary=\"b1\"") + $"Content-Length: {Body.Length}\r\n\r\n{Body}";
        var sdp = SipBody.FindSdp(SipParser.Parse(Encoding.Latin1.GetBytes(text)).Message!);
        Assert.Equal("v=0\r\ns=-\r\n", Encoding.ASCII.GetString(sdp.Span));
    }

    [Fact]
    public void Framer_CutAtEveryPoint_YieldsTheSameMessages()
    {
        byte[] stream = [.. "\r\n"u8, .. Invite, .. "\r\n\r\n"u8, .. Invite, .. "\r\n\r\n"u8];
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var framer = new SipStreamFramer();
            var (messages, pings) = (0, 0);
            foreach (var part in (byte[][])[stream[..cut], stream[cut..]])
            {
                Assert.True(framer.Receive(part));
                SipFrameStatus status;
                while ((status = framer.TryTake(out var message)) != SipFrameStatus.NeedMore)
                {
                    if (status == SipFrameStatus.Ping) pings++;
                    else if (status == SipFrameStatus.Message && SipParser.Parse(message) is { Status: SipParseStatus.Ok } parsed && parsed.Message!.Body.Length > 0) messages++;
                    else Assert.Fail($"cut {cut}: {status}");
                }
            }

            Assert.Equal((cut, 2, 2), (cut, messages, pings));
        }
    }

    [Theory]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nContent-Length: 70000\r\n\r\n")]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nl: -1\r\n\r\n")]
    [InlineData("INVITE sip:a@b SIP/2.0\r\nl: 1\r\nContent-Length: 2\r\n\r\n")]
    public void Framer_UnusableLength_Breaks(string text)
    {
        var framer = new SipStreamFramer();
        framer.Receive(Encoding.ASCII.GetBytes(text));
        Assert.Equal(SipFrameStatus.Broken, framer.TryTake(out _));
        Assert.False(framer.Receive("x"u8));
    }

    [Fact]
    public void Framer_EndlessHeader_BreaksAt64K()
    {
        var framer = new SipStreamFramer();
        var chunk = Encoding.ASCII.GetBytes(new string('a', 4096));
        var status = SipFrameStatus.NeedMore;
        for (var i = 0; i < 17 && status == SipFrameStatus.NeedMore; i++)
        {
            framer.Receive(chunk);
            status = framer.TryTake(out _);
        }

        Assert.Equal(SipFrameStatus.Broken, status);
    }

    private static byte[] MakeInvite()
    {
        var sdp = Encoding.ASCII.GetString(SipTestText.Offer) + "a=rtpmap:0 PCMU/8000\r\na=sendrecv\r\nm=video 4002 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 profile-level-id=42e01f;packetization-mode=1\r\n";
        return Encoding.ASCII.GetBytes($"{Head}Content-Length: {sdp.Length}\r\n\r\n{sdp}");
    }
}
