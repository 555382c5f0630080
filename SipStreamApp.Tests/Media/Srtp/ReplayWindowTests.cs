using SipStreamApp.Media.Srtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Srtp;

public class ReplayWindowTests
{
    [Fact]
    public void CheckAndCommit_RandomWalk_AgreesWithASet()
    {
        var random = new Random(3);
        var window = new ReplayWindow(5000);
        var seen = new HashSet<ulong> { 5000 };
        var highest = 5000UL;
        for (var i = 0; i < 200_000; i++)
        {
            var step = random.Next(200) == 0 ? random.Next(5000) : random.Next(40);
            var index = random.Next(2) == 0 ? highest + (ulong)step : highest - (ulong)Math.Min(random.Next(1200), (int)highest);
            var expected = index > highest ? SrtpStatus.Ok
                : highest - index >= ReplayWindow.Size ? SrtpStatus.TooOld
                : seen.Contains(index) ? SrtpStatus.Replayed : SrtpStatus.Ok;
            Assert.Equal(expected, window.Check(index));
            if (expected != SrtpStatus.Ok) continue;
            window.Commit(index);
            seen.Add(index);
            highest = Math.Max(highest, index);
            Assert.Equal(highest, window.Highest);
        }
    }

    [Fact]
    public void Check_DoesNotRemember()
    {
        var window = new ReplayWindow(10);
        Assert.Equal(SrtpStatus.Ok, window.Check(11));
        Assert.Equal(SrtpStatus.Ok, window.Check(11));
        Assert.Equal(10UL, window.Highest);
    }
}
