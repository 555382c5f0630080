using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Signalling;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The published Web SDK's Player example, unmodified, against the running program: the judge of the signalling.</summary>
public class SdkPlayerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Player_ByWebRtc_PlaysStopsAndTellsWhatIsWrong()
    {
        await using var app = await RunningApp.StartAsync();
        await using var site = await WebSdkSite.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        await app.CallDemoAsync("p1");
        await app.UntilStatusAsync("p1", "ESTABLISHED", Soon);
        var player = await SdkPage.OpenAsync(chromium, $"{site.Examples}/streaming/player/player.html", app);

        await player.PlayAsync("p1");
        await player.UntilStatusAsync("PLAYING");
        await player.UntilPictureAsync(20);
        Assert.Equal(["ESTABLISHED", "PLAYING"], await player.StatusesAsync());
        Assert.Equal(1, app.Engine.Snapshot().Viewers);
        await player.Page.ClickAsync("#playBtn");
        await player.UntilStatusAsync("STOPPED");
        await Wait.ForAsync(() => app.Engine.Snapshot().Viewers == 0, Soon, () => "The viewer is still there");

        // The same session again, first with a name that is not there.
        await player.PlayAsync("nobody");
        await player.UntilStatusAsync("FAILED");
        Assert.Equal("Stream not found", await player.Page.InnerTextAsync("#info"));
        await player.PlayAsync("p1");
        await player.UntilStatusAsync("PLAYING");
        await player.UntilPictureAsync(5);
        Assert.Single(player.Sockets);

        // The call ends under its viewer.
        await EndAsync(app, "p1");
        await player.UntilStatusAsync("STOPPED");

        // A stream whose call still rings is waited for; the call comes to nothing.
        await app.CallDemoAsync("p2", "demo-ring");
        await player.PlayAsync("p2");
        await Wait.ForAsync(() => app.Services.GetRequiredService<IClientSessions>().All is [{ Streams: [{ Status: "PENDING" }] }], Soon, () => "Nothing is pending");
        Assert.Empty(await player.StatusesAsync());
        Assert.Equal("PENDING", await player.Page.EvaluateAsync<string>("() => Flashphoner.getSessions()[0].getStreams().at(-1).status()"));
        await EndAsync(app, "p2");
        await player.UntilStatusAsync("FAILED");
        Assert.Equal("Publish stream is not ready", await player.Page.InnerTextAsync("#info"));
        foreach (var line in player.Console) output.WriteLine(line);
        Assert.Empty(player.Errors);
    }

    private static async Task EndAsync(RunningApp app, string callId)
    {
        using var answer = await app.PostAsync("/call/terminate", new { callId });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Player_ByMse_PlaysStopsAndSeesTheCallEnd()
    {
        await using var app = await RunningApp.StartAsync();
        await using var site = await WebSdkSite.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        await app.CallDemoAsync("m1");
        await app.UntilStatusAsync("m1", "ESTABLISHED", Soon);
        var player = await SdkPage.OpenAsync(chromium, $"{site.Examples}/streaming/player/player.html?mediaProvider=MSE", app);

        await player.PlayAsync("m1");
        await player.UntilStatusAsync("PLAYING");
        await player.UntilPictureAsync(20);
        Assert.Equal(2, player.Sockets.Count);
        Assert.Equal(0, app.Engine.Snapshot().Viewers);
        await player.Page.ClickAsync("#playBtn");
        await player.UntilStatusAsync("STOPPED");
        await Wait.ForAsync(() => app.Engine.Streams.All(s => s.Readers.All(r => r.Kind != "sdk-mse")), Soon, () => "The feed is still there");

        await player.PlayAsync("nobody");
        await player.UntilStatusAsync("FAILED");
        Assert.Equal("Stream not found", await player.Page.InnerTextAsync("#info"));
        await player.PlayAsync("m1");
        await player.UntilStatusAsync("PLAYING");
        await player.UntilPictureAsync(10);
        await EndAsync(app, "m1");
        await player.UntilStatusAsync("STOPPED");
        foreach (var line in player.Console) output.WriteLine(line);
        Assert.Empty(player.Errors);
    }
}
