using System.Net;
using System.Net.Sockets;
using Org.BouncyCastle.Tls;
using SipStreamApp.Media.WebRtc.Ice;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc;

/// <summary>How sessions end, and what strangers cannot do to them.</summary>
public class WebRtcSafetyTests
{
    private const byte Opus = 111;

    [Fact]
    public async Task Handshake_CertificateIsNotTheOneOfTheOffer_IsRefused()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var browser = kit.Browser(new() { LiesAboutCertificate = true });
        var answer = await kit.AnswerAsync(feeder, browser);
        await Assert.ThrowsAnyAsync<IOException>(() => browser.ConnectAsync(answer.Sdp));
        await WebRtcKit.Until(() => kit.Host.Viewers.Count == 0, "the session is gone");
        Assert.Equal(0, feeder.Stream.Viewers);
        Assert.Empty(browser.Packets);
    }

    [Fact]
    public async Task Strangers_ForgedChecksAndRecords_ChangeNothing()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (browser, _) = await kit.WatchAsync(feeder);
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        stranger.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var server = new IPEndPoint(IPAddress.Loopback, kit.Host.Port);
        var random = new Random(5);
        var junk = new byte[200];
        for (var i = 0; i < 2000; i++)
        {
            browser.SendCheck(password: "not-the-right-password-123", from: stranger);
            random.NextBytes(junk);
            junk[0] = (byte)(i % 3 == 0 ? 22 : i % 3 == 1 ? 0x80 : 0);
            stranger.SendTo(junk, server);
            if (i % 100 == 0) await Task.Delay(1);
        }

        feeder.Audio();
        await WebRtcKit.Until(() => browser.Of(Opus).Count == 1, "media still goes to the viewer");
        Assert.Equal($"127.0.0.1:{browser.LocalPort}", Assert.Single(kit.Host.Viewers).RemoteAddress);
        Assert.Equal(1, kit.Host.Peers.Addresses);
        var answers = 0;
        while (stranger.Available > 0)
        {
            answers++;
            Assert.InRange(stranger.Receive(junk), 1, 100);
        }

        // One error per 100 ms of the flood at most.
        Assert.InRange(answers, 0, 60);
    }

    [Fact]
    public async Task Strangers_RecordsFromAnAddressWithoutCheck_DoNotReachTheHandshake()
    {
        await using var kit = new WebRtcKit();
        var browser = kit.Browser();
        var answer = await kit.AnswerAsync(kit.Feed(), browser);
        browser.UseAnswer(answer.Sdp);
        browser.Send([22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
        await WebRtcKit.Until(() => kit.Host.Counts.StrayDatagrams == 1, "stray");
    }

    [Fact]
    public async Task Check_BrowserTakesItselfForControlled_GetsRoleConflict()
    {
        await using var kit = new WebRtcKit();
        var (browser, _) = await kit.WatchAsync(kit.Feed());
        browser.SendCheck(controlled: true);
        await WebRtcKit.Until(() => browser.LastCheckError == 487, "487");
    }

    [Fact]
    public async Task Check_FromANewAddressOfTheSameBrowser_MovesMedia()
    {
        await using var kit = new WebRtcKit();
        var (browser, _) = await kit.WatchAsync(kit.Feed());
        using var mobile = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        mobile.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        browser.SendCheck(from: mobile);
        var port = ((IPEndPoint)mobile.LocalEndPoint!).Port;
        await WebRtcKit.Until(() => kit.Host.Viewers[0].RemoteAddress == $"127.0.0.1:{port}", "new address");
    }

    [Fact]
    public async Task Consent_ChecksStop_SessionEnds()
    {
        await using var kit = new WebRtcKit(o => o with { Ice = IceOptions.Default with { ConsentTimeout = TimeSpan.FromMilliseconds(500) } });
        var feeder = kit.Feed();
        var (browser, _) = await kit.WatchAsync(feeder);
        for (var i = 0; i < 8; i++)
        {
            await Task.Delay(100);
            browser.SendCheck();
        }

        Assert.Single(kit.Host.Viewers);
        await WebRtcKit.Until(() => kit.Host.Viewers.Count == 0, "consent lost");
        Assert.Equal((0, 0, 0), (feeder.Stream.Viewers, kit.Host.Counts.WatchedStreams, kit.Host.Peers.Addresses));
    }

    [Fact]
    public async Task Close_OnRequest_BrowserHearsByeAndCloseNotify()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (browser, id) = await kit.WatchAsync(feeder);
        Assert.False(kit.Host.Close("00000000000000000000000000000000"));
        Assert.True(kit.Host.Close(id));
        await WebRtcKit.Until(() => browser.Byes == 2 && browser.SawClose, "BYE and close_notify");
        Assert.Empty(kit.Host.Viewers);
        Assert.Equal(0, feeder.Stream.Viewers);
    }

    [Fact]
    public async Task Close_StreamEnds_AllViewersAreTold()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (first, _) = await kit.WatchAsync(feeder);
        var (second, _) = await kit.WatchAsync(feeder);
        feeder.Audio();
        feeder.End();
        await WebRtcKit.Until(() => first.Byes == 2 && second.Byes == 2 && first.SawClose && second.SawClose, "told");
        Assert.Single(first.Of(Opus));
        Assert.Empty(kit.Host.Viewers);
        Assert.Equal(0, kit.Hub.Frames.Outstanding);
    }

    [Fact]
    public async Task Close_ByTheBrowser_SessionEndsAtOnce()
    {
        await using var kit = new WebRtcKit();
        var (browser, _) = await kit.WatchAsync(kit.Feed());
        browser.CloseDtls();
        await WebRtcKit.Until(() => kit.Host.Viewers.Count == 0, "gone", seconds: 2);
    }

    [Fact]
    public async Task Dispose_WithViewers_TellsThemAndFreesThePort()
    {
        // An address of its own: the system gives a port that has just become free on 127.0.0.1 to whichever test asks next.
        const string Own = "127.0.0.9";
        var kit = new WebRtcKit(o => o with { Address = Own });
        var (browser, _) = await kit.WatchAsync(kit.Feed());
        var port = kit.Host.Port;
        await kit.Host.DisposeAsync();
        await WebRtcKit.Until(() => browser.SawClose, "told");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(Own), port));
        await kit.DisposeAsync();
    }
}
