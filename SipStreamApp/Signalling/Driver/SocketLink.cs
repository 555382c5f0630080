using System.Net.WebSockets;
using System.Threading.Channels;
using SipStreamApp.Signalling.Session;

namespace SipStreamApp.Signalling.Driver;

/// <summary>One WebSocket of a session: frames wait in a bounded queue; a client that does not read is closed, and nobody waits for it.</summary>
internal sealed class SocketLink(WebSocket socket, CancellationToken shutdown) : IDisposable
{
    /// <summary>Frames that may wait for a slow client.</summary>
    public const int MaxWaiting = 256;

    private const int MaxReasonBytes = 120;

    // A socket that takes nothing for so long is not a client any more.
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(20);

    private readonly Channel<SessionOutput> _outgoing = Channel.CreateBounded<SessionOutput>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
    private volatile bool _over;

    /// <summary>Cancelled when the link is to end.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>Queues a frame or a close; false where this was one too many and the link ends.</summary>
    public bool Enqueue(SessionOutput output)
    {
        if (_over || _outgoing.Writer.TryWrite(output) || _outgoing.Reader.Count < MaxWaiting) return true;
        _over = true;
        _stop.Cancel();
        return false;
    }

    /// <summary>Ends it at once: its session has another one.</summary>
    public void Stop()
    {
        _over = true;
        _stop.Cancel();
    }

    /// <summary>Nothing comes after what is queued.</summary>
    public void Complete()
    {
        _over = true;
        _outgoing.Writer.TryComplete();
    }

    /// <summary>Nothing but what is queued is sent; the client hears the rest.</summary>
    public void CompleteWith(CloseSession close)
    {
        Enqueue(close);
        _outgoing.Writer.TryComplete();
    }

    /// <summary>Sends until <see cref="Complete"/> or the end of the socket.</summary>
    public async Task SendAllAsync()
    {
        var cancel = _stop.Token;
        try
        {
            await foreach (var output in _outgoing.Reader.ReadAllAsync(cancel))
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                limit.CancelAfter(SendLimit);
                if (output is SendFrame frame) await socket.SendAsync(frame.Frame, WebSocketMessageType.Text, true, limit.Token);
                else if (output is CloseSession close) await CloseAsync(close, limit.Token);
            }

            // The client said goodbye first.
            if (socket.State == WebSocketState.CloseReceived) await CloseAsync(new CloseSession(1000, ""), cancel);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            socket.Abort();
            await _stop.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    // The client's own close frame ends the reading; one that does not send it is not waited for.
    private async Task CloseAsync(CloseSession close, CancellationToken cancel)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync((WebSocketCloseStatus)close.Code, close.Reason[..Math.Min(close.Reason.Length, MaxReasonBytes)], cancel);
        _stop.CancelAfter(TimeSpan.FromSeconds(2));
    }
}
