using SipStreamApp.Media.Streams;
using Xunit;

namespace SipStreamApp.Tests.Media.Streams;

public class SubscriptionTests
{
    [Fact]
    public void Subscribe_InTheMiddleOfAGop_ReplaysFromTheKeyframe()
    {
        var hub = new HubFixture();
        hub.Sound(1);
        hub.Picture(2);
        hub.Picture(3, key: true);
        hub.Sound(4);
        hub.Picture(5);
        using var reader = hub.Publisher.Stream.Subscribe("test", replay: true, () => { });
        hub.Picture(6);
        Assert.Equal<byte>([3, 4, 5, 6], HubFixture.Drain(reader));
    }

    [Fact]
    public void TryRead_ReplayedFrames_AreMarked()
    {
        var hub = new HubFixture();
        hub.Picture(1, key: true);
        using var reader = hub.Publisher.Stream.Subscribe("test", replay: true, () => { });
        hub.Picture(2);
        Assert.True(reader.TryRead(out var old));
        Assert.True(reader.TryRead(out var live));
        Assert.True(old.Replayed);
        Assert.False(live.Replayed);
        old.Frame.Release();
        live.Frame.Release();
    }

    [Fact]
    public void Publish_ReaderTooSlow_SkipsToTheNextKeyframeAndCounts()
    {
        var hub = new HubFixture(new StreamHubOptions { ReaderQueueFrames = 4 });
        var asked = 0;
        hub.Publisher.KeyframeWanted = () => asked++;
        using var slow = hub.Publisher.Stream.Subscribe("slow", replay: false, () => { });
        using var quick = hub.Publisher.Stream.Subscribe("quick", replay: false, () => { });
        var seen = new List<byte>();
        hub.Picture(0, key: true);
        for (byte i = 1; i < 8; i++)
        {
            hub.Picture(i);
            seen.AddRange(HubFixture.Drain(quick));
        }

        Assert.Equal<byte>([0, 1, 2, 3, 4, 5, 6, 7], seen);
        Assert.Equal(1, asked);
        Assert.Empty(HubFixture.Drain(slow));
        hub.Picture(8);
        Assert.Empty(HubFixture.Drain(slow));
        hub.Picture(9, key: true);
        hub.Picture(10);
        Assert.True(slow.TryRead(out var first));
        Assert.True(first.AfterSkip);
        Assert.Equal(9, first.Frame.Data[0]);
        first.Frame.Release();
        Assert.Equal<byte>([10], HubFixture.Drain(slow));
        Assert.Equal(9, slow.Dropped);
        Assert.Equal(0, quick.Dropped);
    }

    [Fact]
    public void Dispose_WithFramesQueued_GivesAllLeasesBack()
    {
        var hub = new HubFixture();
        var reader = hub.Publisher.Stream.Subscribe("test", replay: false, () => { });
        hub.Picture(1, key: true);
        hub.Picture(2);
        reader.Dispose();
        hub.Picture(3);
        hub.Publisher.End(StreamEndReason.PublisherStopped);
        Assert.Equal(0, hub.Hub.Frames.Outstanding);
    }

    [Fact]
    public void End_OfTheStream_ReachesReadersAfterTheirQueue()
    {
        var hub = new HubFixture();
        var woken = 0;
        using var reader = hub.Publisher.Stream.Subscribe("test", replay: false, () => woken++);
        hub.Picture(1, key: true);
        hub.Publisher.End(StreamEndReason.RtpSilence);
        Assert.Equal(2, woken);
        Assert.Equal<byte>([1], HubFixture.Drain(reader));
        Assert.Equal(StreamEndReason.RtpSilence, reader.EndReason);
        Assert.Equal(StreamEndReason.RtpSilence, hub.Publisher.Stream.Subscribe("late", true, () => { }).EndReason);
    }

    [Fact]
    public void Publish_WarmStream_AllocatesNothing()
    {
        var hub = new HubFixture();
        using var reader = hub.Publisher.Stream.Subscribe("test", replay: false, () => { });
        void Cycle(int count)
        {
            for (var i = 0; i < count; i++)
            {
                hub.Picture((byte)i, key: i % 50 == 0);
                while (reader.TryRead(out var item)) item.Frame.Release();
            }
        }

        Cycle(500);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(10_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 1024);
    }
}
