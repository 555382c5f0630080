using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class H264RoundTripTests
{
    private static readonly TrackFormat Format = TrackFormat.Default(Codec.H264);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void PacketizeThenDepacketize_RandomSizesAndMtus_GivesTheSameBytes(int mode)
    {
        var random = new Random(41 + mode);
        for (var round = 0; round < 100; round++)
        {
            var mtu = random.Next(16, 1500);
            var pool = new MediaFramePool();
            var depacketizer = Depacketizer.Create(Format, pool);
            var packetizer = Packetizer.Create(Format, mode);
            var frames = RandomFrames(random, 5);
            var packets = new List<Payload>();
            for (var i = 0; i < frames.Count; i++) packets.AddRange(CodecKit.Packetize(packetizer, Format, frames[i], mtu, i * 3600L));
            Assert.All(packets, p => Assert.InRange(p.Bytes.Length, 1, mtu));
            Assert.Equal(frames.Count, packets.Count(p => p.Marker));
            var taken = CodecKit.Feed(depacketizer, packets);
            CodecKit.AssertSame(frames, taken);
            Assert.Equal([0, 3600, 7200, 10800, 14400], taken.Select(t => t.Ticks));
            Assert.Equal([true, false, false, false, false], taken.Select(t => t.IsKeyframe));
            Assert.Equal(0, pool.Outstanding);
        }
    }

    [Fact]
    public void Depacketize_WithoutAnyMarker_EndsFramesWhereTheTimestampChanges()
    {
        var frames = RandomFrames(new Random(5), 4);
        var packets = frames.SelectMany((f, i) => CodecKit.Packetize(new H264Packetizer(1), Format, f, 500, i * 3000L));
        var taken = CodecKit.Feed(Depacketizer.Create(Format, new MediaFramePool()), packets.Select(p => p with { Marker = false }));
        CodecKit.AssertSame(frames.Take(3), taken);
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(0, 200)]
    [InlineData(1, 1200)]
    public void Depacketize_EverySingleLossPosition_NeverDeliversADamagedFrame(int mode, int mtu)
    {
        var frames = RandomFrames(new Random(77), 3);
        frames.AddRange(RandomFrames(new Random(78), 2));
        var packetizer = new H264Packetizer(mode);
        var packets = frames.SelectMany((f, i) => CodecKit.Packetize(packetizer, Format, f, mtu, i * 3600L)).ToList();
        for (var lost = 0; lost < packets.Count; lost++)
        {
            var depacketizer = Depacketizer.Create(Format, new MediaFramePool());
            var hit = (int)(packets[lost].Ticks / 3600);
            var taken = CodecKit.Feed(depacketizer, packets, lost);
            // Frames before the loss come, the hit one does not, and nothing more until the second keyframe (frame 3).
            var expected = Enumerable.Range(0, 5).Where(i => i < hit || (hit < 3 && i >= 3)).ToList();
            Assert.Equal(expected.Select(i => i * 3600L), taken.Select(t => t.Ticks));
            CodecKit.AssertSame(taken.Select(t => frames[(int)(t.Ticks / 3600)]), taken);
            if (hit < 3) Assert.True(taken.First(t => t.Ticks >= 3 * 3600L).AfterGap);
            // Nothing follows the very last packet that could reveal its loss.
            Assert.Equal(hit >= 3 && lost < packets.Count - 1, depacketizer.KeyframeWanted);
        }
    }

    [Fact]
    public void Depacketize_LossWithDroppingOff_DeliversTheFollowingFramesMarkedAfterGap()
    {
        var frames = RandomFrames(new Random(9), 4);
        var packets = frames.SelectMany((f, i) => CodecKit.Packetize(new H264Packetizer(1), Format, f, 300, i * 3600L)).ToList();
        var lost = packets.FindIndex(p => p.Ticks == 3600);
        var options = new DepacketizerOptions { DropUntilKeyframe = false };
        var depacketizer = Depacketizer.Create(Format, new MediaFramePool(), options);
        var taken = CodecKit.Feed(depacketizer, packets, lost);
        Assert.Equal([0, 7200, 10800], taken.Select(t => t.Ticks));
        Assert.Equal([false, true, false], taken.Select(t => t.AfterGap));
        Assert.True(depacketizer.KeyframeWanted);
    }

    [Fact]
    public void PushAndDrain_WarmedUp_AllocatesNothing()
    {
        var frames = RandomFrames(new Random(3), 5);
        var pool = new MediaFramePool();
        var packetizer = new H264Packetizer(1);
        var depacketizer = Depacketizer.Create(Format, pool);
        var sources = frames.Select(f => CodecKit.Rent(pool, Format, f)).ToArray();
        var room = new byte[1200];
        var ticks = 0L;
        for (var i = 0; i < 300; i++) Cycle();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Cycle();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(6500, depacketizer.FramesDelivered);

        void Cycle()
        {
            foreach (var source in sources)
            {
                packetizer.Begin(source, 1200);
                ticks += 3600;
                while (packetizer.TryNext(room, out var length, out var marker))
                {
                    depacketizer.Push(room.AsSpan(0, length), marker, ticks, false, Instant.Zero);
                    while (depacketizer.TryTake(out var frame)) frame.Complete(TimeSpan.Zero).Release();
                }
            }
        }
    }

    // A keyframe with its parameter sets, then frames that build on it, one or several slices each.
    private static List<byte[]> RandomFrames(Random random, int count)
    {
        var frames = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            var nals = new List<byte[]>();
            if (i == 0) nals.AddRange([CodecKit.Sps, CodecKit.Pps]);
            var slices = random.Next(1, 4);
            for (var s = 0; s < slices; s++) nals.Add(CodecKit.Slice(random, random.Next(8, 4000), i == 0, (uint)s * 300));
            frames.Add(CodecKit.Frame([.. nals]));
        }

        return frames;
    }
}
