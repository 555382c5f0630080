using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

public class SendLineTests
{
    [Fact]
    public void Ticks_FollowTheClockAndNeverGoBack()
    {
        var line = new SendLine(8000, Instant.FromMilliseconds(500));
        Assert.Equal(0, line.At(Instant.FromMilliseconds(500)));
        line.Sent(0, 160);
        Assert.Equal((160, 160), (line.Next, line.At(Instant.FromMilliseconds(510))));
        Assert.Equal(1600, line.At(Instant.FromMilliseconds(700)));
        line.Sent(1600, 160);
        // What was captured before the last frame went out cannot be put in front of it.
        Assert.Equal(1760, line.At(Instant.FromMilliseconds(600)));
        Assert.Equal(Instant.FromMilliseconds(720), line.NextDue);
    }

    [Fact]
    public void AnotherRate_GoesOnInTheNewTicks()
    {
        var line = new SendLine(8000, Instant.FromMilliseconds(0));
        line.Sent(line.At(Instant.FromMilliseconds(1000)), 160);
        line.ChangeRate(48000, Instant.FromMilliseconds(1020));
        Assert.Equal(8160, line.At(Instant.FromMilliseconds(1020)));
        Assert.Equal(8160 + 960, line.At(Instant.FromMilliseconds(1040)));
        Assert.Equal(Instant.FromMilliseconds(1040), line.InstantOf(8160 + 960));
    }

    [Fact]
    public void AYear_IsExactToTheTick()
    {
        var line = new SendLine(90000, Instant.FromMilliseconds(0));
        const double year = 365 * 24 * 3600 * 1000.0;
        Assert.Equal((long)(year * 90), line.At(Instant.FromMilliseconds(year)));
        Assert.Equal(Instant.FromMilliseconds(year), line.InstantOf((long)(year * 90)));
    }
}
