using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;
using static SipStreamApp.Tests.Media.Rtp.Packets;

namespace SipStreamApp.Tests.Media.Rtp;

public class ArrivalLogTests
{
    [Fact]
    public void TryWrite_TwoArrivalsAndALossBetween_IsTheMessageOfTheDraft()
    {
        var log = new ArrivalLog();
        log.Add(65535, Ms(0));
        log.Add(1, Ms(20.5));
        Assert.Equal(Ms(100), log.NextDeadline);
        var body = Assert.Single(Bodies(log));
        // 1000 ms are 15 * 64 ms and 40 ms (160 * 250 us); 20.5 ms are 82 of them.
        Assert.Equal([0xFF, 0xFF, 0, 3, 0, 0, 15, 0, 0b1101_0001, 0, 160, 82], body);
        Assert.Equal(Instant.Never, log.NextDeadline);
        log.Add(2, Ms(130));
        // Counts its messages.
        Assert.Equal([0, 2, 0, 1, 0, 0, 17, 1], Assert.Single(Bodies(log))[..8]);
    }

    [Fact]
    public void TryWrite_StepBackAndLongPause_TakeTwoBytes()
    {
        var log = new ArrivalLog();
        log.Add(10, Ms(0));
        log.Add(12, Ms(5));
        log.Add(11, Ms(7));
        log.Add(13, Ms(400));
        Assert.Equal([(10, 0), (11, 7), (12, 5), (13, 400)], Times(log));
    }

    [Fact]
    public void TryWrite_PauseOfTenSeconds_GoesOnInAnotherMessage()
    {
        var log = new ArrivalLog();
        log.Add(1, Ms(0));
        log.Add(2, Ms(10_000));
        var bodies = Bodies(log);
        Assert.Equal(2, bodies.Count);
        Assert.Equal([(1, 0), (2, 10_000)], bodies.SelectMany(Read));
    }

    [Fact]
    public void TryWrite_Flood_IsToldInMessagesThatFitAPacket()
    {
        var log = new ArrivalLog();
        for (var i = 0; i < 1000; i++) log.Add((ushort)(65000 + i), Ms(i / 10.0));
        var bodies = Bodies(log);
        Assert.All(bodies, b => Assert.InRange(b.Length, 12, ArrivalLog.MaxBytes));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (int)(ushort)(65000 + i)), bodies.SelectMany(Read).Select(a => a.Number));
    }

    [Fact]
    public void Add_AnyNumbersAtAnyTimes_TellsOnlyWhatArrived()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var log = new ArrivalLog();
            var told = new HashSet<ushort>();
            var sent = new HashSet<ushort>();
            var number = (ushort)random.Next(65536);
            double at = 0;
            for (var i = 0; i < 500; i++)
            {
                number = (ushort)(number + (random.Next(50) == 0 ? random.Next(-3000, 3000) : random.Next(-2, 4)));
                at += random.NextDouble() * (random.Next(100) == 0 ? 20_000 : 3);
                sent.Add(number);
                log.Add(number, Ms(at));
                if (random.Next(20) == 0) told.UnionWith(Bodies(log).SelectMany(Read).Select(a => (ushort)a.Number));
            }

            Assert.Subset(sent, told);
            Assert.True(told.Count > 100, $"seed {seed}: {told.Count}");
        }
    }

    private static List<byte[]> Bodies(ArrivalLog log)
    {
        var all = new List<byte[]>();
        var room = new byte[ArrivalLog.MaxBytes];
        while (log.TryWrite(room, out var length)) all.Add(room[..length]);
        Assert.All(all, b => Assert.Equal(0, b.Length % 4));
        return all;
    }

    private static List<(int Number, int Ms)> Times(ArrivalLog log) => [.. Bodies(log).SelectMany(Read)];

    // A reader of its own: two-bit vectors are what we write.
    private static IEnumerable<(int Number, int Ms)> Read(byte[] body)
    {
        var first = BinaryPrimitives.ReadUInt16BigEndian(body);
        var count = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(2));
        var at = (body[4] << 16 | body[5] << 8 | body[6]) * 64.0 - 1000;
        var chunks = (count + 6) / 7;
        var delta = 8 + 2 * chunks;
        var arrived = new List<(int, int)>();
        for (var i = 0; i < count; i++)
        {
            var chunk = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(8 + i / 7 * 2));
            Assert.Equal(3, chunk >> 14);
            var symbol = chunk >> 12 - i % 7 * 2 & 3;
            if (symbol == 0) continue;
            at += (symbol == 1 ? body[delta] : BinaryPrimitives.ReadInt16BigEndian(body.AsSpan(delta))) * 0.25;
            delta += symbol;
            arrived.Add(((ushort)(first + i), (int)Math.Round(at)));
        }

        return arrived;
    }
}
