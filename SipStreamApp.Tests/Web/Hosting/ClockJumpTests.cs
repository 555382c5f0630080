using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Web.Hosting;

public sealed class ClockJumpTests
{
    [Fact]
    public async Task WallClock_ThatJumps_TouchesNoCallThatIsUp_AndNoNewOne()
    {
        var clock = new Kit.JumpingTime();
        await using var app = await RunningApp.StartAsync(services: s => s.AddSingleton<TimeProvider>(clock));
        var engine = app.Get<MediaEngine>();
        await app.CallDemoAsync("before");
        foreach (var hours in (int[])[30, -60])
        {
            clock.Offset += TimeSpan.FromHours(hours);
            var heard = Heard(engine);
            await Kit.Wait.ForAsync(() => Heard(engine) > heard + 60, TimeSpan.FromSeconds(20), () => $"{Heard(engine) - heard} packets after a jump of {hours} h");
            Assert.Equal(CallStatus.Established, engine.Calls.Single(c => c.Id.Value == "before").Status);
            await app.CallDemoAsync($"after{hours}");
            using var ready = await app.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
            Assert.True(ready.IsSuccessStatusCode);
        }

        Assert.Equal(3, engine.Calls.Count(c => !c.IsEnded));
    }

    private static long Heard(MediaEngine engine) => engine.Calls.Where(c => c.Id.Value == "before").SelectMany(c => c.Media).Sum(m => m.PacketsReceived);
}
