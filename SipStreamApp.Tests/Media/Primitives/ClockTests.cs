using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Primitives;

public class ClockTests
{
    [Fact]
    public void NtpTime_AddAndSince_AgreeToAMicrosecond()
    {
        var start = NtpTime.FromUtc(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        var later = start.Add(TimeSpan.FromMilliseconds(1234.5));
        Assert.InRange((later.Since(start) - TimeSpan.FromMilliseconds(1234.5)).TotalMicroseconds, -1, 1);
        Assert.InRange((start.Since(later) + TimeSpan.FromMilliseconds(1234.5)).TotalMicroseconds, -1, 1);
    }

    [Fact]
    public void Never_PlusOrMinusASpan_StaysNever()
    {
        Assert.Equal(Instant.Never, Instant.Never + TimeSpan.FromDays(1));
        Assert.Equal(Instant.Never, Instant.Never - TimeSpan.FromDays(1));
        Assert.True(Instant.FromMilliseconds(1) < Instant.Never);
    }
}
