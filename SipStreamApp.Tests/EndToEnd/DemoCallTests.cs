using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The built-in callee over real UDP, seen in a real browser: needs no SIP server.</summary>
public class DemoCallTests
{
    [Fact]
    public async Task Startup_ToTheDemoCallee_PlaysPictureAndSoundInChromium()
    {
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        await app.CallDemoAsync("demo1");
        await using var viewer = await WhepViewer.StartAsync(chromium, app.Url, "demo1");
        var seen = await viewer.UntilAsync(f => f is { FramesDecoded: > 20, Width: 640, AudioEnergy: > 0.0001 }, TimeSpan.FromSeconds(15));
        Assert.Null(seen.Error);
        await app.UntilStatusAsync("demo1", "ESTABLISHED", TimeSpan.FromSeconds(5));
        using var end = await app.PostAsync("/call/terminate", new { callId = "demo1" });
        Assert.Equal("", await end.Content.ReadAsStringAsync());
        Assert.Null(await app.FindCallAsync("demo1"));
        await Wait.ForAsync(() => app.Engine.RtpPortsInUse == 0 && app.Engine.Frames.Outstanding == 0, TimeSpan.FromSeconds(5), () => "ports or frames are left behind");
    }
}
