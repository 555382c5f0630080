using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The published Web SDK's two-way streaming example, unmodified: a browser publishes its camera and plays it, in one session.</summary>
public class SdkPublishTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task TwoWayStreaming_PublishesPlaysSendsDataAndUnpublishes()
    {
        await using var app = await RunningApp.StartAsync();
        await using var site = await WebSdkSite.StartAsync();
        await using var chromium = await Chromium.StartAsync(camera: true);
        var page = await SdkPage.OpenAsync(chromium, $"{site.Examples}/streaming/two_way_streaming/two_way_streaming.html", app);
        await page.Page.FillAsync("#urlServer", app.Url.Replace("http", "ws", StringComparison.Ordinal));
        await page.Page.ClickAsync("#connectBtn");
        await page.UntilStatusAsync("ESTABLISHED", "#connectStatus");
        foreach (var field in (string[])["#publishStream", "#playStream"]) await page.Page.FillAsync(field, "camera");
        await page.Page.ClickAsync("#availableBtn");
        await page.UntilStatusAsync("UNAVAILABLE", "#availableStatus");
        Assert.Equal("Stream not found", await page.Page.InnerTextAsync("#availableInfo"));

        await page.Page.ClickAsync("#publishBtn");
        await page.UntilStatusAsync("PUBLISHING", "#publishStatus");
        await page.Page.ClickAsync("#availableBtn");
        await page.UntilStatusAsync("AVAILABLE", "#availableStatus");
        await page.Page.ClickAsync("#playBtn");
        await page.UntilStatusAsync("PLAYING", "#playStatus");
        var frames = 0;
        await page.Page.WaitForSelectorAsync("#remoteVideo video");
        Assert.True(
            await Wait.UntilAsync(
                async () => (frames = await page.Page.EvaluateAsync<int>("() => document.querySelector('#remoteVideo video').getVideoPlaybackQuality().totalVideoFrames")) >= 20, Soon),
            $"{frames} pictures were decoded");
        await page.Page.ClickAsync("#sendDataBtn");
        Assert.True(
            await Wait.UntilAsync(async () => (await page.Page.InnerTextAsync("#receivedData")).Contains("{\"count\":23}", StringComparison.Ordinal), Soon), "No data came");

        // The name is taken for another page.
        var other = await SdkPage.OpenAsync(chromium, $"{site.Examples}/streaming/two_way_streaming/two_way_streaming.html", app);
        await other.Page.FillAsync("#urlServer", app.Url.Replace("http", "ws", StringComparison.Ordinal));
        await other.Page.ClickAsync("#connectBtn");
        await other.UntilStatusAsync("ESTABLISHED", "#connectStatus");
        await other.Page.FillAsync("#publishStream", "camera");
        await other.Page.ClickAsync("#publishBtn");
        await other.UntilStatusAsync("FAILED", "#publishStatus");
        Assert.StartsWith("Server already has a publish stream with the same name", await other.Page.InnerTextAsync("#publishInfo"), StringComparison.Ordinal);

        // Its viewer ends with it.
        await page.Page.ClickAsync("#publishBtn");
        await page.UntilStatusAsync("UNPUBLISHED", "#publishStatus");
        await page.UntilStatusAsync("STOPPED", "#playStatus");
        await Wait.ForAsync(() => app.Engine.Streams.Count == 0 && app.Engine.Snapshot().Viewers == 0, Soon, () => "Something is left of it");
        Assert.Empty(page.Errors.Concat(other.Errors));
    }
}
