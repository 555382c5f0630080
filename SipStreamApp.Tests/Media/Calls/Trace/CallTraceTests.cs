using System.Net;
using System.Text;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Trace;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls.Trace;

public class CallTraceTests
{
    private static readonly SipEndpoint Peer = new(IPAddress.Parse("192.0.2.9"), 5060, SipTransport.Udp);
    private readonly EngineClock _clock = new(TimeProvider.System);

    [Fact]
    public void Add_MessageWithSecrets_KeepsThemMasked()
    {
        var trace = NewTrace();
        Add(trace, "REGISTER sip:x SIP/2.0\r\nCall-ID: a\r\nAuthorization: Digest username=\"u\", nonce=\"n\", response=\"deadbeef\", cnonce=\"c0ffee\"\r\nContent-Length: 0\r\n\r\n");
        Add(trace, "INVITE sip:x SIP/2.0\r\nCall-ID: a\r\nProxy-Authorization: Basic c2VjcmV0\r\n\r\nv=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:bXlzZWNyZXRrZXk|2^20\r\n");
        var text = string.Concat(trace.Read(default).Messages.Select(m => m.Text));
        foreach (var secret in (string[])["deadbeef", "c0ffee", "c2VjcmV0", "bXlzZWNyZXRrZXk"]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Contains("username=\"u\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Request_KeepsEverythingButThePassword()
    {
        var trace = NewTrace();
        Assert.True(trace.HasPassword);
        Assert.Null(trace.Request.Identity.Password);
        Assert.Equal(("10005", "10006"), (trace.Request.Callee, trace.Request.Identity.Login));
    }

    [Fact]
    public void Add_SameBytesAgain_IsMarkedAsRetransmission()
    {
        var trace = NewTrace();
        Add(trace, "INVITE sip:x SIP/2.0\r\n\r\n");
        Add(trace, "INVITE sip:x SIP/2.0\r\n\r\n", sent: false);
        Add(trace, "INVITE sip:x SIP/2.0\r\n\r\n");
        Add(trace, "INVITE sip:x SIP/2.0\r\n\r\n");
        Assert.Equal([null, null, 0, 0], trace.Read(default).Messages.Select(m => m.RepeatOf));
    }

    [Fact]
    public void Add_MoreThanIsKept_BeginningAndEndStayAndTheCutIsTold()
    {
        var trace = NewTrace();
        for (var i = 0; i < 1000; i++) Add(trace, $"OPTIONS sip:x SIP/2.0\r\nCSeq: {i} OPTIONS\r\n\r\n");
        var part = trace.Read(default);
        Assert.Equal((400, 600), (part.Messages.Count, part.MessagesCut));
        Assert.Equal((0, 339, 940, 999), (part.Messages[0].Number, part.Messages[339].Number, part.Messages[340].Number, part.Messages[^1].Number));
        Assert.Equal(340, trace.Read(default, settledOnly: true).Messages.Count);
    }

    [Fact]
    public void Add_LargeMessages_StayWithinTheBytes()
    {
        var trace = NewTrace();
        for (var i = 0; i < 200; i++) Add(trace, $"INFO sip:x SIP/2.0\r\nCSeq: {i} INFO\r\n\r\n{new string('x', 8000)}");
        var part = trace.Read(default);
        Assert.InRange(part.Messages.Sum(m => m.Text.Length), 400_000, 512 * 1024);
        Assert.Equal(200, part.Messages.Count + part.MessagesCut);
    }

    [Fact]
    public void Read_SinceACursor_GivesOnlyWhatIsNew()
    {
        var trace = NewTrace();
        Add(trace, "INVITE sip:x SIP/2.0\r\n\r\n");
        trace.Mark(MarkKind.Log, MarkLevel.Info, "", "one");
        var first = trace.Read(default);
        Assert.Empty(trace.Read(first.Next).Messages);
        Add(trace, "SIP/2.0 180 Ringing\r\nCSeq: 1 INVITE\r\n\r\n", sent: false);
        trace.Mark(MarkKind.Log, MarkLevel.Warning, "", "two");
        var second = trace.Read(first.Next);
        Assert.Equal(("180 Ringing", "INVITE", 180), (second.Messages.Single().Label, second.Messages.Single().Method, second.Messages.Single().Status));
        Assert.Equal("two", second.Marks.Single().Text);
    }

    [Fact]
    public void Tap_BothEndsOfACallHere_KeepsOursOnly()
    {
        var (tap, trace) = (new SipTap(), NewTrace());
        tap.Follow(("id1", "ours"), trace, _clock.Now);
        var invite = "INVITE sip:demo@x SIP/2.0\r\nFrom: <sip:a@x>;tag=ours\r\nTo: <sip:demo@x>\r\nCall-ID: id1\r\nCSeq: 1 INVITE\r\n\r\n";
        var ok = "SIP/2.0 200 OK\r\nf: <sip:a@x>;tag=ours\r\nTo: <sip:demo@x>;tag=theirs\r\ni: id1\r\nCSeq: 1 INVITE\r\n\r\n";
        var bye = "BYE sip:a@x SIP/2.0\r\nFrom: <sip:demo@x>;tag=theirs\r\nTo: <sip:a@x>;tag=ours\r\nCall-ID: id1\r\nCSeq: 2 BYE\r\n\r\n";
        foreach (var (text, first) in new[] { (invite, true), (ok, true), (bye, true) })
        {
            Pass(tap, text, sent: first);
            Pass(tap, text, sent: !first);
        }

        Assert.Equal([("INVITE", true), ("200 OK", false), ("BYE", false)], trace.Read(default).Messages.Select(m => (m.Label, m.Sent)));
    }

    [Fact]
    public void Tap_FollowedAfterTheInviteCameIn_HasItStill()
    {
        var (tap, trace) = (new SipTap(), NewTrace());
        Pass(tap, "INVITE sip:us@x SIP/2.0\r\nFrom: <sip:a@x>;tag=theirs\r\nCall-ID: in1\r\nCSeq: 1 INVITE\r\n\r\n", sent: false);
        Pass(tap, "INVITE sip:us@x SIP/2.0\r\nFrom: <sip:a@x>;tag=other\r\nCall-ID: in2\r\nCSeq: 1 INVITE\r\n\r\n", sent: false);
        tap.Follow(("in1", "ours"), trace, _clock.Now);
        Assert.Equal("INVITE", trace.Read(default).Messages.Single().Label);
        Pass(tap, "\r\n\r\n", sent: false);
        Assert.Single(trace.Read(default).Messages);
    }

    private void Pass(SipTap tap, string text, bool sent) => tap.Pass(Encoding.ASCII.GetBytes(text), sent, Peer, _ => new SipLocalAddress("192.0.2.1", 5062), _clock.Now);

    private void Add(CallTrace trace, string text, bool sent = true) => trace.Add(Encoding.ASCII.GetBytes(text), sent, "192.0.2.1:5062", Peer, _clock.Now);

    private CallTrace NewTrace() => new(
        new CallId("c-1"), new CallRequest("10005", new SipIdentity("10006", "sip.example.org") { Password = "hunter2" }), _clock.UtcNow, _clock);
}
