using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Ice;
using SipStreamApp.Media.WebRtc.Session;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc;

/// <summary>The receiving half: what a browser sends becomes a stream, whatever the line does to it.</summary>
public class PublicationTests
{
    [Theory]
    [InlineData(new[] { 1, 8, 7 })]
    [InlineData(new[] { 1 })]
    public async Task Publish_SoundAndPicture_AreTheStream(int[] profiles)
    {
        await using var kit = new WebRtcKit();
        using var publish = await PublishKit.StartAsync(kit, new() { Profiles = profiles });
        await publish.RunAsync(20);
        await publish.UntilPictures(20);
        await WebRtcKit.Until(() => { publish.Read(); return publish.Sounds.Count == 20; }, "all sound");
        Assert.Equal(publish.Browser.SentFrames, publish.Pictures);
        Assert.Equal((Codec.Opus, Codec.Vp8, 640), (publish.Stream.AudioFormat!.Codec, publish.Stream.VideoFormat!.Codec, publish.Stream.VideoFormat.Width));
        Assert.Empty(kit.Host.Viewers);
        await WebRtcKit.Until(() => publish.Browser.ReportsReceived > 0, "a receiver report");
        await WebRtcKit.Until(() => kit.Host.Publishers is [{ Video.PacketsReceived: 80, Audio.PacketsReceived: 20, Video.PacketsLost: 0 }], "figures");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_5PercentLoss_IsRepairedByNack(bool rtx)
    {
        await using var kit = new WebRtcKit();
        using var publish = await PublishKit.StartAsync(kit, new() { SendLoss = 0.05, Rtx = rtx });
        // The very first packet of a source cannot be missed.
        await publish.RunAsync(200);
        await publish.RunAsync(5, keyEvery: 0, pauseMs: 30);
        var lost = publish.Browser.SentLost;
        await publish.UntilPictures(200);
        Assert.Equal(publish.Browser.SentFrames.Take(200), publish.Pictures.Take(200));
        Assert.InRange(lost, 20, 200);
        Assert.True(publish.Browser.NacksReceived >= 20, $"{publish.Browser.NacksReceived} NACKs for {lost} losses");
        Assert.Equal(0, publish.Browser.PlisReceived);
        await WebRtcKit.Until(() => kit.Host.Publishers[0].Video is { PacketsRepaired: > 15, FramesIncomplete: 0 }, "figures");
        // By RTX the reports still tell what the line does; the same packet again cannot be told from one that was late.
        if (rtx) Assert.InRange(kit.Host.Publishers[0].Video!.PacketsLost, 15, 200);
    }

    [Fact]
    public async Task Publish_PacketsOutOfOrder_ArePutInOrder()
    {
        await using var kit = new WebRtcKit();
        using var publish = await PublishKit.StartAsync(kit);
        publish.Browser.SendVideo(key: true);
        for (var i = 0; i < 30; i++) publish.Browser.SendVideo(order: packets => packets.AsEnumerable().Reverse());
        publish.Browser.SendVideo();
        await publish.UntilPictures(31);
        Assert.Equal(publish.Browser.SentFrames.Take(31), publish.Pictures.Take(31));
        Assert.Equal(0, publish.Browser.PlisReceived);
    }

    [Fact]
    public async Task Publish_ReplayedAndForgedPackets_ChangeNothing()
    {
        await using var kit = new WebRtcKit();
        using var publish = await PublishKit.StartAsync(kit);
        await publish.RunAsync(5);
        await publish.UntilPictures(5);
        foreach (var datagram in publish.Browser.SentDatagrams.ToArray())
        {
            publish.Browser.Send(datagram);
            var forged = datagram.ToArray();
            // A later number, so that only the tag stands between it and the stream.
            forged[2] += 2;
            publish.Browser.Send(forged);
        }

        await publish.RunAsync(5, keyEvery: 0);
        await publish.UntilPictures(10);
        Assert.Equal(publish.Browser.SentFrames, publish.Pictures);
        var expected = publish.Browser.SentDatagrams.Count / 2 * 2;
        Assert.Equal(expected, kit.Host.Session(publish.SessionId)!.Refused);
        await WebRtcKit.Until(() => kit.Host.Publishers is [{ Video.PacketsReceived: 40, Video.PacketsLost: 0 }], "figures");
    }

    [Fact]
    public async Task Publish_PacketsBeforeTheKeys_AreNoHarmAndTheFirstOnesAfterAreNotLost()
    {
        await using var kit = new WebRtcKit();
        for (var i = 0; i < 25; i++)
        {
            var (outcome, browser, publisher) = await PublishKit.AnswerAsync(kit, null, $"cam{i}");
            await browser.CheckInAsync(outcome.Value!.Sdp);
            for (var j = 0; j < 300; j++) browser.Send([0x80, 96, 0, (byte)j, 0, 0, 0, 0, 11, 11, 0, 1, 1, 2, 3]);
            using var subscription = publisher!.Stream.Subscribe("test", replay: false, () => { });
            await Task.Run(() => browser.Handshake(outcome.Value.Sdp));
            // The browser has its keys before the server has: this one overtakes them every now and then.
            browser.SendVideo(key: true);
            await WebRtcKit.Until(() => publisher.Stream.VideoFormat is { Width: 640 }, "the first picture");
            Assert.True(subscription.TryRead(out var item));
            Assert.Equal(browser.SentFrames[0], item.Frame.Data.ToArray());
            item.Frame.Release();
            Assert.Equal(0, browser.PlisReceived);
        }
    }

    [Fact]
    public async Task Publish_KeyframeWanted_IsAskedForUntilOneComes()
    {
        await using var kit = new WebRtcKit();
        using var publish = await PublishKit.StartAsync(kit, new() { Resends = false });
        await publish.RunAsync(3);
        await publish.UntilPictures(3);
        publish.Stream.RequestKeyframe();
        await WebRtcKit.Until(() => publish.Browser.PlisReceived == 1, "PLI on demand");
        for (var i = 0; i < 60 && publish.Browser.PlisReceived < 2; i++) await publish.RunAsync(1, keyEvery: 0, pauseMs: 20);
        Assert.Equal(2, publish.Browser.PlisReceived);
        await publish.RunAsync(30, pauseMs: 20);
        Assert.InRange(publish.Browser.PlisReceived, 2, 3);

        // Nobody sends anything again here: a loss makes the picture unusable until the next keyframe.
        var (plis, pictures) = (publish.Browser.PlisReceived, publish.Browser.SentFrames.Count);
        publish.Browser.SendVideo(order: packets => packets.Skip(1));
        for (var i = 0; i < 60 && publish.Browser.PlisReceived == plis; i++) await publish.RunAsync(1, keyEvery: 0, pauseMs: 20);
        Assert.Equal(plis + 1, publish.Browser.PlisReceived);
        await publish.RunAsync(1);
        await WebRtcKit.Until(() => { publish.Read(); return publish.Pictures[^1].AsSpan().SequenceEqual(publish.Browser.SentFrames[^1]); }, "goes on with the keyframe");
        Assert.Equal(publish.Browser.SentFrames.Take(pictures), publish.Pictures.Take(pictures));
        Assert.Equal(pictures + 1, publish.Pictures.Count);
    }

    [Fact]
    public async Task Publish_TransportWideNumbers_AreToldOfEachOnce()
    {
        await using var kit = new WebRtcKit();
        using var publish = await PublishKit.StartAsync(kit, new() { TransportWide = true, Resends = false });
        for (var i = 0; i < 12; i++)
        {
            // Over the wrap of the 16-bit number; the second packet of the sixth picture is lost.
            var lose = i == 5;
            publish.Browser.SendVideo(key: true, order: packets => packets.Where((_, n) => !lose || n != 1));
            await Task.Delay(20);
        }

        await WebRtcKit.Until(() => publish.Browser.Arrivals.Count == 48, "48 numbers");
        ushort missing = unchecked((ushort)(65_500 + 5 * 4 + 1));
        Assert.Equal([missing], publish.Browser.Arrivals.Where(a => !a.Value).Select(a => a.Key));
    }

    [Fact]
    public async Task Publish_SenderReports_PutSoundAndPictureOnOneTimeLine()
    {
        await using var kit = new WebRtcKit();
        using var publish = await PublishKit.StartAsync(kit);
        // The browser's picture is 200 ms behind its sound by its own clock, though both are sent at once.
        const ulong Second = 1UL << 32, Start = 0xE900_0000UL << 32;
        var begin = kit.Clock.Now;
        for (var i = 0; (kit.Clock.Now - begin).TotalSeconds < 2.5; i++)
        {
            if (i % 30 == 1)
            {
                var now = Start + (ulong)((kit.Clock.Now - begin).TotalSeconds * Second);
                publish.Browser.SendSenderReport(video: false, now);
                publish.Browser.SendSenderReport(video: true, now - Second / 5);
            }

            publish.Browser.SendVideo(key: i == 0, bytes: 800);
            publish.Browser.SendAudio();
            await Task.Delay(33);
            publish.Read();
        }

        // It comes as late as the browser's clock says.
        Assert.InRange(publish.Stream.AvOffset!.Value.TotalMilliseconds, 150, 250);
    }

    [Fact]
    public async Task Sessions_End_WithTheirStreamAndTheReason()
    {
        var changes = new List<(string Stream, string Detail, bool Ended)>();
        await using var kit = new WebRtcKit(
            o => o with { Ice = new IceOptions { ConsentTimeout = TimeSpan.FromSeconds(2) } },
            c => { lock (changes) changes.Add((c.Stream.Value, c.Detail, c.End is not null)); });
        using var closed = await PublishKit.StartAsync(kit, name: "closed");
        using var stopped = await PublishKit.StartAsync(kit, name: "stopped");
        using var vanished = await PublishKit.StartAsync(kit, name: "vanished");
        await WebRtcKit.Until(() => Seen() == 3, "connected");
        closed.Browser.CloseDtls();
        await WebRtcKit.Until(() => closed.Stream.EndReason == StreamEndReason.PublisherStopped, "at once", seconds: 1);
        Assert.True(kit.Host.Close(stopped.SessionId));
        await WebRtcKit.Until(() => stopped.Stream.EndReason == StreamEndReason.PublisherStopped && stopped.Browser.SawClose, "at once", seconds: 1);
        Assert.False(kit.Host.Close(stopped.SessionId));
        await WebRtcKit.Until(() => vanished.Stream.EndReason == StreamEndReason.PublisherFailed, "consent ran out");
        Assert.Empty(kit.Hub.Streams);
        Assert.Empty(kit.Host.Publishers);
        Assert.Equal(
            [("closed", "", false), ("stopped", "", false), ("vanished", "", false), ("closed", "closed-by-peer", true), ("stopped", "requested", true), ("vanished", "ice-timeout", true)],
            changes);

        int Seen()
        {
            lock (changes) return changes.Count;
        }
    }

    [Fact]
    public async Task Refusals_NameTheReason()
    {
        await using var kit = new WebRtcKit(o => o with { MaxViewers = 1 });
        // A browser that only receives has nothing to publish.
        var (outcome, _, _) = await PublishKit.AnswerAsync(kit, new() { Direction = "inactive" }, "none");
        Assert.Equal("bad-offer", outcome.Failures[0].Code);
        (outcome, _, _) = await PublishKit.AnswerAsync(kit, new() { Video = false, Audio = "0 8" }, "codec");
        Assert.Equal("no-common-codec", outcome.Failures[0].Code);
        (outcome, _, _) = await PublishKit.AnswerAsync(kit, null, "one");
        Assert.True(outcome.Succeeded);
        (outcome, _, _) = await PublishKit.AnswerAsync(kit, null, "two");
        Assert.Equal("viewer-limit", outcome.Failures[0].Code);
    }

    [Fact]
    public async Task Talk_OneConnection_WatchesAndPublishes()
    {
        await using var kit = new WebRtcKit();
        var feeder = kit.Feed();
        var (outcome, browser, publisher) = await PublishKit.AnswerAsync(kit, new() { Direction = "sendrecv" }, "mine", feeder.Stream);
        Assert.True(outcome.Succeeded, string.Join(", ", outcome.Failures));
        Assert.DoesNotContain("VP8", outcome.Value.Sdp, StringComparison.Ordinal);
        await browser.ConnectAsync(outcome.Value.Sdp);
        await WebRtcKit.Until(() => feeder.Stream.Viewers == 1 && publisher!.Stream.State == StreamState.Live, "both ways");
        // The stream that is watched has H.264 and Opus; so has the one that is published.
        Assert.Equal((Codec.Opus, Codec.H264), (publisher!.Stream.AudioFormat!.Codec, publisher.Stream.VideoFormat!.Codec));
        Assert.True(publisher.Stream.VideoFormat.Sps.IsEmpty);
        using var subscription = publisher.Stream.Subscribe("test", replay: false, () => { });
        await feeder.RunAsync(10);
        var sound = browser.SendAudio();
        await WebRtcKit.Until(() => browser.Of(103).Count == 30 && browser.Of(111).Count == 20, "what is watched");
        MediaFrame? heard = null;
        await WebRtcKit.Until(() => { heard ??= subscription.TryRead(out var item) ? item.Frame : null; return heard is not null; }, "what is published");
        Assert.Equal(sound, heard!.Data.ToArray());
        heard.Release();
        Assert.Equal(ViewerState.Playing, Assert.Single(kit.Host.Viewers).State);
        feeder.End();
        await WebRtcKit.Until(() => publisher.Stream.EndReason == StreamEndReason.PublisherStopped, "ends with what it watches");
    }
}
