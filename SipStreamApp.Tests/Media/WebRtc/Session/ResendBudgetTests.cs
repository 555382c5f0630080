using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.WebRtc.Session;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc.Session;

public class ResendBudgetTests
{
    [Fact]
    public void TryTake_Flood_IsCutToTheRate()
    {
        var budget = new ResendBudget(burst: 10, perSecond: 100);
        var taken = 0;
        for (var ms = 0; ms < 1000; ms++)
            for (var i = 0; i < 5; i++)
                if (budget.TryTake(Instant.FromMilliseconds(ms))) taken++;

        Assert.InRange(taken, 105, 112);
    }

    [Fact]
    public void TryTake_AfterALongPause_HasNoMoreThanTheBurst()
    {
        var budget = new ResendBudget(burst: 10, perSecond: 100);
        Assert.True(budget.TryTake(Instant.FromMilliseconds(1)));
        var later = Instant.FromMilliseconds(3_600_000);
        Assert.Equal(10, Enumerable.Range(0, 50).Count(_ => budget.TryTake(later)));
    }
}
