using System.Diagnostics;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc;
using SipStreamApp.Media.WebRtc.Ice;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Kit.Recordings;
using SipStreamApp.Tests.Media.WebRtc;
using Xunit;
using static SipStreamApp.Tests.EndToEnd.ViewerMeasurements;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A real browser publishes camera and microphone by WHIP.</summary>
[Collection(ViewerMeasurements.Name)]
public class BrowserPublishTests
{
    private static readonly StreamName Cam = StreamName.TryParse("cam", out var name) ? name : default;

    [Theory]
    [InlineData("VP8")]
    [InlineData("H264")]
    public async Task Whip_CameraAndMicrophone_AreSeenAndHeardByWhep(string codec)
    {
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync(camera: true);
        await using var publisher = await PublishPage.OpenAsync(chromium, app.Url, new() { Codec = codec });
        using var events = new BrowserEvents(app.Engine);
        Assert.Equal(201, await publisher.WhipAsync("cam"));
        await using var viewer = await WhepViewer.StartAsync(chromium, app.Url, "cam");
        var seen = await viewer.UntilAsync(f => f is { FramesDecoded: > 60, AudioEnergy: > 0.0001 }, TimeSpan.FromSeconds(15));
        Assert.Contains($"video/{codec}", seen.Codecs);
        Assert.Contains("audio/opus", seen.Codecs);

        await using var second = await PublishPage.OpenAsync(chromium, app.Url);
        Assert.Equal(409, await second.WhipAsync("cam"));
        Assert.Contains("stream-taken", (await second.FiguresAsync()).Error, StringComparison.Ordinal);

        var before = await publisher.FiguresAsync();
        app.Engine.Hub.Find(Cam)!.RequestKeyframe();
        var after = await publisher.UntilAsync(f => f.Keyframes > before.Keyframes, TimeSpan.FromSeconds(3));
        await Wait.ForAsync(() => app.Engine.FindStream(Cam)!.Video!.Keyframes >= after.Keyframes, TimeSpan.FromSeconds(3), () => "the keyframe did not come");
        Say($"{seen.StepText}; {before.Plis} PLIs before, {after.Plis} after, {after.Keyframes} keyframes; {app.Engine.Publishers[0]}");

        await publisher.CloseConnectionAsync();
        await Wait.ForAsync(() => app.Engine.FindStream(Cam) is null, TimeSpan.FromSeconds(2), () => "the stream goes on without its publisher");
        Assert.Contains(events.Seen, e => e is { Stream.Value: "cam", State: BrowserSessionState.Ended, Detail: "closed-by-peer" });
        await viewer.StopAsync();
        await Wait.ForAsync(() => app.Engine.Frames.Outstanding == 0, TimeSpan.FromSeconds(5), () => $"{app.Engine.Frames.Outstanding} frames are left behind");
    }

    [Fact]
    public async Task Browser_Killed_StreamEndsWhenConsentRunsOut()
    {
        await using var kit = new WebRtcKit(o => o with { Ice = new IceOptions { ConsentTimeout = TimeSpan.FromSeconds(8) } });
        await using var chromium = await Chromium.StartAsync(camera: true);
        await using var publisher = await PublishPage.OpenAsync(chromium, "about:blank", new() { Source = "canvas" });
        Assert.True(kit.Hub.TryReserve(Cam, null, out var stream));
        var request = new PublishRequest(stream, kit.Hub.Frames, [TrackFormat.Default(Codec.Opus)], [TrackFormat.Default(Codec.Vp8)]);
        var outcome = await kit.Host.AnswerAsync(null, request, await publisher.OfferAsync(), null, TestContext.Current.CancellationToken);
        await publisher.AcceptAsync(outcome.Value!.Sdp);
        await Wait.ForAsync(() => stream.Stream.Snapshot().Video is { Frames: > 30 }, TimeSpan.FromSeconds(10), () => "no picture");
        var killed = Stopwatch.StartNew();
        await chromium.KillAsync();
        await Wait.ForAsync(() => stream.Stream.EndReason is not null, TimeSpan.FromSeconds(10), () => "the stream goes on without its publisher");
        Say($"ended after {killed.ElapsedMilliseconds} ms");
        Assert.Equal(StreamEndReason.PublisherFailed, stream.Stream.EndReason);
        Assert.True(killed.Elapsed > TimeSpan.FromSeconds(4), "a killed browser does not take its leave");
        Assert.Empty(kit.Host.Publishers);
    }

