using System.Text.Json.Nodes;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Wire;

namespace SipStreamApp.Signalling.Session;

// The SIP identity of the session.
internal sealed partial class ClientSession
{
    private bool _keepsRegistered;
    private RegistrationNews? _registration;

    /// <summary>True where calls for this identity are for this session.</summary>
    public bool TakesCallsFor(string login, string domain) =>
        _keepsRegistered && SipOptionsReader.Read(_connection) is { } identity && identity.Login == login
        && identity.Domain.Equals(domain, StringComparison.OrdinalIgnoreCase);

    /// <summary>News of <see cref="KeepRegistered"/>.</summary>
    /// <param name="news">Where it stands.</param>
    /// <param name="cause">What went wrong, in plain words; empty where nothing did.</param>
    /// <param name="now">Now.</param>
    public void RegistrationChanged(RegistrationNews news, string cause, Instant now)
    {
        _now = now;
        if (_phase != Phase.Established || _registration == news) return;
        _registration = news;
        var status = news switch
        {
            RegistrationNews.Registered => "REGISTERED",
            RegistrationNews.WrongPassword => "AUTHENTICATION_FAIL",
            _ => "UNREGISTERED",
        };
        TellRegistration(status, cause);
        if (news == RegistrationNews.Registered)
        {
            SendRegistered();
            return;
        }

        // The protocol has no word for it; what the SDK shows of this is a warning.
        Send(ServerMessage.Of("fail", new JsonObject { ["apiMethod"] = "RegistrationStatusEvent", ["id"] = Id, ["status"] = status, ["info"] = cause }));
        if (news == RegistrationNews.WrongPassword) Close(PolicyViolation, "SIP registration failed: wrong password");
    }

    private void SendRegistered() => Send(ServerMessage.Of("registered", new JsonObject { ["sipLogin"] = _connection.Filled("sipLogin"), ["status"] = "REGISTERED" }));

    private void StartPhone()
    {
        if (SipOptionsReader.Read(_connection) is not { RegisterRequired: true } identity) return;
        if (!Rights.MayControl)
        {
            RegistrationChanged(RegistrationNews.Failed, StreamInfo.Restricted, _now);
            return;
        }

        _keepsRegistered = true;
        _outputs.Enqueue(new KeepRegistered(identity));
    }

    private void EndPhone()
    {
        foreach (var call in _calls.Values.ToArray())
        {
            HangUp(call);
            EndCall(call, "FINISH", StreamInfo.StoppedByDisconnect, tellClient: false);
        }

        if (!_keepsRegistered) return;
        _keepsRegistered = false;
        _outputs.Enqueue(new GiveUpRegistration());
        if (_registration == RegistrationNews.Registered) TellRegistration("UNREGISTERED", "");
    }

    private void TellRegistration(string status, string cause)
    {
        var payload = Payload();
        payload["sipLogin"] = _connection.Filled("sipLogin");
        payload["status"] = status;
        if (cause.Length > 0) payload["info"] = cause;
        Tell("RegistrationStatusEvent", payload);
    }
}
