using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;
using SipStreamApp.Signalling;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Web.Signalling;
using Xunit;
using static SipStreamApp.Tests.Web.Signalling.SdkSocket;

namespace SipStreamApp.Tests.Web.Security;

/// <summary>What somebody has open ends with the key, the link or the leave it came by; what others have open does not notice.</summary>
public sealed class RightsEndTests
{
    // Two seconds to the next look, and room for a busy machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static readonly string[] Settings = ["--Security:RequireLogin", "true", "--Security:AdminPassword", "correct horse battery", "--Playback:Access", "link"];

    [Fact]
    public async Task Key_Revoked_EndsAllThatCameByIt_AndNothingElse()
    {
        await using var app = await RunningApp.StartAsync(Settings);
        var (bad, good) = (await KeyAsync(app, "same name"), await KeyAsync(app, "same name"));
        await CallAsync(app, good.Secret);

        // By the key of the upgrade, and by the token of the first message; one session of another key.
        using var byHeader = await ConnectAsync(app, "/", key: bad.Secret);
        await HelloAsync(byHeader);
        using var byToken = await ConnectAsync(app, "/");
        await HelloAsync(byToken, $$"""{"appKey":"defaultApp","authToken":"{{bad.Secret}}"}""");
        using var other = await ConnectAsync(app, "/", key: good.Secret);
        await HelloAsync(other);
        using var sdkBrowser = new FakeBrowser();
        await PlayAsync(byToken, sdkBrowser, "cam");
        using var whepBrowser = new FakeBrowser();
        await WatchAsync(app, whepBrowser, "/whep/cam", bad.Secret);
        using var stays = new FakeBrowser();
        await WatchAsync(app, stays, "/whep/cam", good.Secret);
        using var mse = await ConnectAsync(app, "/mse/cam", key: bad.Secret);
        await mse.ReceiveAsync(new byte[1 << 20], TestContext.Current.CancellationToken);
        Assert.Equal(3, app.Get<MediaEngine>().Snapshot().Viewers);

        Assert.Null(await app.Get<ApiKeyStore>().RevokeAsync(bad.Key.Id, default));
        Assert.Equal(["notifyStreamStatusEvent FAILED Restricted access", "fail FAILED Restricted access", "closed"], await LastWordsAsync(byToken));
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, byToken.CloseStatus);
        Assert.Equal(["fail FAILED Restricted access", "closed"], await LastWordsAsync(byHeader));
        await Kit.Wait.ForAsync(() => app.Get<MediaEngine>().Snapshot().Viewers == 1, Soon, () => $"{app.Get<MediaEngine>().Snapshot().Viewers} watch");
        await Assert.ThrowsAnyAsync<WebSocketException>(async () =>
        {
            using var patience = new CancellationTokenSource(Soon);
            var buffer = new byte[1 << 20];
            while (true) await mse.ReceiveAsync(buffer, patience.Token);
        });

