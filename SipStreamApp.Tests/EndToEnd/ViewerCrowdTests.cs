using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;
using Xunit;
using static SipStreamApp.Tests.EndToEnd.ViewerMeasurements;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>One call, 50 viewers with real ICE, DTLS and SRTP.</summary>
[Collection(ViewerMeasurements.Name)]
public class ViewerCrowdTests
{
    private const int Viewers = 50;

    [Fact]
    public async Task FiftyViewersOfOneCall_AllGetMediaAndLeaveNothingBehind()
    {
        await using var app = await RunningApp.StartAsync();
        await RoundAsync(app, "warm-up");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await RoundAsync(app, "crowd");
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Say($"managed memory {before / 1024:N0} kB before, {after / 1024:N0} kB after");
        Assert.InRange(after - before, long.MinValue, 2 << 20);
    }

    private static async Task RoundAsync(RunningApp app, string name)
    {
        await app.CallDemoAsync(name);
        var browsers = Enumerable.Range(0, Viewers).Select(i => new FakeBrowser(new FakeBrowserOptions { Rtx = i % 2 == 0 })).ToArray();
        var sessions = await Task.WhenAll(browsers.Select(b => FakeViewer.WatchAsync(app, b, name)));
        await Wait.ForAsync(() => browsers.All(b => b.Of(111).Count > 50 && b.Of(103).Count > 50), TimeSpan.FromSeconds(20), () => "not all have media");
        Assert.Equal(Viewers, app.Engine.Streams.Single().Viewers);
        foreach (var browser in browsers)
        {
            Assert.Equal(0, browser.NotAuthentic);
            foreach (var packets in (List<ReceivedPacket>[])[browser.Of(111), browser.Of(103)])
                Assert.Equal((ulong)packets.Count, packets[^1].Index - packets[0].Index + 1);
        }

        // Half of them say good-bye by HTTP, half just close their end.
        for (var i = 0; i < Viewers; i++)
        {
            if (i % 2 == 0) browsers[i].CloseDtls();
            else Assert.True((await app.Http.DeleteAsync(sessions[i])).IsSuccessStatusCode);
        }

        await Wait.ForAsync(() => app.Engine.Viewers.Counts is { Viewers: 0, WatchedStreams: 0 }, TimeSpan.FromSeconds(5), () => $"left behind: {app.Engine.Viewers.Counts}");
        foreach (var browser in browsers) browser.Dispose();
        using var end = await app.PostAsync("/call/terminate", new { callId = name });
        await Wait.ForAsync(() => app.Engine.Frames.Outstanding == 0 && app.Engine.RtpPortsInUse == 0, TimeSpan.FromSeconds(5), () => "frames or ports are left behind");
    }
}
