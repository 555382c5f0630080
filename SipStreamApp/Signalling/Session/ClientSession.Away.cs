using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

// Sessions whose client asked for keepAlive: they live on for a while without their connection. What had media ends with the page that had it; the
// registration stays, calls that come in ring, and the client comes back by the session's token.
internal sealed partial class ClientSession
{
    private Instant _awayUntil = Instant.Never;

    /// <summary>True while it has no connection and waits for its client to come back.</summary>
    public bool IsAway => _phase == Phase.Established && _awayUntil != Instant.Never;

    /// <summary>True where a client with its token may take it over.</summary>
    public bool IsKept => _phase == Phase.Established && _setup.KeepFor > TimeSpan.Zero && Rights.IsKnown && _connection.Flag("keepAlive");

    /// <summary>True once nothing will come of it any more.</summary>
    public bool IsOver => _phase == Phase.Closed;

    /// <summary>The client is back on another connection.</summary>
    public void Return(JsonObject connection, Instant now)
    {
        _now = now;
        if (!IsAway) return;
        (_awayUntil, _missedPongs, _pingAt) = (Instant.Never, 0, now + PingInterval);
        _connection["keepAlive"] = connection.Flag("keepAlive");
        Send(ServerMessage.Of("getUserData", UserData()));
        if (_registration == RegistrationNews.Registered) SendRegistered();
        foreach (var call in _calls.Values.Where(c => c.Offered is not null)) Announce(call);
    }

    /// <summary>Ends it where its client is away.</summary>
    public void GiveUpAway(Instant now)
    {
        _now = now;
        if (IsAway) End("the server stops");
    }

    private void Leave()
    {
        _awayUntil = _now + _setup.KeepFor;
        _snapshots = 0;
        foreach (var stream in _streams.Values.ToArray()) Finish(stream, stream.Published ? "UNPUBLISHED" : "STOPPED", StreamInfo.StoppedByDisconnect, tellClient: false);
        EndOutputs();
        foreach (var call in _calls.Values.Where(c => !c.Incoming || c.Answering || c.HangingUp).ToArray())
        {
            HangUp(call);
            EndCall(call, "FINISH", StreamInfo.StoppedByDisconnect, tellClient: false);
        }
    }

    // The offer must be with the client before the call is told of.
    private void Announce(ClientCall call)
    {
        Send(ServerMessage.Of("setRemoteSDP", call.Id.Value, call.Offered));
        var about = call.Event();
        about["custom"] = new JsonObject();
        Send(ServerMessage.Of("notifyIncomingCall", about));
        Send(ServerMessage.Of(CallInfo.MessageOf("RING"), call.Event()));
    }
}
