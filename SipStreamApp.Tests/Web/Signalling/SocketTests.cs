using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using SipStreamApp.Signalling;
using Xunit;

namespace SipStreamApp.Tests.Web.Signalling;

/// <summary>The WebSocket itself: who may open it, what closes it, and that the page on the same address is untouched.</summary>
public class SocketTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Root_IsThePageToBrowsersAndTheSdkToWebSockets()
    {
        await using var app = await RunningApp.StartAsync();
        using var page = await app.Http.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("<!DOCTYPE html>", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        foreach (var path in (string[])["", "/", "/websocket", "/call_stream1"])
        {
            using var socket = await ConnectAsync(app, path);
            Assert.Equal(32, (await HelloAsync(socket))["authToken"]!.GetValue<string>().Length);
        }
    }

    [Theory]
    [InlineData("http://localhost:1234", true)]
    [InlineData("https://www.example.org", false)]
    [InlineData("null", false)]
    public async Task Origin_IsHeldByTheCorsRule(string origin, bool allowed)
    {
        await using var app = await RunningApp.StartAsync();
        if (allowed)
        {
            using var socket = await ConnectAsync(app, "/", origin);
            await HelloAsync(socket);
            return;
        }

        using var refused = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        refused.Options.SetRequestHeader("Origin", origin);
        await Assert.ThrowsAsync<WebSocketException>(() => refused.ConnectAsync(Address(app, "/"), TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Forbidden, refused.HttpStatusCode);
    }

    [Fact]
    public async Task Limit_OneMoreIsRefused_AndAPlaceThatIsFreeAgainIsTaken()
    {
        await using var app = await RunningApp.StartAsync(["--Signalling:MaxSessions", "1"]);
        using (var first = await ConnectAsync(app, "/"))
        {
            await HelloAsync(first);
            using var second = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
            await Assert.ThrowsAsync<WebSocketException>(() => second.ConnectAsync(Address(app, "/"), TestContext.Current.CancellationToken));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, second.HttpStatusCode);
            await first.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        }

        Assert.True(await Kit.Wait.UntilAsync(() => app.Get<IClientSessions>().All.Count == 0, Patience));
        ClientWebSocket? third = null;
        Assert.True(await Kit.Wait.UntilAsync(
            async () =>
            {
                try
                {
                    third = await ConnectAsync(app, "/");
                    return true;
                }
                catch (WebSocketException)
                {
                    return false;
                }
            },
            Patience));
        third!.Dispose();
    }

    [Theory]
    [InlineData("hello", 1007, "a frame must be JSON")]
    [InlineData("[]", 1007, "a frame must be a JSON object")]
    [InlineData(null, 1009, "a frame may have 262144 bytes")]
    public async Task BadFrame_ClosesWithTheReason(string? frame, int code, string reason)
    {
        await using var app = await RunningApp.StartAsync();
        foreach (var greets in (bool[])[false, true])
        {
            using var socket = await ConnectAsync(app, "/");
            if (greets) await HelloAsync(socket);
            await SendAsync(socket, frame ?? $$"""{"message":"x","data":[{"a":"{{new string('a', 300_000)}}"}]}""");
            while (await ReadAsync(socket) is not null)
            {
                // A ping may come before the close.
            }

            Assert.Equal((code, reason), ((int)socket.CloseStatus!, socket.CloseStatusDescription));
        }

        Assert.True(await Kit.Wait.UntilAsync(() => app.Get<IClientSessions>().All.Count == 0, Patience));
    }

    [Fact]
    public async Task LargeFrame_WithinTheLimit_IsRead()
    {
        await using var app = await RunningApp.StartAsync();
        using var socket = await ConnectAsync(app, "/");
        await SendAsync(socket, $$$"""{"message":"connection","data":[{"appKey":"a","custom":{"x":"{{{new string('ä', 100_000)}}}"}}]}""");
        Assert.Equal(100_000, (await ReadAsync(socket))!["data"]![0]!["custom"]!["x"]!.GetValue<string>().Length);
    }

    [Fact]
    public async Task Sessions_AreListedTerminatedAndSpokenTo()
    {
        await using var app = await RunningApp.StartAsync();
        var sessions = app.Get<IClientSessions>();
        using var socket = await ConnectAsync(app, "/");
        var user = await HelloAsync(socket, """{"appKey":"a1","sipLogin":"10006","sipPassword":"secret","custom":{}}""");
        var listed = Assert.Single(sessions.All);
        Assert.Equal((user["sessionId"]!.GetValue<string>(), "a1", "10006"), (listed.SessionId, listed.AppKey, listed.SipLogin));
        Assert.DoesNotContain("secret", listed.Connection.ToJsonString(), StringComparison.Ordinal);
        Assert.StartsWith("127.0.0.1:", listed.RemoteAddress, StringComparison.Ordinal);

        Assert.True(sessions.SendData(listed.SessionId, "o1", new JsonObject { ["x"] = 1 }));
        Assert.Equal("""{"message":"OnDataEvent","data":[{"operationId":"o1","payload":{"x":1}}]}""", (await ReadAsync(socket))!.ToJsonString());
        Assert.False(sessions.SendData("other", "o1", null));
        Assert.False(sessions.StopStream("m1", "x"));
        Assert.False(sessions.Terminate("other"));
        Assert.True(sessions.Terminate(listed.SessionId));
        Assert.Null(await ReadAsync(socket));
        Assert.Equal("terminated", socket.CloseStatusDescription);
        Assert.True(await Kit.Wait.UntilAsync(() => sessions.All.Count == 0, Patience));
    }

    [Fact]
    public async Task ClientThatNeverReads_IsClosed_AndNobodyWaits()
    {
        await using var app = await RunningApp.StartAsync();
        var sessions = app.Get<IClientSessions>();
        using var socket = await ConnectAsync(app, "/");
        await HelloAsync(socket);
        var id = Assert.Single(sessions.All).SessionId;
        var payload = new JsonObject { ["x"] = new string('x', 50_000) };
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var longest = TimeSpan.Zero;
        for (var sent = 0; sent < 2000; sent++)
        {
            var before = watch.Elapsed;
            if (!sessions.SendData(id, "o", payload)) break;
            longest = watch.Elapsed - before > longest ? watch.Elapsed - before : longest;
        }

        Assert.True(await Kit.Wait.UntilAsync(() => sessions.All.Count == 0, Patience), "The client that reads nothing is still served");
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task PlayStream_UnknownName_FailsByTheWire()
    {
        await using var app = await RunningApp.StartAsync();
        using var socket = await ConnectAsync(app, "/");
        await HelloAsync(socket);
        await SendAsync(socket, $$"""{"message":"playStream","data":[{{SessionKit.PlayBody("m1", "nobody")}}]}""");
        Assert.Equal(("FAILED", "Stream not found"), Of(await ReadAsync(socket)));
        await SendAsync(socket, """{"message":"availableStream","data":[{"mediaSessionId":"m1","name":"nobody"}]}""");
        Assert.Equal(("false", "Stream not found"), Of(await ReadAsync(socket)));
    }

    private static (string? Status, string? Info) Of(JsonObject? frame) => ((string?)frame!["data"]![0]!["status"], (string?)frame["data"]![0]!["info"]);

    private static Uri Address(RunningApp app, string path) => new(app.Http.BaseAddress!.AbsoluteUri.TrimEnd('/').Replace("http", "ws", StringComparison.Ordinal) + path);

    private static async Task<ClientWebSocket> ConnectAsync(RunningApp app, string path, string? origin = null)
    {
        var socket = new ClientWebSocket();
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(Address(app, path), TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<JsonObject> HelloAsync(ClientWebSocket socket, string connection = """{"appKey":"defaultApp"}""")
    {
        await SendAsync(socket, $$"""{"message":"connection","data":[{{connection}}]}""");
        var frame = await ReadAsync(socket);
        Assert.Equal("getUserData", (string?)frame!["message"]);
        return (JsonObject)frame["data"]![0]!;
    }

    private static Task SendAsync(ClientWebSocket socket, string frame) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    // The next frame that is no ping; null when the socket is closed.
    private static async Task<JsonObject?> ReadAsync(ClientWebSocket socket)
    {
        using var limit = new CancellationTokenSource(Patience);
        var buffer = new byte[512 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult got;
            do
            {
                got = await socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
                length += got.Count;
            }
            while (!got.EndOfMessage);
            if (got.MessageType == WebSocketMessageType.Close) return null;
            var frame = (JsonObject)JsonNode.Parse(buffer.AsSpan(0, length))!;
            if ((string?)frame["message"] != "ping") return frame;
        }
    }
}
