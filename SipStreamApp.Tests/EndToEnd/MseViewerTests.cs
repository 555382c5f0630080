using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Players by MSE are listed, and can be sent away.</summary>
public class MseViewerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Players_AreListed_AndCanBeSentAway()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("m1");
        await app.UntilStatusAsync("m1", "ESTABLISHED", Soon);
        using var one = await ConnectAsync(app, "player-one");
        await Wait.ForAsync(() => app.Engine.Streams.Single().MseViewers == 1, Soon, () => "It does not play");
        using var two = await ConnectAsync(app, "player-two");
        List<JsonElement> listed = [];
        Assert.True(await Wait.UntilAsync(async () => (listed = await ListedAsync(app)).Count == 2, Soon), "They do not play");
        Assert.Equal(2, app.Engine.Streams.Single().MseViewers);
        Assert.Equal(["MSE PLAYING m1", "MSE PLAYING m1"], listed.Select(s => $"{s.GetProperty("mediaProvider")} {s.GetProperty("status")} {s.GetProperty("name")}"));
        var page = await app.Http.GetStringAsync("/streams/m1");
        Assert.All((string[])["title=\"player-one\"", "title=\"player-two\"", "2 (MSE 2)"], text => Assert.Contains(text, page, StringComparison.Ordinal));

        // It is told why, and does not come back; the other one plays on.
        using var ended = await app.PostAsync("/stream/terminate", new { mediaSessionId = listed[0].GetProperty("mediaSessionId").GetString() });
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal("viewer-removed", await EndOfAsync(one));
        using var again = await ConnectAsync(app, "player-one");
        Assert.Equal("viewer-removed", await EndOfAsync(again));
        Assert.Equal(WebSocketMessageType.Binary, (await NextMediaAsync(two)).MessageType);
        Assert.Single(await ListedAsync(app));

        // One that says goodbye is answered.
        using var limit = new CancellationTokenSource(Soon);
        await two.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        Assert.Equal(WebSocketState.Closed, two.State);
        Assert.True(await Wait.UntilAsync(async () => (await ListedAsync(app)).Count == 0, Soon), "It is still listed");
    }

    private static async Task<ClientWebSocket> ConnectAsync(RunningApp app, string agent)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("User-Agent", agent);
        await socket.ConnectAsync(new Uri($"{app.Url.Replace("http", "ws", StringComparison.Ordinal)}/mse/m1"), TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<List<JsonElement>> ListedAsync(RunningApp app) =>
        [.. JsonDocument.Parse(await app.Http.GetStringAsync("/rest-api/stream/find_all")).RootElement.EnumerateArray().Where(s => !s.GetProperty("published").GetBoolean())];

    // The code of the last message and of the close frame, which are the same.
    private static async Task<string?> EndOfAsync(ClientWebSocket socket)
    {
        var (buffer, last) = (new byte[256 * 1024], "");
        using var limit = new CancellationTokenSource(Soon);
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            if (got.MessageType == WebSocketMessageType.Text && got.EndOfMessage) last = Encoding.UTF8.GetString(buffer, 0, got.Count);
            if (got.MessageType != WebSocketMessageType.Close) continue;
            using var message = JsonDocument.Parse(last);
            Assert.Equal(message.RootElement.GetProperty("code").GetString(), socket.CloseStatusDescription);
            return socket.CloseStatusDescription;
        }
    }

    private static async Task<ValueWebSocketReceiveResult> NextMediaAsync(ClientWebSocket socket)
    {
        var buffer = new byte[256 * 1024];
        ValueWebSocketReceiveResult got;
        do got = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
        while (got.MessageType == WebSocketMessageType.Text);
        return got;
    }
}
