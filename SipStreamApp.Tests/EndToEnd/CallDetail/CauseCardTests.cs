using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>
/// Each way a call can fail, from what is on the wire to the card on its page, right after the end and of the history. That a server swallows everything
/// takes half a minute: <see cref="SilentServerTests"/>.
/// </summary>
public class CauseCardTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // What a server or phone answers: number called, code, title, advice. The number begins with the status.
    private static readonly (string Number, string Code, string Title, string Advice)[] Refusals =
    [
        ("301", "moved", "The number has moved", "Call the new address given below."),
        ("302", "moved", "The number has moved", "Call the new address given below."),
        ("400", "refused", "The request was refused", "The raw answer is below."),
        ("401", "wrong-password", "Login or password refused", "authentication name"),
        ("403", "forbidden", "The server forbids this", "not registered"),
        ("404", "no-such-number", "The number does not exist", "Check the callee and the domain."),
        ("405", "not-supported", "The server does not support this request", "header Allow"),
        ("407", "wrong-password", "Login or password refused", "Check the password"),
        ("408", "not-reachable", "The other side could not be reached", "The phone may be offline"),
        ("410", "moved", "The number has moved", "Call the new address given below."),
        ("415", "no-common-codec", "No common sound or picture format", "Try sound only"),
        ("420", "extension-required", "A SIP extension is missing on one side", "Unsupported or Require"),
        ("421", "extension-required", "A SIP extension is missing on one side", "Unsupported or Require"),
        ("423", "interval-too-short", "The registration interval is too short for the server", "Sip:RegistrationExpirySeconds"),
        ("480", "not-available", "The callee is not available now", "do not disturb"),
        ("480-Q1", "no-such-number", "The number does not exist", "Check the callee and the domain."),
        ("481", "gone", "The call no longer exists at the other side", "It ended there"),
        ("484", "incomplete-number", "The number is incomplete", "Check the callee."),
        ("486", "busy", "Busy", "Call again in a minute."),
        ("487", "cancelled", "Cancelled before it was answered", "gave up ringing"),
        ("488", "no-common-codec", "No common sound or picture format", "Try sound only"),
        ("491", "both-changed", "Both sides changed the call at once", "Call again."),
        ("500", "server-error", "The other server failed", "Try later"),
        ("501", "not-supported", "The server does not support this request", "header Allow"),
        ("502", "upstream-failed", "A server behind the SIP server failed", "Try later"),
        ("503", "overloaded", "The SIP server is overloaded or down", "The server asks to wait 90 seconds."),
        ("504", "upstream-failed", "A server behind the SIP server failed", "Try later"),
        ("600", "busy", "Busy", "Call again in a minute."),
        ("603", "declined", "Declined", "refused the call"),
        ("604", "no-such-number", "The number does not exist", "Check the callee and the domain."),
        ("606", "no-common-codec", "No common sound or picture format", "Try sound only"),
        ("607", "declined", "Declined", "refused the call"),
        ("608", "declined", "Declined", "refused the call"),
    ];

    private static readonly Dictionary<string, string> Headers = new()
    {
        ["302"] = "Contact: <sip:302@{0}>", ["503"] = "Retry-After: 90", ["480-Q1"] = "Reason: Q.850;cause=1;text=\"Unallocated number\"",
    };

    [Fact]
    public async Task EveryKindOfFailure_HasItsCardOnThePageOfItsCall()
    {
        using var server = new RefusingServer(Headers);
        await using var silent = await Sipp.StartAsync(SippScenarios.AnswerSilently);
        await using var vanishing = await Sipp.StartAsync(SippScenarios.AnswerAndPlay);
        await using var strange = await Sipp.StartAsync(SippScenarios.AnswerAndPlayG729);
        await using var ringing = await Sipp.StartAsync(SippScenarios.RingForever);
        await using var leaving = await Sipp.StartAsync(SippDialogs.HangUpBecause("Q.850;cause=38;text=\"Network out of order\""));
        await using var registrar = await Kamailio.StartAsync();
        await using var app = await RunningApp.StartAsync("--Media:SilenceTimeoutSeconds", "5", "--Sip:RingTimeoutSeconds", "8");
        List<CauseCard> cards = [];
        foreach (var (number, code, title, advice) in Refusals)
        {
            Start(app, $"c-{number}", number, server.Port);
            cards.Add(new CauseCard($"c-{number}", code, title, advice, number[..3]));
        }

        Start(app, "vanishing", "1", vanishing.Port);
        cards.Add(new CauseCard("vanishing", "media-stopped", "Sound and picture stopped", "vanished without hanging up"));
        Start(app, "silent", "1", silent.Port);
        cards.Add(new CauseCard("silent", "no-media", "Answered, but no sound or picture came for 5 seconds", "Check NAT, firewall and Media:PublicAddress."));
        Start(app, "strange", "1", strange.Port);
        cards.Add(new CauseCard("strange", "undecodable", "Sound or picture came that cannot be decoded", "compare its codec settings", "payload type 18"));
        Start(app, "ringing", "1", ringing.Port);
        cards.Add(new CauseCard("ringing", "no-answer", "Nobody answered within 8 seconds", "Sip:RingTimeoutSeconds"));
        Start(app, "leaving", "1", leaving.Port);
        cards.Add(new CauseCard("leaving", "hung-up-there", "The other side hung up: the network is out of order", "", "Network out of order") { IsFailure = false });
        Start(app, "icmp", "1", FreePort.Next());
        cards.Add(new CauseCard("icmp", "unreachable", "Nothing listens at", "it is running"));
        Assert.True(app.Engine.StartCall(new CallRequest("1", new SipIdentity("tester", "no-such-host.invalid") { Password = "hunter2" }) { CallId = "dns" }).Succeeded);
        cards.Add(new CauseCard("dns", "name-not-found", "\"no-such-host.invalid\" was not found", "Check the spelling"));
        foreach (var register in (bool[])[true, false])
        {
            var who = new SipIdentity("10006", Kamailio.Domain) { Password = "hunter2", OutboundProxy = "127.0.0.1", Port = registrar.Port, RegisterRequired = register };
            Assert.True(app.Engine.StartCall(new CallRequest("10005", who) { CallId = $"password-{register}" }).Succeeded);
            cards.Add(new CauseCard($"password-{register}", "wrong-password", register ? "Registration failed: login or password refused" : "Login or password refused", "it may differ from the login", register ? "401" : "407"));
        }

        await AssertTakenAsync(app, "silent", "silent-2");
        await Wait.ForAsync(() => app.Engine.Calls.Any(c => c.Id.Value == "vanishing" && c.Media.Any(m => m.PacketsReceived > 20)), Patience, () => "no sound came: " + vanishing.Output);
        vanishing.Kill();
        foreach (var card in cards) await card.AssertAsync(app, Patience);

        // Written once, the engine lets go of all of them, and the history says the same.
        await Wait.ForAsync(() => app.Engine.Traces.Count == 0, Patience, () => "still kept: " + string.Join(' ', app.Engine.Traces.Select(t => t.Id)));
        foreach (var card in cards) await card.AssertAsync(app, TimeSpan.Zero);
    }

    private static void Start(RunningApp app, string id, string callee, int port)
    {
        var started = app.Engine.StartCall(new CallRequest(callee, new SipIdentity("tester", "127.0.0.1") { Port = port, Password = "hunter2" }) { CallId = id, HasVideo = false });
        Assert.True(started.Succeeded, started.Failures.Count > 0 ? started.Failures[0].Title : "");
    }

    // There is no call to have a page: who asked is told at once.
    private static async Task AssertTakenAsync(RunningApp app, string name, string free)
    {
        var body = app.DemoCall("another");
        body["toStream"] = name;
        using var answer = await app.PostAsync("/call/startup", body);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.Conflict, "stream-taken"), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Contains($"The stream name \"{name}\" is in use", problem.ToString().Replace("\\u0022", "\"", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(free, problem.ToString(), StringComparison.Ordinal);
    }
}
