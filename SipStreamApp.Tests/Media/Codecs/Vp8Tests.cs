using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class Vp8Tests
{
    private static readonly TrackFormat Format = TrackFormat.Default(Codec.Vp8);

    [Fact]
    public void Descriptor_AllFields_AreRead()
    {
        byte[] payload = [0xB2, 0xF0, 0x92, 0x34, 0x56, 0xAB, 0x01];
        Assert.True(Vp8Descriptor.TryParse(payload, out var d, out var data));
        Assert.Equal((0x1234, 0x56, 2, true, 11), (d.PictureId, d.Tl0PicIdx, d.TemporalId, d.LayerSync, d.KeyIndex));
        Assert.Equal((true, 2, true, false), (d.StartsPartition, d.Partition, d.IsDiscardable, d.StartsFrame));
        Assert.Equal([1], data.ToArray());
    }

    [Fact]
    public void Descriptor_ShortForms_AreRead()
    {
        Assert.True(Vp8Descriptor.TryParse([0x10, 7], out var plain, out _));
        Assert.Equal((-1, -1, -1, -1, true), (plain.PictureId, plain.Tl0PicIdx, plain.TemporalId, plain.KeyIndex, plain.StartsFrame));
        Assert.True(Vp8Descriptor.TryParse([0x90, 0x80, 0x11, 7], out var small, out _));
        Assert.Equal(0x11, small.PictureId);
        for (var length = 0; length < 7; length++)
            Assert.False(Vp8Descriptor.TryParse(new byte[] { 0xB0, 0xF0, 0x92, 0x34, 0x56, 0xAB }.AsSpan(0, Math.Min(length, 6)), out _, out _));
    }

    [Fact]
    public void PacketizeThenDepacketize_RandomSizesAndMtus_GivesTheSameBytes()
    {
        var random = new Random(8);
        var packetizer = new Vp8Packetizer();
        var depacketizer = Depacketizer.Create(Format, new MediaFramePool());
        for (var round = 0; round < 300; round++)
        {
            var (frame, mtu) = (Frame(random, random.Next(10, 5000), round % 10 == 0), random.Next(16, 1500));
            var packets = CodecKit.Packetize(packetizer, Format, frame, mtu, round);
            Assert.All(packets, p => Assert.InRange(p.Bytes.Length, 5, mtu));
            Assert.True(packets.SkipLast(1).Select(p => p.Bytes.Length).Distinct().Count() <= 1);
            var taken = Assert.Single(CodecKit.Feed(depacketizer, packets));
            CodecKit.AssertSame([frame], [taken]);
            Assert.Equal(round % 10 == 0, taken.IsKeyframe);
            Assert.Equal((320, 240), (taken.Format.Width, taken.Format.Height));
        }
    }

    [Fact]
    public void Depacketize_EverySingleLossPosition_NeverDeliversADamagedFrame()
    {
        var random = new Random(9);
        var packetizer = new Vp8Packetizer();
        var frames = Enumerable.Range(0, 5).Select(i => Frame(random, 900, i is 0 or 3)).ToList();
        var packets = frames.SelectMany((f, i) => CodecKit.Packetize(packetizer, Format, f, 200, i)).ToList();
        for (var lost = 0; lost < packets.Count; lost++)
        {
            var hit = packets[lost].Ticks;
            var taken = CodecKit.Feed(Depacketizer.Create(Format, new MediaFramePool()), packets, lost);
            Assert.Equal(Enumerable.Range(0, 5).Select(i => (long)i).Where(i => i < hit || (hit < 3 && i >= 3)), taken.Select(t => t.Ticks));
            CodecKit.AssertSame(taken.Select(t => frames[(int)t.Ticks]), taken);
        }
    }

    [Fact]
    public void Depacketize_SeveralPartitions_AreJoined()
    {
        var frame = Frame(new Random(1), 100, key: true);
        var depacketizer = Depacketizer.Create(Format, new MediaFramePool());
        depacketizer.Push([0x10, .. frame[..40]], false, 0, false, Instant.Zero);
        depacketizer.Push([0x11, .. frame[40..70]], false, 0, false, Instant.Zero);
        depacketizer.Push([0x02, .. frame[70..]], true, 0, false, Instant.Zero);
        Assert.Equal(frame, Assert.Single(CodecKit.Drain(depacketizer)).Bytes);
        depacketizer.Push([0x11, 1, 2, 3], true, 1, false, Instant.Zero);
        Assert.Empty(CodecKit.Drain(depacketizer));
        Assert.Equal(1, depacketizer.FramesIncomplete);
    }

    [Fact]
    public void PushAndDrain_WarmedUp_AllocatesNothing()
    {
        var pool = new MediaFramePool();
        var source = CodecKit.Rent(pool, Format, Frame(new Random(2), 6000, key: true));
        var (packetizer, depacketizer) = (new Vp8Packetizer(), Depacketizer.Create(Format, pool));
        var room = new byte[1200];
        for (var i = 0; i < 300; i++) Cycle(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 3000; i++) Cycle(1000 + i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle(long ticks)
        {
            packetizer.Begin(source, 1200);
            while (packetizer.TryNext(room, out var length, out var marker))
                depacketizer.Push(room.AsSpan(0, length), marker, ticks, false, Instant.Zero);
            while (depacketizer.TryTake(out var frame)) frame.Complete(TimeSpan.Zero).Release();
        }
    }

    private static byte[] Frame(Random random, int length, bool key)
    {
        var frame = new byte[length];
        random.NextBytes(frame);
        frame[0] = (byte)(key ? 0x10 : 0x11);
        if (key) ((byte[])[0x9D, 0x01, 0x2A, 0x40, 0x01, 0xF0, 0x00]).CopyTo(frame, 3);
        return frame;
    }
}
