using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace SipStreamApp.Tests.Web.Signalling;

/// <summary>The WebSocket of a Web SDK client, spoken by hand.</summary>
internal static class SdkSocket
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Uri Address(RunningApp app, string path) => new(app.Http.BaseAddress!.AbsoluteUri.TrimEnd('/').Replace("http", "ws", StringComparison.Ordinal) + path);

    /// <summary>Opens it.</summary>
    public static async Task<ClientWebSocket> ConnectAsync(RunningApp app, string path, string? origin = null, string? key = null)
    {
        var socket = new ClientWebSocket();
        if (key is not null) socket.Options.SetRequestHeader("X-Api-Key", key);
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(Address(app, path), TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>The first message of a client, and what it is answered.</summary>
    public static async Task<JsonObject> HelloAsync(ClientWebSocket socket, string connection = """{"appKey":"defaultApp"}""")
    {
        await SendAsync(socket, $$"""{"message":"connection","data":[{{connection}}]}""");
        var frame = await ReadAsync(socket);
        Assert.Equal("getUserData", (string?)frame!["message"]);
        return (JsonObject)frame["data"]![0]!;
    }

    public static Task SendAsync(ClientWebSocket socket, string frame) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    /// <summary>The next frame that is no ping; null when the socket is closed.</summary>
    public static async Task<JsonObject?> ReadAsync(ClientWebSocket socket)
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
