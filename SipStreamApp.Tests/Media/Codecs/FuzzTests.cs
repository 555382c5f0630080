using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class FuzzTests
{
    [Theory]
    [InlineData(Codec.H264)]
    [InlineData(Codec.Vp8)]
    [InlineData(Codec.Opus)]
    public void Depacketizer_RandomAndMutatedPackets_NeverThrowsAndDeliversWellFormedFrames(Codec codec)
    {
        var random = new Random(1234);
        var format = TrackFormat.Default(codec);
        var pool = new MediaFramePool();
        var options = new DepacketizerOptions { MaxFrameBytes = 20_000, DropUntilKeyframe = false };
        var depacketizer = Depacketizer.Create(format, pool, options);
        var good = CodecKit.Packetize(Packetizer.Create(format), format,
            CodecKit.Frame(CodecKit.Sps, CodecKit.Pps, CodecKit.Slice(random, 3000, true)), codec == Codec.Opus ? 5000 : 400);
        var delivered = 0;
        for (var round = 0; round < 60_000; round++)
        {
            byte[] packet;
            if (random.Next(3) == 0)
            {
                packet = new byte[random.Next(0, 80)];
                random.NextBytes(packet);
            }
            else
            {
                packet = good[round % good.Count].Bytes.ToArray();
                if (random.Next(4) == 0) packet[random.Next(Math.Min(packet.Length, 12))] ^= (byte)(1 << random.Next(8));
                if (random.Next(8) == 0) packet = packet[..random.Next(packet.Length)];
            }

            depacketizer.Push(packet, random.Next(6) == 0, round / 9 * 3000L, random.Next(20) == 0, Instant.Zero);
            if (random.Next(1000) == 0) depacketizer.Restart();
            while (depacketizer.TryTake(out var assembled))
            {
                var frame = assembled.Complete(TimeSpan.Zero);
                delivered++;
                Assert.True(frame.Length > 0);
                if (codec == Codec.H264)
                {
                    var reader = new NalReader(frame.Data);
                    while (reader.TryRead(out _)) { }
                    Assert.False(reader.Failed);
                }

                frame.Release();
            }
        }

        Assert.True(delivered > 20, $"Only {delivered} frames came through.");
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void SmallParsers_RandomBytes_NeverThrow()
    {
        var random = new Random(99);
        var bytes = new byte[64];
        var room = new byte[AnnexB.MaxPrefixedLength(64)];
        var events = new TelephoneEventReceiver();
        for (var round = 0; round < 100_000; round++)
        {
            random.NextBytes(bytes);
            if (round % 2 == 0) for (var i = 0; i < bytes.Length; i++) bytes[i] &= 3;
            var data = bytes.AsSpan(0, random.Next(bytes.Length));
            AnnexB.TryToLengthPrefixed(data, room, out var length);
            Assert.InRange(length, 0, room.Length);
            AnnexB.TryFromLengthPrefixed(data, room, out _);
            if (SliceHeader.TryParse(data, out var slice)) Assert.InRange(slice.SliceType, 0, 9);
            Vp8FrameHeader.TryReadSize(data, out _, out _);
            Assert.InRange(OpusPacket.Samples(data), 0, OpusPacket.MaxSamples);
            events.Push(data, round);
            while (events.TryTake(out var key)) Assert.Contains(key, "0123456789*#ABCD");
        }
    }
}
