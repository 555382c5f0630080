using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Players by HLS are viewers like others: counted, listed, limited, sent away.</summary>
public class HlsViewerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Players_CountAgainstTheLimit_AndCanBeSentAway()
    {
        await using var app = await RunningApp.StartAsync("--Limits:Viewers", "2");
        await app.CallDemoAsync("h1");
        await app.UntilStatusAsync("h1", "ESTABLISHED", Soon);
        using var one = Player(app, "player-one");
        using var two = Player(app, "player-two");
        using var three = Player(app, "player-three");

        // Each player counts once however often it asks.
        var playlist = await one.GetStringAsync("/hls/h1/index.m3u8");
        await one.GetStringAsync("/hls/h1/index.m3u8");
        await two.GetStringAsync("/h1/h1.m3u8");
        Assert.Equal(2, app.Engine.Streams.Single().Watching);

        // One more is refused by every way, with the time to come again.
        using (var refused = await three.GetAsync("/hls/h1/index.m3u8"))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(5)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));
            Assert.Equal("viewer-limit", JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await OfferAsync(three));
        Assert.Equal("viewer-limit", await MseAsync(app));

        // Who was there goes on: its playlist, and what that names.
        var map = Regex.Match(playlist, "#EXT-X-MAP:URI=\"([^\"]+)\"").Groups[1].Value;
        Assert.NotEmpty(await one.GetByteArrayAsync("/hls/h1/" + map));
        Assert.Contains("#EXTINF", await one.GetStringAsync("/hls/h1/index.m3u8"), StringComparison.Ordinal);

        // REST lists them as it lists others; the one that is ended there does not come back, and makes room.
        var listed = await ListedAsync(app);
        Assert.Equal(["HLS PLAYING h1", "HLS PLAYING h1"], listed.Select(s => $"{s.GetProperty("mediaProvider")} {s.GetProperty("status")} {s.GetProperty("name")}"));
        var page = await app.Http.GetStringAsync("/streams/h1");
        Assert.All((string[])["player-one", "player-two"], agent => Assert.Contains($"title=\"{agent}\"", page, StringComparison.Ordinal));
        Assert.Contains("2 (HLS 2)", page, StringComparison.Ordinal);
        using var ended = await app.PostAsync("/stream/terminate", new { mediaSessionId = listed[0].GetProperty("mediaSessionId").GetString() });
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        foreach (var path in (string[])["/hls/h1/index.m3u8", "/hls/h1/" + map])
        {
            using var gone = await one.GetAsync(path);
            Assert.Equal(HttpStatusCode.Forbidden, gone.StatusCode);
        }

        Assert.Contains("#EXTINF", await three.GetStringAsync("/hls/h1/index.m3u8"), StringComparison.Ordinal);
        Assert.Equal(2, (await ListedAsync(app)).Count);
        Assert.Equal((2, 0), (app.Engine.Streams.Single().HlsViewers, app.Engine.Snapshot().Viewers));
    }

    private static HttpClient Player(RunningApp app, string agent) => new() { BaseAddress = new Uri(app.Url), DefaultRequestHeaders = { { "User-Agent", agent } } };

    private static async Task<List<JsonElement>> ListedAsync(RunningApp app) =>
        [.. JsonDocument.Parse(await app.Http.GetStringAsync("/rest-api/stream/find_all")).RootElement.EnumerateArray().Where(s => !s.GetProperty("published").GetBoolean())];

    private static async Task<HttpStatusCode> OfferAsync(HttpClient client)
    {
        using var browser = new FakeBrowser();
        using var offer = new StringContent(browser.Offer(), Encoding.UTF8, "application/sdp");
        using var answer = await client.PostAsync("/whep/h1", offer);
        return answer.StatusCode;
    }

    private static async Task<string?> MseAsync(RunningApp app)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"{app.Url.Replace("http", "ws", StringComparison.Ordinal)}/mse/h1"), TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken)).MessageType != WebSocketMessageType.Close)
        {
            // The failure in words comes first.
        }

        return socket.CloseStatusDescription;
    }
}
