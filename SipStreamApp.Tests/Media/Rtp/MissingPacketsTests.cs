using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;
using static SipStreamApp.Tests.Media.Rtp.Packets;

namespace SipStreamApp.Tests.Media.Rtp;

public class MissingPacketsTests
{
    [Fact]
    public void TryTakeDue_AsksAtOnceThenAfterARoundTripAndAHalf_ThenGivesUp()
    {
        var missing = new MissingPackets();
        missing.Add(65534, 3, Ms(0));
        missing.Add(7, 1, Ms(1));
        Assert.Equal(Ms(0), missing.NextDeadline);
        Assert.Equal([(65534, 3), (7, 1)], Due(missing, 1));
        // 60 ms are assumed before anything was repaired.
        Assert.Equal(Ms(91), missing.NextDeadline);
        Assert.Empty(Due(missing, 90));
        Assert.Equal([(65534, 3), (7, 1)], Due(missing, 91));
        Assert.Equal([(65534, 3), (7, 1)], Due(missing, 181));
        Assert.Equal([(7, 1)], Due(missing, 300));
        Assert.Empty(Due(missing, 301));
        Assert.Equal((0, 4, Instant.Never), (missing.Count, missing.GivenUp, missing.NextDeadline));
    }

    [Fact]
    public void OnArrived_RepairTakesItOut_AndMeasuresTheRoundTrip()
    {
        var missing = new MissingPackets();
        for (var i = 0; i < 40; i++)
        {
            missing.Add((ushort)i, 2, Ms(i * 100));
            Due(missing, i * 100);
            missing.OnArrived((ushort)i, Ms(i * 100 + 10));
            missing.OnArrived((ushort)(i + 1), Ms(i * 100 + 10));
        }

        Assert.InRange(missing.RoundTrip.TotalMilliseconds, 10, 11);
        Assert.Equal((0, 80, 80), (missing.Count, missing.Asked, missing.Repaired));
        // However short the way is, nobody is asked in every millisecond.
        missing.Add(500, 1, Ms(5000));
        Due(missing, 5000);
        Assert.Equal(Ms(5020), missing.NextDeadline);
    }

    [Fact]
    public void OnArrived_AskedForTwice_SaysNothingOfTheRoundTrip()
    {
        var missing = new MissingPackets();
        missing.Add(1, 1, Ms(0));
        Due(missing, 0);
        Due(missing, 90);
        missing.OnArrived(1, Ms(91));
        Assert.Equal(60, missing.RoundTrip.TotalMilliseconds);
        Assert.Equal(1, missing.Repaired);
        missing.Add(2, 1, Ms(100));
        missing.OnArrived(2, Ms(101));
        Assert.Equal(1, missing.Repaired);
    }

    [Fact]
    public void Add_MoreThanCanBeRepaired_ForgetsAll()
    {
        var missing = new MissingPackets();
        missing.Add(0, 200, Ms(0));
        missing.Add(1000, 100, Ms(0));
        Assert.Equal((0, 300), (missing.Count, missing.GivenUp));
        Assert.Empty(Due(missing, 0));
    }

    private static List<(int First, int Count)> Due(MissingPackets missing, double ms)
    {
        var all = new List<(int, int)>();
        while (missing.TryTakeDue(Ms(ms), out var first, out var count)) all.Add((first, count));
        return all;
    }
}
