using System.Net.WebSockets;
using System.Threading.Channels;
using SipStreamApp.Hosting;
using SipStreamApp.Signalling.Session;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Driver;

/// <summary>
/// Owns one WebSocket and its <see cref="ClientSession"/>: feeds the machine under a lock and carries out what it wants. Frames wait in a
/// bounded queue; a client that does not read is closed, and nobody waits for it.
/// </summary>
internal sealed partial class SessionConnection(WebSocket socket, ClientSession session, SessionWork work, ILogger logger) : IDisposable
{
    /// <summary>Frames that may wait for a slow client.</summary>
    public const int MaxWaiting = 256;

    private const int MaxReasonBytes = 120;

    // A socket that takes nothing for so long is not a client any more.
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly Channel<SessionOutput> _outgoing = Channel.CreateBounded<SessionOutput>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private bool _over;

    /// <summary>Names the session.</summary>
    public string Id => session.Id;

    /// <summary>Key of its media sockets.</summary>
    public string AuthToken => session.AuthToken;

    /// <summary>Reads under the lock.</summary>
    public T Read<T>(Func<ClientSession, T> read)
    {
        lock (_gate) return read(session);
    }

    /// <summary>Feeds the machine and carries out what it wants. Any thread; never waits.</summary>
    public void Feed(Action<ClientSession> input)
    {
        lock (_gate)
        {
            input(session);
            while (session.TryTake(out var output)) Carry(output);
        }
    }

    /// <summary>Serves the connection until it ends. The first message is the one that was read already.</summary>
    public async Task RunAsync(ClientMessage first, FrameReader frames, CancellationToken shutdown)
    {
        using var link = CancellationTokenSource.CreateLinkedTokenSource(shutdown, _stop.Token);
        var sending = SendAllAsync(link.Token);
        try
        {
            for (ClientMessage? message = first; message is not null;)
            {
                var received = message;
                Feed(s => s.Receive(received, work.Now));
                message = await NextAsync(frames, link.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // Gone without a goodbye, closed by this side, or the server stops.
        }

        Feed(s => s.Disconnected(work.Now));
        lock (_gate) _over = true;
        work.GiveUpAll();
        _outgoing.Writer.TryComplete();
        await sending;
        Log.Ended(logger, Id, Read(s => s.UnknownMessages));
    }

    /// <summary>Serves one of the session's media sockets until it ends.</summary>
    public Task ServeMediaAsync(WebSocket media, string feedId, CancellationToken shutdown) => work.ServeMediaAsync(media, feedId, this, shutdown);

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task<ClientMessage?> NextAsync(FrameReader frames, CancellationToken cancel)
    {
        var frame = await frames.ReadAsync(cancel);
        if (frame.Message is { } message) return message;
        if (frame.Problem is not { } problem) return null;
        Feed(s => s.Disconnected(work.Now));
        Enqueue(new CloseSession(frame.CloseCode, problem));
        _outgoing.Writer.TryComplete();
        return null;
    }

    private void Carry(SessionOutput output)
    {
        if (output is SendFrame or CloseSession) Enqueue(output);
        else work.Start(output, this);
    }

    private void Enqueue(SessionOutput output)
    {
        if (_over || _outgoing.Writer.TryWrite(output) || _outgoing.Reader.Count < MaxWaiting) return;
        _over = true;
        Log.TooSlow(logger, Id, MaxWaiting);
        _stop.Cancel();
    }

    private async Task SendAllAsync(CancellationToken cancel)
    {
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

    // The client's own close frame ends the reading; one that does not send it is not waited for.
    private async Task CloseAsync(CloseSession close, CancellationToken cancel)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync((WebSocketCloseStatus)close.Code, close.Reason[..Math.Min(close.Reason.Length, MaxReasonBytes)], cancel);
        _stop.CancelAfter(TimeSpan.FromSeconds(2));
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ClientEnded, LogLevel.Debug, "Web SDK session {Session} ended; {Unknown} messages were of unknown names")]
        public static partial void Ended(ILogger logger, string session, int unknown);

        [LoggerMessage(EventIds.ClientTooSlow, LogLevel.Warning, "Web SDK session {Session} is closed: {Waiting} frames wait and its client does not read them")]
        public static partial void TooSlow(ILogger logger, string session, int waiting);
    }
}
