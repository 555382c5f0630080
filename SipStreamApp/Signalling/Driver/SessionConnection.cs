using System.Net.WebSockets;
using SipStreamApp.Hosting;
using SipStreamApp.Security.People;
using SipStreamApp.Signalling.Session;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Driver;

/// <summary>
/// Owns a <see cref="ClientSession"/> and the WebSocket it has at the moment: feeds the machine under a lock and carries out what it wants. Where the
/// client asked for keepAlive the session outlives its socket and gets another.
/// </summary>
internal sealed partial class SessionConnection(ClientSession session, SessionWork work, ILogger logger)
{
    private readonly Lock _gate = new();
    private SocketLink? _link;

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

    /// <summary>Its rights are that caller's, and it ends with them.</summary>
    public void EndWith(Caller caller) => work.Hold(caller, () => Feed(s => s.Withdraw(work.Now)), () => Read(s => !s.IsOver));

    /// <summary>Serves a connection of the session until it ends. The first message is the one that was read already; on a kept session it takes over.</summary>
    public async Task RunAsync(WebSocket socket, ClientMessage first, FrameReader frames, CancellationToken shutdown)
    {
        using var link = new SocketLink(socket, shutdown);
        var sending = link.SendAllAsync();
        try
        {
            Attach(link, first);
            while (await NextAsync(link, frames) is { } message) Feed(s => s.Receive(message, work.Now));
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // Gone without a goodbye, closed by this side, or the server stops.
        }

        Detach(link);
        link.Complete();
        await sending;
        if (EndIfOver()) Log.Ended(logger, Id, Read(s => s.UnknownMessages));
    }

    /// <summary>Clears up after a session that is over and has no socket; true where it is.</summary>
    public bool EndIfOver()
    {
        lock (_gate) if (_link is not null || !session.IsOver) return false;
        work.GiveUpAll();
        return true;
    }

    /// <summary>Serves one of the session's media sockets until it ends.</summary>
    public Task ServeMediaAsync(WebSocket media, string feedId, CancellationToken shutdown) => work.ServeMediaAsync(media, feedId, this, shutdown);

    private void Attach(SocketLink link, ClientMessage first)
    {
        lock (_gate)
        {
            // A page that was loaded anew may be here before its old connection is seen to be gone.
            var isBack = session.IsKept;
            if (isBack && _link is { } old)
            {
                Feed(s => s.Disconnected(work.Now));
                old.Stop();
            }

            _link = link;
            if (isBack) Feed(s => s.Return(first.Body, work.Now));
            else Feed(s => s.Receive(first, work.Now));
        }
    }

    private void Detach(SocketLink link)
    {
        lock (_gate)
        {
            if (_link != link) return;
            Feed(s => s.Disconnected(work.Now));
            _link = null;
        }
    }

    private async Task<ClientMessage?> NextAsync(SocketLink link, FrameReader frames)
    {
        var frame = await frames.ReadAsync(link.Stopped);
        if (frame.Message is { } message) return message;
        if (frame.Problem is not { } problem) return null;
        Detach(link);
        link.CompleteWith(new CloseSession(frame.CloseCode, problem));
        return null;
    }

    private void Carry(SessionOutput output)
    {
        if (output is not (SendFrame or CloseSession)) work.Start(output, this);
        else if (_link?.Enqueue(output) == false) Log.TooSlow(logger, Id, SocketLink.MaxWaiting);
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ClientEnded, LogLevel.Debug, "Web SDK session {Session} ended; {Unknown} messages were of unknown names")]
        public static partial void Ended(ILogger logger, string session, int unknown);

        [LoggerMessage(EventIds.ClientTooSlow, LogLevel.Warning, "Web SDK session {Session} is closed: {Waiting} frames wait and its client does not read them")]
        public static partial void TooSlow(ILogger logger, string session, int waiting);
    }
}
