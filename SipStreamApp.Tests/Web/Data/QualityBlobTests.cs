using SipStreamApp.Data;
using SipStreamApp.Media.Quality;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

public class QualityBlobTests
{
    [Fact]
    public void Pack_AndUnpack_GivesTheSameBuckets()
    {
        var buckets = Minute(7, noisy: true).Append(new QualityBucket(7 * 60 + 65) { Step = 10, AvOffsetMs = -120, LevelDb = -127, Viewers = 3 }).ToArray();
        Assert.Equal(buckets, QualityBlob.Unpack(QualityBlob.Pack(buckets)));
    }

    [Fact]
    public void Unpack_Anything_NeverThrows()
    {
        var random = new Random(3);
        var good = QualityBlob.Pack(Minute(0, noisy: true));
        for (var i = 0; i < 2000; i++)
        {
            var bytes = good.ToArray();
            for (var n = 0; n < 4; n++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Assert.True(QualityBlob.Unpack(bytes.AsSpan(0, random.Next(bytes.Length))).Count <= bytes.Length);
        }

        Assert.Empty(QualityBlob.Unpack([]));
        Assert.Empty(QualityBlob.Unpack([99, 1, 2, 3]));
    }

    // Sound, picture and stream of ten bad minutes: what they cost in the database is well under the budget of 100 kB.
    [Fact]
    public void Pack_TenMinutesOfABadCall_IsSmall()
    {
        var size = Enumerable.Range(0, 10).Sum(m => 2 * QualityBlob.Pack(Minute(m, noisy: true)).Length + QualityBlob.Pack(Minute(m, noisy: false)).Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{size} bytes");
        Assert.InRange(size, 1000, 40_000);
    }

    internal static QualityBucket[] Minute(int minute, bool noisy)
    {
        var random = new Random(minute);
        return
        [
            .. Enumerable.Range(minute * 60, 60).Select(s => !noisy ? new QualityBucket(s) { Viewers = 2, AvOffsetMs = 12 } : new QualityBucket(s)
            {
                Packets = 40 + random.Next(20), Bytes = 150_000 + random.Next(40_000), Lost = random.Next(6), Late = random.Next(3), Reordered = random.Next(3),
                JitterMs = random.Next(300) / 10.0, Frames = 24 + random.Next(3), Keyframes = random.Next(2), Mos = random.Next(100, 450) / 100.0, LevelDb = -random.Next(60),
            }),
        ];
    }
}
