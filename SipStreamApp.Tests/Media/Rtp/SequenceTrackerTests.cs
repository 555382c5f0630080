using SipStreamApp.Media.Rtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Rtp;

public class SequenceTrackerTests
{
    [Fact]
    public void Update_TwoConsecutive_EndsProbation()
    {
        var tracker = new SequenceTracker();
        Assert.Equal(SequenceVerdict.Probation, tracker.Update(100, out _));
        Assert.Equal(SequenceVerdict.Probation, tracker.Update(200, out _));
        Assert.Equal(SequenceVerdict.Next, tracker.Update(201, out _));
        Assert.Equal((1, 1), (tracker.Received, tracker.Expected));
    }

    [Fact]
    public void Update_OverTheWrap_GoesOnCounting()
    {
        var tracker = new SequenceTracker(1);
        tracker.Update(65534, out _);
        tracker.Update(65535, out _);
        Assert.Equal(SequenceVerdict.Next, tracker.Update(0, out var extended));
        Assert.Equal(65536, extended);
        Assert.Equal(SequenceVerdict.Ahead, tracker.Update(2, out _));
        Assert.Equal(SequenceVerdict.Reordered, tracker.Update(1, out extended));
        Assert.Equal(65537, extended);
        Assert.Equal(SequenceVerdict.Duplicate, tracker.Update(65535, out extended));
        Assert.Equal(65535, extended);
        Assert.Equal((5, 6, 1, 1, 0), (tracker.Expected, tracker.Received, tracker.Duplicates, tracker.Reordered, tracker.Lost));
        Assert.Equal(-1, tracker.CumulativeLost);
    }

    [Fact]
    public void Update_FarOffTwiceInARow_Restarts()
    {
        var tracker = new SequenceTracker(1);
        for (var i = 0; i < 10; i++) tracker.Update((ushort)i, out _);
        Assert.Equal(SequenceVerdict.Suspect, tracker.Update(30_000, out _));
        Assert.Equal(SequenceVerdict.Next, tracker.Update(10, out _));
        Assert.Equal(SequenceVerdict.Suspect, tracker.Update(30_001, out _));
        Assert.Equal(SequenceVerdict.Restarted, tracker.Update(30_002, out _));
        Assert.Equal((30_002, 1), (tracker.Highest, tracker.Expected));
    }

    [Fact]
    public void TakeFractionLost_OneInFour_IsSixtyFour()
    {
        var tracker = new SequenceTracker(1);
        for (var i = 0; i < 400; i++) if (i % 4 != 1) tracker.Update((ushort)i, out _);
        Assert.Equal(64, tracker.TakeFractionLost());
        Assert.Equal(0, tracker.TakeFractionLost());
        Assert.Equal(100, tracker.Lost);
    }
}
