using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;
using Xunit;

namespace SipStreamApp.Tests.Media.Quality;

public class QualityMeterTests
{
    private static readonly Instant Start = Instant.FromMilliseconds(5_000);

    // 50 packets a second read each half second; in the third second every tenth is missing.
    [Fact]
    public void Read_LossInOneSecond_IsInThatBucketOnly()
    {
        var meter = new QualityMeter(Start);
        var buckets = new List<QualityBucket>();
        for (var half = 0; half <= 10; half++)
        {
            var lost = half switch { <= 4 => 0, 5 => 3, _ => 5 };
            var reading = new QualityReading { Packets = 25 * half - lost, Bytes = 4000 * half, Lost = lost, LossRuns = lost, SoundCodec = Codec.Pcmu, JitterMs = 3.14 };
            if (meter.Read(in reading, Start + TimeSpan.FromMilliseconds(500 * half), out var bucket)) buckets.Add(bucket);
        }

        Assert.True(meter.End(out var last));
        buckets.Add(last);
        Assert.Equal([0, 1, 2, 3, 4], buckets.Select(b => b.Second));
        Assert.Equal([0, 0, 5, 0, 0], buckets.Select(b => b.Lost));
        Assert.Equal([50, 50, 45, 50, 50], buckets.Select(b => b.Packets));
        Assert.Equal(10, buckets[2].LossPercent, 1e-9);
        Assert.Equal(4.41, buckets[1].Mos!.Value, 0.011);
        Assert.InRange(buckets[2].Mos!.Value, 3.0, 3.6);
        Assert.Equal((64, 3.1), (buckets[0].Kbps, buckets[0].JitterMs));
    }

    // A packet that was overtaken looks lost for a moment; told once as lost, it must not hide the next real loss for good.
    [Fact]
    public void Read_LossThatTurnsOutLate_NeverGoesNegativeAndAddsUp()
    {
        var meter = new QualityMeter(Start);
        long[] lost = [0, 2, 2, 0, 0, 0, 3, 3];
        var sum = 0;
        for (var second = 0; second < lost.Length; second++)
        {
            var reading = new QualityReading { Packets = 50L * second, Lost = lost[second] };
            if (!meter.Read(in reading, Start + TimeSpan.FromSeconds(second), out var bucket)) continue;
            Assert.True(bucket.Lost >= 0);
            sum += bucket.Lost;
        }

        meter.End(out var last);
        Assert.Equal(3, sum + last.Lost);
    }

    [Fact]
    public void Read_PictureAndSilence_HaveNoScore()
    {
        var meter = new QualityMeter(Start);
        var none = default(QualityReading) with { SoundCodec = Codec.Pcmu };
        meter.Read(in none, Start, out _);
        meter.End(out var silent);
        Assert.Null(silent.Mos);
        var picture = new QualityReading { Packets = 100 };
        meter.Read(in picture, Start + TimeSpan.FromSeconds(1), out _);
        meter.End(out var moving);
        Assert.Null(moving.Mos);
    }

    [Fact]
    public void Line_LongerThanIsKept_KeepsTheNewest()
    {
        var line = new QualityLine(120);
        for (var second = 0; second < 1000; second++)
        {
            line.Add(new QualityBucket(second) { Packets = second });
            var kept = line.From(0);
            Assert.InRange(kept.Length, Math.Min(second + 1, 120), 180);
            Assert.Equal(Enumerable.Range(second + 1 - kept.Length, kept.Length).Select(s => (s, s)), kept.Select(b => (b.Second, b.Packets)));
        }

        Assert.Equal([998, 999], line.From(998).Select(b => b.Second));
        Assert.Equal([990, 991], line.From(990, 992).Select(b => b.Second));
        Assert.Empty(line.From(1000));
        Assert.Equal((1000, 1000), (line.Next, line.Count));
    }

    // Most calls are short, and many are up at once: a line takes no more room than its call is long.
    [Fact]
    public void Line_Room_GrowsWithTheCallAndThenNoMore()
    {
        var line = new QualityLine(1200);
        Assert.Equal(0, line.Room);
        for (var second = 0; second < 8; second++) line.Add(new QualityBucket(second));
        Assert.InRange(line.Room, 1, 1024);
        for (var second = 8; second < 1320; second++) line.Add(new QualityBucket(second));
        var full = line.Room;
        Assert.InRange(full, 1200 * 64, 130_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var second = 1320; second < 10_000; second++) line.Add(new QualityBucket(second));
        Assert.Equal((0, full), (GC.GetAllocatedBytesForCurrentThread() - before, line.Room));
    }

    [Fact]
    public void Join_TenSeconds_AddsCountsAndKeepsTheWorstJitter()
    {
        QualityBucket[] buckets = [.. Enumerable.Range(20, 10).Select(s => new QualityBucket(s) { Packets = 50, Bytes = 8000, Lost = s == 25 ? 10 : 0, JitterMs = s, Mos = 4, Viewers = s - 20 })];
        var joined = QualityBucket.Join(buckets, 20, 10);
        Assert.Equal((20, 10, 500, 10, 29.0, 9), (joined.Second, joined.Step, joined.Packets, joined.Lost, joined.JitterMs, joined.Viewers));
        Assert.Equal((64, 4.0), (joined.Kbps, joined.Mos!.Value));
    }

    [Fact]
    public void SoundLevel_OfToneAndSilence_IsRight()
    {
        var level = new SoundLevel();
        Assert.Null(level.Take());
        level.Add(Codec.Pcmu, Enumerable.Repeat((byte)0xFF, 160).ToArray());
        Assert.Equal(-127, level.Take());
        level.Add(Codec.Pcmu, Enumerable.Repeat((byte)0x80, 160).ToArray());
        Assert.Equal(0, level.Take());
        level.Add(Codec.Opus, [1, 2, 3]);
        Assert.Null(level.Take());
    }
}
