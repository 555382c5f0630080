using System.Net.WebSockets;
using SipStreamApp.Hosting;
using SipStreamApp.Live;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Mse;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Api;

/// <summary>
/// <c>/mse/{stream}</c>: a WebSocket that carries fragmented MP4. Failures are a JSON message and a close code, since a browser's script
/// cannot see the HTTP status of a refused WebSocket.
/// </summary>
internal static class MseApi
{
    private const WebSocketCloseStatus NotFound = (WebSocketCloseStatus)4404;
    private const WebSocketCloseStatus Unable = (WebSocketCloseStatus)4503;

    // A socket that takes nothing for so long is not a viewer any more.
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    public static void MapMse(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/mse/{stream}", Play).WithTags("MSE").WithSummary("Play a stream by Media Source Extensions: WebSocket with fragmented MP4")
            .Documented(403, 404, 426);

    private static async Task<IResult> Play(string stream, HttpContext http, MediaEngine engine, AppSettings settings, RemovedViewers removed, IHostApplicationLifetime lifetime)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            return Problems.Of(http, 426, "websocket-needed", "This address takes WebSockets", "Open it with new WebSocket(...)");
        }

        if (!SocketOrigin.IsAllowed(http.Request, settings.CorsOrigins))
            return Problems.Of(http, 403, "origin-refused", "Pages of this origin may not play here", "The key Cors:Origins names those that may");
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);

        // The engine stops first and ends the stream, which the player hears; this is for a player who does not take the goodbye.
        await using var ending = lifetime.ApplicationStopping.Register(() => stop.CancelAfter(GoodbyeLimit));
        try
        {
            await ServeAsync(socket, stream, engine, HttpPlayers.Of(http), removed.Refuses(stream, http.Connection.RemoteIpAddress), stop);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The viewer went away or is stuck, or the server stops: nothing to tell anybody but one who said goodbye.
            await AnswerAsync(socket);
        }

        return Results.Empty;
    }

    private static async Task ServeAsync(WebSocket socket, string stream, MediaEngine engine, HttpPlayer player, bool isRemoved, CancellationTokenSource stop)
    {
        var outcome = isRemoved ? MediaEngine.ViewerRemoved : StreamName.TryParse(stream, out var name)
            ? await engine.PlayMseAsync(name, player, stop.Token)
            : new Failure("stream-not-found", Blame.Caller, "No such stream", "Stream names hold letters, digits and ._- only");
        if (!outcome.Succeeded)
        {
            var failure = outcome.Failures[0];
            await SendAsync(socket, MseMessage.Error(failure), stop.Token);
            await socket.CloseOutputAsync(failure.Code == "stream-not-found" ? NotFound : Unable, failure.Code, stop.Token);
            return;
        }

        using var session = outcome.Value;
        // A close frame or a dead connection is only seen by reading; what a player says is not of interest.
        var listening = ListenAsync(socket, stop);
        while (await session.ReadAsync(stop.Token) is { } message) await SendAsync(socket, message, stop.Token);
        await socket.CloseOutputAsync(session.Removed is null ? WebSocketCloseStatus.NormalClosure : Unable, session.Removed?.Code ?? "stream-ended", stop.Token);
        await Task.WhenAny(listening, Task.Delay(2000, stop.Token));
    }

    private static async Task ListenAsync(WebSocket socket, CancellationTokenSource stop)
    {
        var buffer = new byte[256];
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
                if ((await socket.ReceiveAsync(buffer.AsMemory(), stop.Token)).MessageType == WebSocketMessageType.Close) break;
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // Gone without a goodbye; the sender below is stopped just the same.
        }

        if (socket.State != WebSocketState.Closed) await stop.CancelAsync();
    }

    private static async Task AnswerAsync(WebSocket socket)
    {
        using var limit = new CancellationTokenSource(GoodbyeLimit);
        try
        {
            if (socket.State == WebSocketState.CloseReceived) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            else socket.Abort();
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            socket.Abort();
        }
    }

    private static async Task SendAsync(WebSocket socket, MseMessage message, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(SendLimit);
        await socket.SendAsync(message.Data, message.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, limit.Token);
    }
}
