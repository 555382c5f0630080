using System.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Srtp;
using SipStreamApp.Media.WebRtc.Session;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc;

public class WebRtcHostTests
{
    private const byte H264 = 103, Opus = 111;

    [Theory]
    [InlineData(new[] { 1, 8, 7 }, SrtpProfile.AeadAes128Gcm)]
    [InlineData(new[] { 1 }, SrtpProfile.Aes128CmHmacSha1_80)]
    public async Task Watch_BrowserConnects_GetsSoundAndPicture(int[] profiles, object expected)
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (browser, id) = await kit.WatchAsync(feeder, new() { Profiles = profiles });
        await feeder.RunAsync(20);
        await WebRtcKit.Until(() => browser.Of(H264).Count == 60 && browser.Of(Opus).Count == 40, "all packets");
        Assert.Equal((SrtpProfile)expected, browser.Profile);
        Assert.Equal(feeder.Frames, FuA.Frames(browser.Of(H264)));
        Assert.Equal(0, browser.NotAuthentic);
        var viewer = Assert.Single(kit.Host.Viewers);
        Assert.Equal((id, ViewerState.Playing, $"127.0.0.1:{browser.LocalPort}"), (viewer.SessionId, viewer.State, viewer.RemoteAddress));
        Assert.Equal(100, viewer.PacketsSent);
        Assert.Equal(browser.LocalPort, browser.Mapped.Port);
    }

    [Fact]
    public async Task Watch_LateViewer_StartsWithTheKeyframeAndRunsLevel()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (first, _) = await kit.WatchAsync(feeder);
        await feeder.RunAsync(60, keyEvery: 1000);
        var (late, _) = await kit.WatchAsync(feeder);
        await WebRtcKit.Until(() => late.Of(H264).Count == 180, "the past arrives without a new frame");
        await feeder.RunAsync(20, keyEvery: 1000);
        // RunAsync starts with a keyframe; what counts is that nothing before it was lost.
        await WebRtcKit.Until(() => late.Of(H264).Count == 240 && first.Of(H264).Count == 240, "live goes on");
        Assert.Equal(feeder.Frames, FuA.Frames(late.Of(H264)));

        uint[] times = [.. late.Of(H264).Select(p => p.Timestamp).Distinct()];
        for (var i = 1; i < times.Length; i++) Assert.Equal(i < 60 ? 90u : 3600u, times[i] - times[i - 1]);

        // Both browsers put the last picture at the same wall-clock time, sound of the past was not sent.
        await WebRtcKit.Until(() => late.Reports.Count >= 2 && first.Reports.Count >= 2, "sender reports");
        Assert.InRange(Math.Abs((WallTime(first) - WallTime(late)).TotalMilliseconds), 0, 1);
        Assert.Equal(40, late.Of(Opus).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_5PercentLoss_IsRepairedByNack(bool rtx)
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (browser, id) = await kit.WatchAsync(feeder, new() { Loss = 0.05, Nacks = true, Rtx = rtx });
        await feeder.RunAsync(150, pauseMs: 4);
        for (var i = 0; i < 100 && browser.Of(H264).Count < 450; i++) await feeder.RunAsync(1, keyEvery: 1000, pauseMs: 10);
        await WebRtcKit.Until(() => FuA.Frames(browser.Of(H264)).Count >= 150, "whole frames");
        Assert.Equal(feeder.Frames.Take(150), FuA.Frames(browser.Of(H264)).Take(150));
        Assert.InRange(browser.Lost, 10, 200);
        Assert.Equal(rtx, browser.Restored > 0);
        var viewer = kit.Host.Viewers.Single(v => v.SessionId == id);
        Assert.InRange(viewer.Resent, browser.Lost / 2, 10_000);
        Assert.InRange(viewer.Nacks, viewer.Resent, 10_000);
    }

    [Fact]
    public async Task Watch_ManyPlis_LeaveAsOneRequest()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        await feeder.RunAsync(1);
        var (browser, id) = await kit.WatchAsync(feeder);
        await WebRtcKit.Until(() => browser.Of(H264).Count > 0, "a picture");
        var ssrc = browser.Of(H264)[0].Ssrc;
        for (var i = 0; i < 20; i++) browser.SendPli(ssrc);
        await WebRtcKit.Until(() => kit.Host.Viewers[0].Plis == 20, "all are counted");
        Assert.Equal(1, feeder.KeyframesWanted);
    }

    [Fact]
    public async Task Watch_NoPastToStartFrom_AsksForAKeyframeAndSendsSoundAtOnce()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (browser, _) = await kit.WatchAsync(feeder);
        await WebRtcKit.Until(() => feeder.KeyframesWanted == 1, "a keyframe is asked for");
        feeder.Audio();
        feeder.Video();
        feeder.Video(key: true);
        await WebRtcKit.Until(() => browser.Of(H264).Count == 3 && browser.Of(Opus).Count == 1, "starts with the keyframe");
        Assert.Equal([feeder.Frames[1]], FuA.Frames(browser.Of(H264)));
    }

    [Fact]
    public async Task Watch_SenderReports_ComeEarlyAndShareOneTimeLine()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (browser, _) = await kit.WatchAsync(feeder);
        var start = browser.NowMs;
        await feeder.RunAsync(12, pauseMs: 20);
        await WebRtcKit.Until(() => browser.Reports.Select(r => r.Ssrc).Distinct().Count() == 2, "a report for each track");
        Assert.InRange(browser.Reports[0].AtMs - start, 0, 300);
        Assert.Single(browser.Reports.Select(r => r.Cname).Distinct());

        // The first picture and the first sound lie at the same place of the stream, so they must at the same wall-clock time.
        var (video, audio) = (browser.Of(H264)[0], browser.Of(Opus)[0]);
        var gap = WallTime(browser, video, 90000) - WallTime(browser, audio, 48000);
        Assert.InRange(Math.Abs(gap.TotalMilliseconds), 0, 1);

        var report = browser.Reports.Last(r => r.Ssrc == video.Ssrc);
        browser.SendReceiverReport(video.Ssrc, fractionLost: 64, (uint)(report.Ntp >> 16), delay: 0);
        await WebRtcKit.Until(() => kit.Host.Viewers[0].RoundTrip is not null, "round trip");
        Assert.Equal(25, kit.Host.Viewers[0].LossPercent);
        Assert.InRange(kit.Host.Viewers[0].RoundTrip!.Value.TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task Watch_FirstViewerComesLate_ReportsStillTellTheTrueTime()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var published = kit.Clock.UtcNow;
        feeder.Video(key: true);
        await Task.Delay(600);
        var (browser, _) = await kit.WatchAsync(feeder);
        feeder.Video();
        await WebRtcKit.Until(() => browser.Of(H264).Count == 6 && browser.Reports.Count > 0, "a report");
        var shown = new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero) + WallTime(browser);
        Assert.InRange((shown - published).TotalMilliseconds, -100, 400);
    }

    [Fact]
    public async Task Watch_SoundChangesToACodecNotNegotiated_IsLeftOut()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (browser, _) = await kit.WatchAsync(feeder);
        feeder.Audio();
        feeder.Audio(codec: Codec.Pcma);
        feeder.Audio(codec: Codec.Opus);
        await WebRtcKit.Until(() => browser.Of(Opus).Count == 2, "Opus before and after");
        Assert.Empty(browser.Of(8));
    }

    [Fact]
    public async Task Watch_Refusals_NameTheReason()
    {
        await using var kit = new WebRtcKit(o => o with { MaxViewers = 1 });
        var feeder = kit.Feed("sound", Codec.Pcma, video: false);
        var offer = kit.Browser().Offer();
        Assert.Equal("bad-offer", await Code("v=0\r\nnonsense"));
        Assert.Equal("no-common-codec", await Code(kit.Browser(new() { Audio = "111", Video = false }).Offer()));
        Assert.Null(await Code(offer));
        Assert.Equal("viewer-limit", await Code(offer));
        feeder.End();
        await WebRtcKit.Until(() => kit.Host.Viewers.Count == 0, "the session ends with the stream");
        Assert.Equal("stream-ended", await Code(offer));

        async Task<string?> Code(string sdp)
        {
            var outcome = await kit.Host.AnswerAsync(feeder.Stream, null, sdp, IPAddress.Loopback, CancellationToken.None);
            return outcome.Succeeded ? null : outcome.Failures[0].Code;
        }
    }

    private static TimeSpan WallTime(FakeBrowser browser) => WallTime(browser, browser.Of(H264)[^1], 90000);

    private static TimeSpan WallTime(FakeBrowser browser, ReceivedPacket packet, int clockRate)
    {
        var report = browser.Reports.Last(r => r.Ssrc == packet.Ssrc);
        var seconds = (report.Ntp >> 32) + (report.Ntp & 0xFFFF_FFFF) / 4294967296.0;
        return TimeSpan.FromSeconds(seconds + unchecked((int)(packet.Timestamp - report.RtpTimestamp)) / (double)clockRate);
    }

}
