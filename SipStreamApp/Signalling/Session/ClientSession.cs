using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using SipStreamApp.Hooks;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

/// <summary>
/// One Web SDK session as a pure machine: messages of the client, outcomes and events of the engine and time go in, frames and commands come
/// out (<see cref="TryTake"/>). Not thread-safe: its driver feeds it under a lock. Nothing in it waits; a hook or the engine is asked under a
/// ticket and the session goes on meanwhile.
/// </summary>
internal sealed partial class ClientSession
{
    /// <summary>How often a client is asked whether it lives.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    /// <summary>Pings in a row without an answer after which a session is closed.</summary>
    public const int MaxMissedPongs = 10;

    /// <summary>A connection that does not introduce itself within this time is closed.</summary>
    public static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(10);

    /// <summary>Streams, and calls, one session may have at once.</summary>
    public const int MaxStreams = 200;

    // Hooks may take 15 s each; a client that asks faster than they answer is not served without bound.
    private const int MaxAsked = 100;

    private const int PolicyViolation = 1008;

    private readonly SessionSetup _setup;
    private readonly Queue<SessionOutput> _outputs = new();
    private readonly Dictionary<int, Action<HookReply>> _asked = [];
    private readonly Dictionary<string, ClientStream> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<string> _endedEarly = [];
    private Instant _now;
    private Instant _pingAt;
    private int _missedPongs;
    private int _lastTicket;
    private JsonObject _connection = [];
    private Phase _phase = Phase.Waiting;
    private int _checking;

    public ClientSession(SessionSetup setup)
    {
        _setup = setup;
        Rights = setup.Rights;
        _now = setup.Started;
        _pingAt = setup.Started + PingInterval;
    }

    private enum Phase
    {
        Waiting,
        Connecting,
        Established,
        Closed,
    }

    /// <summary>Names the session.</summary>
    public string Id => _setup.SessionId;

    /// <summary>Key of its media sockets.</summary>
    public string AuthToken => _setup.AuthToken;

    /// <summary>Application it belongs to.</summary>
    public string AppKey { get; private set; } = "defaultApp";

    /// <summary>What its client may do.</summary>
    public ClientRights Rights { get; private set; }

    /// <summary>True from getUserData on until the end.</summary>
    public bool IsEstablished => _phase == Phase.Established;

    /// <summary>Messages of names that mean nothing here; ignored.</summary>
    public int UnknownMessages { get; private set; }

    /// <summary>When it became ESTABLISHED.</summary>
    public DateTimeOffset EstablishedAt { get; private set; }

    /// <summary>The next thing to do; false where there is none. To be drained after every input.</summary>
    public bool TryTake([NotNullWhen(true)] out SessionOutput? output) => _outputs.TryDequeue(out output);

    /// <summary>The session at this moment, for REST and pages.</summary>
    public ClientSessionInfo Describe()
    {
        var connection = (JsonObject)_connection.DeepClone();
        foreach (var secret in (ReadOnlySpan<string>)["sipPassword", "authToken"]) connection.Remove(secret);
        (connection["custom"] as JsonObject)?.Remove("token");
        return new ClientSessionInfo(Id, AppKey, _setup.RemoteAddress, _connection.Filled("sipLogin"), EstablishedAt, connection,
            [.. _streams.Values.Select(s => new ClientStreamInfo(s.Id, s.StreamName, s.Published, s.Status, s.Provider, s.Created) { ViewerId = s.BrowserId })]);
    }

    /// <summary>A message of the client.</summary>
    public void Receive(ClientMessage message, Instant now)
    {
        _now = now;
        if (_phase == Phase.Closed) return;
        // Any sign of life will do.
        _missedPongs = 0;
        if (message.Name == "ping") Send(ServerMessage.Pong);
        else if (message.Name == "connection") Connect(message.Body);
        else if (message.Name != "pong") Dispatch(message);
    }

    /// <summary>What a backend said to <see cref="AskHook"/>.</summary>
    public void HookAnswered(int ticket, HookReply reply, Instant now)
    {
        _now = now;
        if (_asked.Remove(ticket, out var go) && _phase != Phase.Closed) go(reply);
    }

    /// <summary>Time has passed; once or twice a second is enough.</summary>
    public void Tick(Instant now)
    {
        _now = now;
        if (_phase == Phase.Closed) return;
        if (_phase == Phase.Waiting && now - _setup.Started >= HelloLimit)
        {
            Close(PolicyViolation, "no connection message came");
            return;
        }

        foreach (var stream in _streams.Values.Where(s => s.RetryAt <= now || s.EndAt <= now).ToArray())
        {
            if (stream.EndAt <= now) Finish(stream, FinalStatus(stream), StreamInfo.StoppedByPublisher);
            else AskEngine(stream);
        }

        TickMediaSockets();
        TickCalls();
        if (now >= _awayUntil) End("the client did not come back");
        if (now < _pingAt || IsAway || IsOver) return;
        _pingAt = now + PingInterval;
        if (_missedPongs++ >= MaxMissedPongs) Close(PolicyViolation, "no answer to pings");
        else Send(ServerMessage.Ping);
    }

    /// <summary>The connection is gone.</summary>
    public void Disconnected(Instant now)
    {
        _now = now;
        if (IsKept) Leave();
        else End("");
    }

