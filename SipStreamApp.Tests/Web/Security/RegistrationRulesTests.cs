using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Tests.Web.Signalling;
using Xunit;

namespace SipStreamApp.Tests.Web.Security;

/// <summary>A server that may not be called is not registered at either, whoever asks: nothing is sent to it.</summary>
public sealed class RegistrationRulesTests
{
    private const string Cause = "Calls:AllowedDomains lets no registration go to \"127.0.0.1\"";

    [Fact]
    public async Task Registrations_ToOtherServersThanAllowed_AreRefusedWithTheKeyThatSaysSo_AndNothingIsSent()
    {
        using var registrar = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)registrar.Client.LocalEndPoint!).Port;
        await using var app = await RunningApp.StartAsync(["--Calls:AllowedDomains", "sip.example.org"]);
        var engine = app.Get<MediaEngine>();

        // A test of an account: the server, and the proxy in front of it.
        var direct = await engine.TestAccountAsync(new SipIdentity("me", "127.0.0.1") { Port = port, Password = "secret", RegisterRequired = true }, default);
        Assert.Equal((false, "domain-not-allowed", Cause), (direct.Succeeded, direct.End.Code, direct.End.Title));
        var byProxy = await engine.TestAccountAsync(new SipIdentity("me", "sip.example.org") { OutboundProxy = "127.0.0.1", Port = port, RegisterRequired = true }, default);
        Assert.Equal(Cause, byProxy.End.Title);

        // The Web SDK: the session stands, and the client is told why it is not registered.
        using var socket = await SdkSocket.ConnectAsync(app, "/");
        await SdkSocket.HelloAsync(socket, $$"""{"appKey":"defaultApp","sipLogin":"me","sipDomain":"127.0.0.1","sipPort":{{port}},"sipPassword":"secret","sipRegisterRequired":true}""");
        var warning = (await SdkSocket.ReadAsync(socket))!["data"]![0]!;
        Assert.Equal(("RegistrationStatusEvent", "UNREGISTERED", Cause), ((string?)warning["apiMethod"], (string?)warning["status"], (string?)warning["info"]));

        // A call to an allowed callee that would register elsewhere first.
        using var call = await app.Http.PostAsJsonAsync(
            "/rest-api/call/startup", new { callId = "c", callee = "you@sip.example.org", toStream = "c", sipLogin = "me", sipDomain = "127.0.0.1", sipPort = port, sipRegisterRequired = true });
        Assert.Equal(HttpStatusCode.Forbidden, call.StatusCode);
        Assert.Contains("Calls:AllowedDomains", await call.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // A saved account stays and says why it does not register.
        var saved = await app.Get<AccountStore>().SaveAsync(new AccountDraft { Name = "old", Login = "me", Domain = "127.0.0.1", Port = port, RegisterRequired = true }, default);
        Assert.True(saved.Succeeded);
        using var health = await app.Http.PostAsync("/rest-api/v2/health", null);
        Assert.Contains("old: " + Cause, JsonDocument.Parse(await health.Content.ReadAsStringAsync()).RootElement.ToString().Replace("\\u0022", "\"", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(0, registrar.Available);
    }
}
