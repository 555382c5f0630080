using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Answering;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Saved accounts that answer: real phones call them by way of a real SIP server, and each call is a stream.</summary>
[Collection(PhoneCollection.Name)]
public class AnsweringAccountTests(PhoneLab lab) : PhoneTest(lab)
{
    private const string Me = "sip:10006@" + Kamailio.Domain;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private AccountStore Accounts => Lab.App.Services.GetRequiredService<AccountStore>();

    [Fact]
    public async Task CallIn_IsAnsweredAtOnce_AndPlaysUnderTheAccountsName()
    {
        await using (await OpenAsync(Registered with { Rule = new AnswerRule { Stream = "door-{login}" } }))
        {
            await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions());
            await phone.DialAsync(Me);
            await using (var viewer = await WhepViewer.StartAsync(Lab.Chromium, Lab.App.Url, await StreamAsync("door-10006")))
            {
                await viewer.UntilAsync(f => f is { FramesDecoded: > 10, Width: 640 }, Patience);
                await PageEars.AssertHearsBeepAsync(viewer, Patience);
                var call = Lab.App.Engine.Calls.Single(c => !c.IsEnded);
                Assert.Equal(("10005", "10006", true, CallStatus.Established), (call.Caller, call.Callee, call.Incoming, call.Status));

                // One call at a time has the name; the one that is up does not notice.
                await using var second = await Baresip.StartAsync(Lab.Server, new BaresipOptions { User = "10007", Video = false });
                await second.DialAsync(Me);
                await second.UntilSaysAsync("486", Patience);
                await phone.PressAsync("b");
                Assert.Equal("hung-up-there", await Lab.CauseOfEndAsync(call.Id.Value, "FINISH", Patience));
                await second.DialAsync(Me);
                await StreamAsync("door-10006");
                Assert.Equal("10007", Lab.App.Engine.Calls.Single(c => !c.IsEnded).Caller);
            }

            await Lab.ClearAsync();
        }

        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task CallIn_OfACallerWhoIsNotListed_Gets403_AndOthersHaveStreamsOfTheirOwn()
    {
        await using (await OpenAsync(Registered with { Rule = new AnswerRule { Stream = "{login}-{caller}", Callers = "10005,10008" } }))
        {
            await using var stranger = await Baresip.StartAsync(Lab.Server, new BaresipOptions { User = "10007", Video = false });
            await stranger.DialAsync(Me);
            await stranger.UntilSaysAsync("403", Patience);
            Assert.DoesNotContain(Lab.App.Engine.Calls, c => !c.IsEnded);

            await using var one = await Baresip.StartAsync(Lab.Server, new BaresipOptions());
            await using var other = await Baresip.StartAsync(Lab.Server, new BaresipOptions { User = "10008", Video = false, AudioCodecs = "opus" });
            await one.DialAsync(Me);
            await other.DialAsync(Me);
            await StreamAsync("10006-10005");
            await StreamAsync("10006-10008");
            await Lab.ClearAsync();
        }

        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Account_Changed_StandsAsItIsNow()
    {
        await using var account = await OpenAsync(Registered);
        Assert.True(await Lab.Server.HasRegisteredAsync("10006"));

        await account.SaveAsync(d => d.AnswersCalls = false);
        Assert.True(await Wait.UntilAsync(async () => !await Lab.Server.HasRegisteredAsync("10006"), Patience), "It is still registered");
        Assert.Empty(Stands);

        await account.SaveAsync(d => (d.AnswersCalls, d.Password) = (true, "wrong"));
        await Wait.ForAsync(() => Stands.Values.Any(s => s.Status == RegistrationStatus.AuthenticationFailed), Patience, Told);
        Assert.False(string.IsNullOrEmpty(Stands.Values.Single().Problem));

        await account.SaveAsync(d => d.Password = Kamailio.Password);
        await Wait.ForAsync(() => Stands.Values.Any(s => s.Status == RegistrationStatus.Registered), Patience, Told);
        await Accounts.DeleteAsync(account.Id, default);
        await Lab.AssertNothingLeftAsync();
        await Accounts.RestoreAsync(account.Id, default);
        Assert.True(await Wait.UntilAsync(async () => await Lab.Server.HasRegisteredAsync("10006"), Patience), "It did not come back");
    }

    [Fact]
    public async Task Trunk_WithoutRegistration_AnswersItsServer_WhoLeavesTheOfferToUs()
    {
        await using (await OpenAsync(Trunk))
        {
            await using var caller = await Sipp.StartAsync(SippScenarios.CallWithoutOffer, more: ["-m", "1", "-s", "trunk", $"127.0.0.1:{Lab.App.SipPort}"]);
            await StreamAsync("trunk");
            await Wait.ForAsync(() => Lab.App.Engine.Calls.Any(c => !c.IsEnded && c.Media.Any(m => m.PacketsReceived > 50)), Patience, () => "Nothing is heard:\n" + caller.Output);
            await Lab.ClearAsync();
            Assert.Equal(0, await caller.WaitForExitAsync(Patience));
        }

        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Program_StartedAgain_AnswersAgain()
    {
        using var folder = new TestFolder();
        await using (var before = await RunningApp.StartAsync("--Data:Directory", folder.Path))
            Assert.True((await before.Services.GetRequiredService<AccountStore>().SaveAsync(new AccountDraft { Login = "trunk", Domain = "127.0.0.1", AnswersCalls = true }, default)).Succeeded);

        await using var after = await RunningApp.StartAsync("--Data:Directory", folder.Path);
        await Wait.ForAsync(() => after.Services.GetRequiredService<AnsweringAccounts>().Stands.Values.Any(s => s.Status == RegistrationStatus.Listening), Patience, () => "It does not");
        await using var caller = await Sipp.StartAsync(SippScenarios.CallWithoutOffer, more: ["-m", "1", "-s", "trunk", $"127.0.0.1:{after.SipPort}"]);
        await Wait.ForAsync(() => after.Engine.Calls.Any(c => c is { Status: CallStatus.Established, StreamName.Value: "trunk" }), Patience, () => caller.Output);
    }

    [Theory]
    [InlineData("127.0.0.2", "403 ")]
    [InlineData("127.0.0.1", "200 ")]
    public async Task Stranger_WhoOnlyClaimsToBeOfTheDomain_Gets403(string from, string status)
    {
        await using (await OpenAsync(Trunk))
        {
            using var udp = new UdpClient(new IPEndPoint(IPAddress.Parse(from), 0));
            var mine = (IPEndPoint)udp.Client.LocalEndPoint!;
            var sdp = $"v=0\r\no=- 1 1 IN IP4 {from}\r\ns=-\r\nc=IN IP4 {from}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
            var invite =
                $"INVITE sip:trunk@127.0.0.1:{Lab.App.SipPort} SIP/2.0\r\nVia: SIP/2.0/UDP {mine};rport;branch=z9hG4bK{Guid.NewGuid():N}\r\nFrom: <sip:10005@127.0.0.1>;tag=1\r\n" +
                $"To: <sip:trunk@127.0.0.1>\r\nContact: <sip:10005@{mine}>\r\nCall-ID: {Guid.NewGuid():N}\r\nCSeq: 1 INVITE\r\nMax-Forwards: 10\r\nContent-Type: application/sdp\r\n" +
                $"Content-Length: {sdp.Length}\r\n\r\n{sdp}";
            await udp.SendAsync(Encoding.ASCII.GetBytes(invite), new IPEndPoint(IPAddress.Loopback, Lab.App.SipPort), default);
            using var limit = new CancellationTokenSource(Patience);
            string answer;
            do answer = Encoding.ASCII.GetString((await udp.ReceiveAsync(limit.Token)).Buffer);
            while (answer.StartsWith("SIP/2.0 1", StringComparison.Ordinal));
            Assert.StartsWith("SIP/2.0 " + status, answer, StringComparison.Ordinal);
            await Lab.ClearAsync();
        }
    }

    private AccountLine Registered => new(
        new AccountDraft
        {
            Login = "10006", Domain = Kamailio.Domain, AuthenticationName = "10006", Password = Kamailio.Password, OutboundProxy = "127.0.0.1", Port = Lab.Server.Port, RegisterRequired = true,
        },
        Accounts);

    private AccountLine Trunk => new(new AccountDraft { Login = "trunk", Domain = "127.0.0.1" }, Accounts);

    private System.Collections.Immutable.ImmutableDictionary<int, AccountStand> Stands => Lab.App.Services.GetRequiredService<AnsweringAccounts>().Stands;

    private string Told() => "The accounts stand: " + string.Join(", ", Stands.Values);

    private async Task<AccountLine> OpenAsync(AccountLine line)
    {
        await line.SaveAsync(d => (d.AnswersCalls, d.AnswerStream, d.AnswerCallers) = (true, line.Rule.Stream, line.Rule.Callers));
        await Wait.ForAsync(() => Stands.Values.Any(s => s.CanBeCalled), Patience, Told);
        return line;
    }

    // The stream of that name, once it is there.
    private async Task<string> StreamAsync(string name)
    {
        await Wait.ForAsync(() => Lab.App.Engine.Streams.Any(s => s.Name.Value == name), Patience, () => "There are " + string.Join(", ", Lab.App.Engine.Streams.Select(s => s.Name)));
        return name;
    }

    private sealed record AccountLine(AccountDraft Draft, AccountStore Accounts) : IAsyncDisposable
    {
        public AnswerRule Rule { get; init; } = new();

        public int Id => Draft.Id;

        public async Task SaveAsync(Action<AccountDraft> change)
        {
            change(Draft);
            var saved = await Accounts.SaveAsync(Draft, default);
            Assert.True(saved.Succeeded, string.Join(", ", saved.Failures));
            Draft.Id = saved.Value.Id;
        }

        public async ValueTask DisposeAsync() => await Accounts.DeleteAsync(Id, default);
    }
}
