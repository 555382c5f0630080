using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The SIP server dies and is started again, with nothing it knew: neither registrations nor nonces.</summary>
[Collection(PhoneCollection.Name)]
public class ServerRestartTests(PhoneLab lab) : PhoneTest(lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Restart_RegistrationsComeBack_AndTheCallGoesOn()
    {
        // Refreshed after 2 s.
        var server = await Kamailio.StartAsync(maxExpires: 4);
        try
        {
            await using var phone = await Baresip.StartAsync(server, new BaresipOptions { AudioCodecs = "pcma" });
            await using var line = await IncomingLine.OpenAsync(Lab.App.Engine, server);
            var id = PhoneLab.NewId("restart");
            var request = Lab.SeedCall(id);
            request["sipPort"] = $"{server.Port}";
            await Lab.StartCallAsync(request);
            await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);

            var port = server.Port;
            await server.DisposeAsync();
            await line.UntilNewsAsync(RegistrationStatus.Registered, RegistrationStatus.Failed);
            await FlowsAsync(id);
            server = await Kamailio.StartAsync(port);
            await line.UntilNewsAsync(RegistrationStatus.Registered, RegistrationStatus.Failed, RegistrationStatus.Registered);
            Assert.True(await server.HasRegisteredAsync("10006"), server.Output);
            Assert.Contains("authenticated 10006", server.Output, StringComparison.Ordinal);
            await FlowsAsync(id);

            // It is called as before, and the call that was up ends by way of the new server.
            await using var caller = await Baresip.StartAsync(server, new BaresipOptions { User = "10007", Video = false });
            await caller.DialAsync($"sip:10006@{Kamailio.Domain}");
            var call = await line.RingsAsync();
            Assert.Equal("10007", call.Caller);
            await Lab.App.Engine.HangUpAsync(call.Id);
            await Lab.EndCallAsync(id);
            await phone.UntilSaysAsync("session closed", Patience);
        }
        finally
        {
            await server.DisposeAsync();
        }

        await Lab.AssertNothingLeftAsync();
    }

    private async Task FlowsAsync(string id)
    {
        var before = Lab.Packets(id);
        await Wait.ForAsync(() => Lab.Packets(id) > before + 50, Patience, () => "The call fell silent");
    }
}
