using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>How far our player is behind by MSE in a real browser.</summary>
[Collection(ViewerMeasurements.Name)]
public class MseLatencyTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("opus")]
    [InlineData("PCMU")]
    public async Task Player_ByMse_StaysLessThanASecondBehind(string codec)
    {
        await using var app = await RunningApp.StartAsync("--Media:AudioCodecs", codec);
        await using var chromium = await Chromium.StartAsync();
        await app.CallDemoAsync("p1");
        await app.UntilStatusAsync("p1", "ESTABLISHED", Soon);
        var page = await MseChromiumTests.OpenAsync(chromium, app, "p1", "mse");
        await MseChromiumTests.UntilAsync(page, f => f is { State: "playing", Method: "mse", Frames: > 40 });
        await Task.Delay(3000);
        var before = await MseChromiumTests.FiguresAsync(page);
        await Task.Delay(3000);
        var after = await MseChromiumTests.FiguresAsync(page);
        Assert.InRange(after.Latency, 0, 1);
        Assert.InRange(after.Time - before.Time, 2.5, 3.6);
        Assert.InRange(after.Frames - before.Frames, 60, 95);
    }
}
