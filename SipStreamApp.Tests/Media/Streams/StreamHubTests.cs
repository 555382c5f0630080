using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using Xunit;

namespace SipStreamApp.Tests.Media.Streams;

public class StreamHubTests
{
    [Fact]
    public void TryReserve_NameInUse_IsRefusedUntilTheStreamEnds()
    {
        var hub = new HubFixture();
        var name = hub.Publisher.Stream.Name;
        Assert.False(hub.Hub.TryReserve(name, null, out _));
        hub.Publisher.End(StreamEndReason.PublisherStopped);
        Assert.Null(hub.Hub.Find(name));
        Assert.True(hub.Hub.TryReserve(name, null, out var next));
        hub.Publisher.End(StreamEndReason.PublisherStopped);
        Assert.Same(next.Stream, hub.Hub.Find(name));
    }

    [Fact]
    public void RequestKeyframe_ManyAtOnce_LeaveOncePerSpacing()
    {
        var hub = new HubFixture();
        var asked = 0;
        hub.Publisher.KeyframeWanted = () => asked++;
        for (var i = 0; i < 50; i++) hub.Publisher.Stream.RequestKeyframe();
        Assert.Equal(1, asked);
        hub.Time.Advance(TimeSpan.FromMilliseconds(600));
        hub.Picture(1);
        Assert.Equal(2, asked);
        hub.Time.Advance(TimeSpan.FromMilliseconds(600));
        hub.Picture(2, key: true);
        hub.Picture(3);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Ready_CompletesWhenTracksAreKnownOrTheStreamEnds()
    {
        var hub = new HubFixture();
        Assert.False(hub.Publisher.Stream.Ready.IsCompleted);
        hub.Publisher.Announce(HubFixture.Audio, null);
        await hub.Publisher.Stream.Ready.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(StreamState.Live, hub.Publisher.Stream.State);
    }

    [Fact]
    public void GopCache_PeerThatNeverSendsAKeyframeAgain_StaysBounded()
    {
        var hub = new HubFixture(new StreamHubOptions { GopMaxFrames = 10 });
        hub.Picture(0, key: true);
        for (byte i = 1; i < 30; i++) hub.Picture(i);
        Assert.Equal(0, hub.Hub.Frames.Outstanding);
        hub.Picture(30, key: true);
        hub.Picture(31);
        using var reader = hub.Publisher.Stream.Subscribe("late", replay: true, () => { });
        Assert.Equal<byte>([30, 31], HubFixture.Drain(reader));
    }

    [Fact]
    public void Snapshot_AfterASecond_ShowsRates()
    {
        var hub = new HubFixture();
        hub.Publisher.Announce(HubFixture.Audio, HubFixture.Video);
        for (byte i = 0; i < 26; i++)
        {
            hub.Picture(i, key: i == 0);
            hub.Time.Advance(TimeSpan.FromMilliseconds(40));
        }

        var video = hub.Publisher.Stream.Snapshot().Video;
        Assert.NotNull(video);
        Assert.InRange(video.FramesPerSecond, 24, 26);
        Assert.Equal(26, video.Frames);
        Assert.Equal(1, video.Keyframes);
    }
}