    [Fact]
    public async Task Whip_RichPicture_RisesOverAMegabitAndIsRecordedInStep()
    {
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync(camera: true);
        await using var publisher = await PublishPage.OpenAsync(chromium, app.Url, new() { Source = "canvas", Codec = "H264" });
        Assert.Equal(201, await publisher.WhipAsync("cam"));
        await Wait.ForAsync(() => app.Engine.FindStream(Cam)?.Video is { Frames: > 10 }, TimeSpan.FromSeconds(10), () => "no picture");
        Assert.True(app.Engine.StartRecording(Cam).Succeeded);
        var begin = Stopwatch.StartNew();
        var ok = await Wait.UntilAsync(() => app.Engine.FindStream(Cam)!.Video!.BitrateKbps > 1000, TimeSpan.FromSeconds(20));
        var figures = await publisher.FiguresAsync();
        Say($"{app.Engine.FindStream(Cam)!.Video!.BitrateKbps} kbit/s after {begin.Elapsed.TotalSeconds:F1} s; {figures}");
        Assert.True(ok, figures.ToString());
        // Time for some beeps at the full rate.
        await Wait.UntilAsync(() => begin.Elapsed.TotalSeconds > 8, TimeSpan.FromSeconds(8));
        Assert.True(await app.Engine.StopRecordingAsync(Cam));
        var recording = await app.ReadyAsync("cam");
        var path = Path.Combine(app.Engine.RecordingDirectory, recording.FileName!);
        var probed = await MediaFile.ProbeAsync(path);
        Assert.Equal(("h264", "aac"), (probed.VideoCodec, probed.AudioCodec));
        Assert.InRange(probed.Duration, 6, 30);
        var file = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var late = AvSync.Measure(file);
        Say($"beeps after their flashes, s: {string.Join(' ', late.Select(d => d.ToString("F3", System.Globalization.CultureInfo.InvariantCulture)))}");
        // The browser takes the canvas up to one picture (33 ms) after it was painted. The first two beeps lie before the first sender reports.
        var inStep = late.Skip(2).Order().ToList();
        Assert.InRange(inStep.Count, 4, 40);
        Assert.InRange(inStep[inStep.Count / 2], -0.05, 0.05);
        Assert.InRange(inStep[0], -0.1, 0.1);
        Assert.InRange(inStep[^1], -0.1, 0.1);
    }

    [Fact]
    public async Task Whip_FivePercentLoss_IsRepaired()
    {
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync(camera: true);
        using var relay = new LossyRelay(app.Engine.Viewers.Port, loss: 0, lossToServer: 0.05);
        await using var publisher = await PublishPage.OpenAsync(chromium, app.Url, new() { Source = "canvas", Codec = "VP8", RelayPort = relay.Port });
        Assert.Equal(201, await publisher.WhipAsync("cam"));
        await Wait.ForAsync(() => app.Engine.FindStream(Cam)?.Video is { Frames: > 10 }, TimeSpan.FromSeconds(15), () => "no picture");
        var start = app.Engine.FindStream(Cam)!.Video!.Frames;
        await Wait.ForAsync(() => relay.DroppedToServer > 60, TimeSpan.FromSeconds(15), () => $"only {relay.DroppedToServer} datagrams were lost");
        var (video, figures) = (app.Engine.Publishers[0].Video!, await publisher.FiguresAsync());
        var frames = app.Engine.FindStream(Cam)!.Video!.Frames;
        Say($"{relay.DroppedToServer} datagrams lost, {frames} pictures of {figures.FramesSent}; {video}; {figures}");
        Assert.InRange(video.PacketsRepaired, 20, 10_000);
        Assert.InRange(video.PacketsLost, 20, 10_000);
        Assert.True(figures.Retransmitted >= video.PacketsRepaired, "repaired by other means");
        // What comes again is not lost to the picture: nearly all of them are whole.
        Assert.InRange(video.FramesIncomplete, 0, 3);
        Assert.InRange(frames, figures.FramesSent * 0.9 - 10, figures.FramesSent + 5);
    }
}
