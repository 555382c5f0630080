using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Registrations and calls over TLS to a real SIP server, which calls us back over the connection we made.</summary>
[Collection(PhoneCollection.Name)]
public sealed class SipTlsCallTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new();

    private string Trusted
    {
        get
        {
            File.WriteAllText(_folder.File("authority.pem"), _authority.Pem);
            return _folder.File("authority.pem");
        }
    }

    [Fact]
    public async Task Call_OverTls_IsSetUpAndEndedOverIt()
    {
        using var certificate = _authority.Issue("localhost");
        await using var server = await Kamailio.StartAsync(certificate: certificate);
        await using var app = await RunningApp.StartAsync("--Sip:TlsAuthorities", Trusted);
        await using var phone = await Baresip.StartAsync(server, new BaresipOptions());
        await StartAsync(app, server, "secure");
        await app.UntilStatusAsync("secure", "ESTABLISHED", Patience);
        await Wait.ForAsync(() => Find(app, "secure").Media.Sum(m => m.PacketsReceived) > 50, Patience, () => $"{Find(app, "secure")}");
        foreach (var method in (string[])["REGISTER", "INVITE", "ACK"]) Assert.Contains($"SEEN {method} by tls from 10006", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("by udp from 10006", server.Output, StringComparison.Ordinal);

        // The BYE of the other side has only that connection to come by.
        await phone.PressAsync("b");
        await Wait.ForAsync(() => Find(app, "secure").End?.Code == "hung-up-there", Patience, () => $"{Find(app, "secure")}");

        await StartAsync(app, server, "again");
        await app.UntilStatusAsync("again", "ESTABLISHED", Patience);
        await app.Engine.HangUpAsync(Find(app, "again").Id);
        await Wait.ForAsync(() => server.Output.Contains("SEEN BYE by tls from 10006", StringComparison.Ordinal), Patience, () => server.Output);
    }

    [Fact]
    public async Task Line_OverTls_IsCalled_AlsoAfterTheServerWasStartedAnew()
    {
        using var certificate = _authority.Issue("localhost");
        var server = await Kamailio.StartAsync(certificate: certificate);
        try
        {
            await using var app = await RunningApp.StartAsync("--Sip:TlsAuthorities", Trusted);
            var identity = PhoneLab.Identity(server) with { OutboundProxy = "localhost", Port = server.TlsPort, Transport = SipTransportChoice.Tls };
            await using var line = await IncomingLine.OpenAsync(app.Engine, identity);
            await CalledAsync(server, line, app);

            var (port, tlsPort) = (server.Port, server.TlsPort);
            await server.DisposeAsync();
            await line.UntilNewsAsync(RegistrationStatus.Registered, RegistrationStatus.Failed);
            server = await Kamailio.StartAsync(port, certificate: certificate, tlsPort: tlsPort);
            await line.UntilNewsAsync(RegistrationStatus.Registered, RegistrationStatus.Failed, RegistrationStatus.Registered);
            await CalledAsync(server, line, app);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("localhost", false, "does not come from an authority that is trusted here")]
    [InlineData("other.test", true, "its certificate is for other.test, not for localhost")]
    public async Task Call_ToAServerThatCannotBeTrusted_FailsBeforeAWordOfSip(string name, bool trusted, string why)
    {
        using var certificate = _authority.Issue(name);
        await using var server = await Kamailio.StartAsync(certificate: certificate);
        await using var app = await RunningApp.StartAsync(trusted ? ["--Sip:TlsAuthorities", Trusted] : []);
        await StartAsync(app, server, "distrust");
        await Wait.ForAsync(() => Find(app, "distrust").IsEnded, Patience, () => $"{Find(app, "distrust")}");
        var end = Find(app, "distrust").End!;
        Assert.Equal("tls-failed", end.Code);
        Assert.Contains(why, end.Title, StringComparison.Ordinal);
        Assert.DoesNotContain("by tls", server.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    private static CallSnapshot Find(RunningApp app, string id) => app.Engine.Calls.First(c => c.Id.Value == id);

    private static async Task StartAsync(RunningApp app, Kamailio server, string id)
    {
        using var answer = await app.PostAsync("/call/startup", new
        {
            callId = id, toStream = id, callee = "10005", sipLogin = "10006", sipAuthenticationName = "10006", sipPassword = Kamailio.Password, sipDomain = Kamailio.Domain,
            sipOutboundProxy = "localhost", sipPort = server.TlsPort, sipTransport = "tls", sipRegisterRequired = true,
        });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task CalledAsync(Kamailio server, IncomingLine line, RunningApp app)
    {
        await using var caller = await Baresip.StartAsync(server, new BaresipOptions { User = "10007", Video = false });
        await caller.DialAsync($"sip:10006@{Kamailio.Domain}");
        var call = await line.RingsAsync();
        Assert.Equal("10007", call.Caller);
        await app.Engine.HangUpAsync(call.Id);
        await caller.UntilSaysAsync("486", Patience);
    }
}
