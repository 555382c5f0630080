using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using SipStreamApp.Hooks;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Security.People;
using SipStreamApp.Signalling.Session;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Driver;

/// <summary>All Web SDK sessions of this node: one clock tick for all of them, one observer of the engine, and the view for REST and pages.</summary>
internal sealed partial class ClientSessions : BackgroundService, IClientSessions
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<string, SessionConnection> _sessions = new(StringComparer.Ordinal);
    private readonly Channel<Action> _facts = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly MediaIds _ids = new();
    private readonly MediaEngine _engine;
    private readonly NodeIdentity _node;
    private readonly EngineClock _clock;
    private readonly TimeProvider _time;
    private readonly SessionServices _services;
    private readonly ILogger<ClientSessions> _logger;
    private readonly int _most;
    private readonly TimeSpan _keepFor;

    public ClientSessions(MediaEngine engine, IAppHooks hooks, AppSettings settings, NodeIdentity node, ClientAccess access, TimeProvider time, ILogger<ClientSessions> logger)
    {
        (_engine, _node, _time, _logger) = (engine, node, time, logger);
        Places = new SessionPlaces(_most = settings.MaxClientSessions);
        _keepFor = settings.KeepClientsFor;
        _clock = new EngineClock(time);
        _services = new SessionServices(engine, hooks, _clock, r => Broadcast(r.Name, r.Type, r.Payload), fact => _facts.Writer.TryWrite(fact), access, logger);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ClientSessionInfo> All =>
        [.. _sessions.Values.Select(c => c.Read(s => s.IsEstablished ? s.Describe() : null)).OfType<ClientSessionInfo>().OrderBy(s => s.ConnectedAt)];

    /// <inheritdoc/>
    public bool Terminate(string sessionId)
    {
        if (!_sessions.TryGetValue(sessionId, out var connection)) return false;
        connection.Feed(s => s.Terminate("terminated", _clock.Now));
        return true;
    }

    /// <inheritdoc/>
    public bool StopStream(string mediaSessionId, string info)
    {
        if (_ids.OwnerOf(mediaSessionId) is not { } owner || !_sessions.TryGetValue(owner, out var connection)) return false;
        var stopped = false;
        connection.Feed(s => stopped = s.StopStream(mediaSessionId, info, _clock.Now));
        return stopped;
    }

    /// <inheritdoc/>
    public bool SendData(string sessionId, string operationId, JsonNode? payload)
    {
        if (!_sessions.TryGetValue(sessionId, out var connection) || !connection.Read(s => s.IsEstablished)) return false;
        connection.Feed(s => s.SendData(operationId, payload, _clock.Now));
        return true;
    }

    /// <inheritdoc/>
    public bool OwnsCall(CallId callId) => _sessions.Values.Any(c => c.Read(s => s.Owns(callId)));

    /// <inheritdoc/>
    public int SendStreamEvent(StreamName stream, JsonNode? payload) => Broadcast(stream, "data", payload);

    /// <summary>Places for connections, media sockets among them.</summary>
    public SessionPlaces Places { get; }

    /// <summary>Serves a WebSocket until it ends.</summary>
    public async Task ServeAsync(WebSocket socket, ClientPlace place, CancellationToken shutdown)
    {
        using var frames = new FrameReader(socket);
        using var hello = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        hello.CancelAfter(ClientSession.HelloLimit);
        Frame first;
        try
        {
            first = await frames.ReadAsync(hello.Token);
        }
        catch (OperationCanceledException) when (!shutdown.IsCancellationRequested)
        {
            first = new Frame(null, "no connection message came", 1008);
        }

        if (first.Problem is { } problem)
        {
            await socket.CloseOutputAsync((WebSocketCloseStatus)first.CloseCode, problem, shutdown);
            return;
        }

        if (first.Message is not { } message) return;
        if (message.Name == "connectMediaTransport")
        {
            await ServeMediaAsync(socket, message.Body.Text("authToken"), place, shutdown);
            return;
        }

        var connection = Kept(message) ?? Open(place);
        if (connection.Read(s => s.IsKept)) place.Known();
        try
        {
            await connection.RunAsync(socket, message, frames, shutdown);
        }
        finally
        {
            // A kept one costs memory and a registration: there are no more of them than of others.
            if (_sessions.Count > _most) connection.Feed(s => s.Terminate("too many sessions", _clock.Now));
            if (connection.EndIfOver()) _sessions.TryRemove(connection.Id, out _);
        }
    }

    // By the token the client was given with getUserData, of 128 random bits.
    private SessionConnection? Kept(ClientMessage message) =>
        message.Name == "connection" && message.Body.Filled("authToken") is { } token ? _sessions.Values.FirstOrDefault(c => c.AuthToken == token && c.Read(s => s.IsKept)) : null;

    private SessionConnection Open(ClientPlace place)
    {
        var setup = new SessionSetup(Random(), Random(), _node.Id, place.Remote, _clock.Now, _time.GetUtcNow(), _ids) { Rights = new ClientRights(place.Caller), KeepFor = _keepFor };
        var connection = new SessionConnection(new ClientSession(setup), new SessionWork(_services, place), _logger);
        _sessions[connection.Id] = connection;
        connection.EndWith(place.Caller);
        return connection;
    }

    // A media socket says whose it is and nothing else. The token is the session's own, of 128 random bits.
    private async Task ServeMediaAsync(WebSocket socket, string? token, ClientPlace place, CancellationToken shutdown)
    {
        var session = _sessions.Values.FirstOrDefault(c => c.AuthToken == token);
        string? feed = null;
        session?.Feed(s => feed = s.TakeMediaSocket(_clock.Now));
        if (session is null || feed is null)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "no stream waits for this socket", shutdown);
            return;
        }

        place.Known();
        await session.ServeMediaAsync(socket, feed, shutdown);
        using var goodbye = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", goodbye.Token);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var observing = _engine.Observe(e => _facts.Writer.TryWrite(() => Dispatch(e)));
        try
        {
            await Task.WhenAll(TickAsync(stoppingToken), DispatchAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The program stops; each connection sees that for itself, and who is away is not waited for.
            foreach (var connection in _sessions.Values) connection.Feed(s => s.GiveUpAway(_clock.Now));
        }
    }

    private async Task TickAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TickInterval, _time);
        while (await timer.WaitForNextTickAsync(cancel))
        {
            foreach (var connection in _sessions.Values)
            {
                connection.Feed(s => s.Tick(_clock.Now));
                if (connection.EndIfOver()) _sessions.TryRemove(connection.Id, out _);
            }
        }
    }

    private async Task DispatchAsync(CancellationToken cancel)
    {
        await foreach (var tell in _facts.Reader.ReadAllAsync(cancel)) tell();
    }

    private void Dispatch(EngineEvent fact)
    {
        if (fact is not IncomingCall incoming)
        {
            foreach (var connection in _sessions.Values) EngineFacts.Tell(fact, connection, _engine, _clock);
            return;
        }

        // As with phones that share a login here: the one that came last rings.
        var called = _sessions.Values.Where(c => c.Read(s => s.TakesCallsFor(incoming.Call.Callee, incoming.Call.Domain))).MaxBy(c => c.Read(s => s.EstablishedAt));
        called?.Feed(s => s.CallComesIn(incoming.Call, _clock.Now));
    }

    private int Broadcast(StreamName stream, string type, JsonNode? payload)
    {
        var told = 0;
        foreach (var connection in _sessions.Values) connection.Feed(s => told += s.StreamEvent(stream, type, payload, _clock.Now) ? 1 : 0);
        return told;
    }

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

/// <summary>Both ends of a client's connection.</summary>
/// <param name="LocalAddress">Address of this machine that it came in on: an ICE candidate it can surely reach.</param>
/// <param name="Remote">Where it comes from, <c>address:port</c>.</param>
/// <param name="Caller">Who it is, as the upgrade said.</param>
/// <param name="Known">To be called once it is known that somebody with rights is there.</param>
internal sealed record ClientPlace(IPAddress? LocalAddress, string Remote, Caller Caller, Action Known);
