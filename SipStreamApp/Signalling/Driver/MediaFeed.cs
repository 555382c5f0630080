using System.Net.WebSockets;
using SipStreamApp.Media.SdkMse;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Signalling.Driver;

/// <summary>Packets of one stream for an MSE player, from the answer until its media socket is gone. Belongs to a session, not to a socket.</summary>
internal sealed class MediaFeed(SdkMseSession source)
{
    // A socket that takes nothing for so long is not a player any more.
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private State _state;
    private Action? _cancel;

    private enum State
    {
        Waiting,
        Served,
        Closed,
    }

    /// <summary>Ends it; the socket, if there is one, closes. Any thread.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_state == State.Waiting) source.Dispose();
            _state = State.Closed;
            _cancel?.Invoke();
        }
    }

    /// <summary>Sends until the stream ends, the client closes the socket or does not read it any more, or <see cref="Close"/>.</summary>
    /// <param name="socket">The media socket.</param>
    /// <param name="begun">Called once, when the first packets were taken.</param>
    /// <param name="shutdown">The server stops.</param>
    /// <returns>Why the stream ended; null where it was the socket.</returns>
    public async Task<StreamEndReason?> ServeAsync(WebSocket socket, Action begun, CancellationToken shutdown)
    {
        using var link = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        lock (_gate)
        {
            if (_state != State.Waiting) return null;
            (_state, _cancel) = (State.Served, () => _ = link.CancelAsync());
        }

        var reading = WatchForCloseAsync(socket, link);
        try
        {
            while (await source.ReadAsync(link.Token) is { } message)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(link.Token);
                limit.CancelAfter(SendLimit);
                await socket.SendAsync(message, WebSocketMessageType.Binary, true, limit.Token);
                begun();
                begun = static () => { };
            }

            return source.EndReason;
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            return null;
        }
        finally
        {
            lock (_gate) (_state, _cancel) = (State.Closed, null);
            await link.CancelAsync();
            await reading;
            source.Dispose();
        }
    }

    // Clients answer pings here and say nothing else; what matters is their goodbye.
    private static async Task WatchForCloseAsync(WebSocket socket, CancellationTokenSource link)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), link.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // Gone without a goodbye, or not wanted any more.
        }

        await link.CancelAsync();
    }
}
