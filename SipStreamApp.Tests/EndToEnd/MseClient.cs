using System.Net.WebSockets;
using System.Text.Json;
using SipStreamApp.Tests.Kit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>What a program that plays by MSE gets over its WebSocket.</summary>
internal sealed class MseClient
{
    private readonly List<MemoryStream> _files = [];

    /// <summary>The JSON messages.</summary>
    public List<JsonElement> Said { get; } = [];

    /// <summary>The bytes, one file for each init segment.</summary>
    public IReadOnlyList<byte[]> Files => [.. _files.Select(f => f.ToArray())];

    /// <summary>Lengths of the binary messages.</summary>
    public List<int> Lengths { get; } = [];

    public int? CloseStatus { get; private set; }

    public JsonElement First(string type) => Said.First(m => m.GetProperty("type").GetString() == type);

    /// <summary>Listens for a while, or until the server closes.</summary>
    public static async Task<MseClient> ListenAsync(RunningApp app, string stream, TimeSpan time, string? origin = null)
    {
        var client = new MseClient();
        using var socket = new ClientWebSocket();
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(new Uri($"{app.Url.Replace("http", "ws", StringComparison.Ordinal)}/mse/{stream}"), CancellationToken.None);
        using var limit = new CancellationTokenSource(time);
        try
        {
            await client.ReadAsync(socket, limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Enough was heard.
        }

        client.CloseStatus = (int?)socket.CloseStatus;
        return client;
    }

    private async Task ReadAsync(ClientWebSocket socket, CancellationToken cancel)
    {
        var buffer = new byte[1 << 20];
        for (;;)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                length += part.Count;
            }
            while (!part.EndOfMessage);

            if (part.MessageType == WebSocketMessageType.Close) return;
            if (part.MessageType == WebSocketMessageType.Text)
            {
                Said.Add(JsonDocument.Parse(buffer.AsMemory(0, length).ToArray()).RootElement);
                if (Said[^1].GetProperty("type").GetString() == "init") _files.Add(new MemoryStream());
                continue;
            }

            Lengths.Add(length);
            _files[^1].Write(buffer, 0, length);
        }
    }
}
