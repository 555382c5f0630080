using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;
using static SipStreamApp.Tests.EndToEnd.ViewerMeasurements;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>How long a person looks at an empty screen.</summary>
[Collection(ViewerMeasurements.Name)]
public class ViewerStartTests
{
    private const int Tries = 5;

    [Fact]
    public async Task Startup_BrowserThatRetriesWhepFromTheStart_SeesAPictureWithinASecond()
    {
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        await using var viewer = await WhepViewer.OpenAsync(chromium, app.Url);
        await PlayAsync(app, viewer, "warm-up");
        var took = new List<double>();
        for (var i = 0; i < Tries; i++) took.Add(await PlayAsync(app, viewer, $"call{i}"));
        Say($"from /call/startup to the first decoded picture: median {Median(took):F0} ms of {string.Join(", ", took.Select(t => $"{t:F0}"))}");
        Assert.InRange(Median(took), 1, 1000);
    }

    private static async Task<double> PlayAsync(RunningApp app, WhepViewer viewer, string name)
    {
        await viewer.WatchAsync(name, app.DemoCall(name));
        var seen = await viewer.UntilAsync(f => f.Error is not null || f.Steps.ContainsKey("frame"), TimeSpan.FromSeconds(20));
        Assert.Null(seen.Error);
        await viewer.StopAsync();
        using var end = await app.PostAsync("/call/terminate", new { callId = name });
        Say($"{name}: {seen.StepText} ms; {seen.Tries} tries");
        return seen.Steps["frame"] - seen.Steps["called"];
    }
}