        // The other key's: its session answers, its viewer is there, and the call goes on.
        await SendAsync(other, """{"message":"availableStream","data":[{"mediaSessionId":"a","name":"cam"}]}""");
        Assert.Equal("true", (string?)(await ReadAsync(other))!["data"]![0]!["status"]);
        Assert.Single(app.Get<IClientSessions>().All);
        Assert.Single(app.Get<MediaEngine>().Calls, c => !c.IsEnded);
    }

    [Fact]
    public async Task KeyAndLink_Expired_EndWhatTheyOpened()
    {
        var clock = new Kit.JumpingTime();
        await using var app = await RunningApp.StartAsync(Settings, services: s => s.AddSingleton<TimeProvider>(clock));
        var good = await KeyAsync(app, "good");
        await CallAsync(app, good.Secret);
        var short1 = (await app.Get<ApiKeyStore>().CreateAsync("short", Scopes.All, clock.GetUtcNow().AddHours(1), "test", default)).Value!;
        var link = (await app.Get<PlayLinkStore>().CreateAsync("cam", TimeSpan.FromHours(1), null, null, "test", default)).Value!;
        using var socket = await ConnectAsync(app, "/", key: short1.Secret);
        await HelloAsync(socket);
        using var browser = new FakeBrowser();
        await WatchAsync(app, browser, "/whep/cam?k=" + link.Token, null);
        Assert.Equal(1, app.Get<MediaEngine>().Snapshot().Viewers);
        clock.Offset = TimeSpan.FromHours(2);
        Assert.Equal(["fail FAILED Restricted access", "closed"], await LastWordsAsync(socket));
        await Kit.Wait.ForAsync(() => app.Get<MediaEngine>().Snapshot().Viewers == 0, Soon, () => "who came by the link still watches");
    }

    [Fact]
    public async Task Viewer_SentAway_IsRefusedByTheWebSdkToo()
    {
        await using var app = await RunningApp.StartAsync([]);
        await CallAsync(app, null);
        using var socket = await ConnectAsync(app, "/");
        await HelloAsync(socket);
        using var browser = new FakeBrowser();
        await PlayAsync(socket, browser, "cam");

        // What the page of a stream does: it finds who asked for the session, and refuses that address.
        var viewer = Assert.Single(app.Get<MediaEngine>().WebRtcViewers);
        var removed = app.Get<RemovedViewers>();
        Assert.Equal(IPAddress.Loopback, removed.AskedBy(viewer.SessionId));
        removed.Add(viewer.Stream, IPAddress.Loopback);
        Assert.True(app.Get<MediaEngine>().StopWatching(viewer.SessionId));
        Assert.Equal("STOPPED", (await StatusAsync(socket)).Split(' ')[0]);
        foreach (var provider in (string[])["WebRTC", "MSE"])
        {
            using var again = new FakeBrowser();
            await AskAsync(socket, again, "cam", "again-" + provider, provider);
            Assert.Equal("FAILED Restricted access", await StatusAsync(socket));
        }
    }

    private static async Task<NewApiKey> KeyAsync(RunningApp app, string name) => (await app.Get<ApiKeyStore>().CreateAsync(name, Scopes.All, null, "test", default)).Value!;

    private static async Task CallAsync(RunningApp app, string? key)
    {
        if (key is not null) app.Http.DefaultRequestHeaders.Add("X-Api-Key", key);
        await app.CallDemoAsync("cam");
    }

    private static async Task WatchAsync(RunningApp app, FakeBrowser browser, string path, string? key)
    {
        using var client = new HttpClient { BaseAddress = app.Http.BaseAddress };
        if (key is not null) client.DefaultRequestHeaders.Add("X-Api-Key", key);
        using var offer = new StringContent(browser.Offer(), Encoding.UTF8, "application/sdp");
        using var answer = await client.PostAsync(path, offer);
        var sdp = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, sdp);
        await browser.ConnectAsync(sdp);
    }

    private static Task AskAsync(ClientWebSocket socket, FakeBrowser browser, string stream, string id, string provider) => SendAsync(socket, new JsonObject
    {
        ["message"] = "playStream",
        ["data"] = new JsonArray(new JsonObject { ["mediaSessionId"] = id, ["name"] = stream, ["mediaProvider"] = provider, ["hasVideo"] = true, ["hasAudio"] = true, ["sdp"] = browser.Offer() }),
    }.ToJsonString());

    private static async Task PlayAsync(ClientWebSocket socket, FakeBrowser browser, string stream)
    {
        await AskAsync(socket, browser, stream, "m-" + stream, "WebRTC");
        JsonObject frame;
        while ((string?)(frame = (await ReadAsync(socket))!)["message"] != "setRemoteSDP")
        {
            // Other news.
        }

        await browser.ConnectAsync((string)frame["data"]![1]!);
        Assert.Equal("PLAYING", (await StatusAsync(socket)).TrimEnd());
    }

    // The next status of a stream, "FAILED why".
    private static async Task<string> StatusAsync(ClientWebSocket socket)
    {
        while (await ReadAsync(socket) is { } frame)
            if ((string?)frame["message"] == "notifyStreamStatusEvent") return $"{frame["data"]![0]!["status"]} {frame["data"]![0]!["info"]}";
        return "closed";
    }

    private static async Task<List<string>> LastWordsAsync(ClientWebSocket socket)
    {
        var words = new List<string>();
        while (await ReadAsync(socket) is { } frame) words.Add($"{frame["message"]} {frame["data"]![0]!["status"]} {frame["data"]![0]!["info"]}");
        return [.. words, "closed"];
    }
}