    /// <summary>Ends the session from this side; the client sees DISCONNECTED.</summary>
    public void Terminate(string reason, Instant now)
    {
        _now = now;
        if (_phase != Phase.Closed) Close(1000, reason);
    }

    /// <summary>The key or user it came by is good no more: its streams fail, and it ends like one that is not let in.</summary>
    public void Withdraw(Instant now)
    {
        _now = now;
        if (_phase == Phase.Closed) return;
        foreach (var stream in _streams.Values.ToArray()) Finish(stream, "FAILED", StreamInfo.Restricted);
        SendRefusal();
        Close(PolicyViolation, "the right it came by has ended");
    }

    private void SendRefusal() => Send(ServerMessage.Of("fail", new JsonObject
    {
        ["apiMethod"] = "ConnectionStatusEvent", ["id"] = Id, ["status"] = "FAILED", ["info"] = StreamInfo.Restricted,
    }));

    private void Connect(JsonObject body)
    {
        if (_phase != Phase.Waiting) return;
        _phase = Phase.Connecting;
        AppKey = body.Filled("appKey") ?? AppKey;
        _connection = body;
        string[] tokens = [.. new[] { body.Filled("authToken"), (body["custom"] as JsonObject)?.Filled("token") }.OfType<string>().Distinct()];
        if (Rights.MayControl || tokens.Length == 0) Enter(body);
        else _outputs.Enqueue(new CheckTokens(_checking = ++_lastTicket, tokens));
    }

    /// <summary>Outcome of <see cref="CheckTokens"/>.</summary>
    public void TokensChecked(int ticket, ClientRights rights, Instant now)
    {
        _now = now;
        if (_phase != Phase.Connecting || ticket != _checking) return;
        Rights = rights;
        Enter(_connection);
    }

    private void Enter(JsonObject body)
    {
        Ask("connect", AddFields(Payload(), body), reply =>
        {
            if (!reply.Allowed)
            {
                TellConnection("FAILED", StreamInfo.Restricted);
                SendRefusal();
                Close(PolicyViolation, "refused by the application");
                return;
            }

            TakeOver(reply.Payload);
            _phase = Phase.Established;
            EstablishedAt = Wall();
            Send(ServerMessage.Of("getUserData", UserData()));
            TellConnection("ESTABLISHED");
            StartPhone();
        });
    }

    // What the backend may overwrite has been decided by then; its own base fields and ours stay.
    private void TakeOver(JsonObject payload)
    {
        foreach (var (name, value) in payload)
            if (name is not ("nodeId" or "appKey" or "sessionId" or "restClientConfig")) _connection[name] = value?.DeepClone();
    }

    private JsonObject UserData()
    {
        var data = new JsonObject { ["authToken"] = AuthToken, ["appKey"] = AppKey, ["sessionId"] = Id };
        if (_connection.Filled("sipLogin") is { } login) data["sipLogin"] = login;
        data["status"] = "ESTABLISHED";
        if (_connection["custom"] is { } custom) data["custom"] = custom.DeepClone();
        return data;
    }

    private void Dispatch(ClientMessage message)
    {
        if (DispatchStream(message) || DispatchCall(message) || DispatchData(message)) return;
        UnknownMessages++;
    }

    private void Ask(string hook, JsonObject payload, Action<HookReply> then)
    {
        if (_asked.Count >= MaxAsked)
        {
            Close(PolicyViolation, "too many requests at once");
            return;
        }

        var ticket = ++_lastTicket;
        _asked.Add(ticket, then);
        _outputs.Enqueue(new AskHook(ticket, hook, payload));
    }

    private void Tell(string hook, JsonObject payload) => _outputs.Enqueue(new TellHook(hook, payload));

    private void TellConnection(string status, string? info = null)
    {
        var payload = Payload();
        if (status == "ESTABLISHED") AddFields(payload, Describe().Connection);
        payload["status"] = status;
        if (info is not null) payload["info"] = info;
        Tell("ConnectionStatusEvent", payload);
    }

    private JsonObject Payload() => new() { ["nodeId"] = _setup.NodeId, ["appKey"] = AppKey, ["sessionId"] = Id };

    private static JsonObject AddFields(JsonObject payload, JsonObject fields)
    {
        foreach (var (name, value) in fields) if (!payload.ContainsKey(name)) payload[name] = value?.DeepClone();
        return payload;
    }

    private void Send(byte[] frame)
    {
        if (!IsAway) _outputs.Enqueue(new SendFrame(frame));
    }

    private DateTimeOffset Wall() => _setup.StartedUtc + (_now - _setup.Started);

    private void Close(int code, string reason)
    {
        End(reason);
        _outputs.Enqueue(new CloseSession(code, reason));
    }

    private void End(string reason)
    {
        if (_phase == Phase.Closed) return;
        var was = _phase;
        _awayUntil = Instant.Never;
        _asked.Clear();
        foreach (var stream in _streams.Values.ToArray()) Finish(stream, stream.Published ? "UNPUBLISHED" : "STOPPED", StreamInfo.StoppedByDisconnect, tellClient: false);
        EndOutputs();
        EndPhone();
        _phase = Phase.Closed;
        if (was == Phase.Established) TellConnection("DISCONNECTED", reason.Length > 0 ? reason : null);
    }
}
