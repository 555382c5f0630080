using System.Net;
using System.Text.Json;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>Each way a call can be refused, from the SIP status on the wire to the card on its page, live and of the history.</summary>
public class CauseCardTests
{
    private static readonly (int Status, string Code, string Title, string Advice)[] Causes =
    [
        (301, "moved", "The number has moved", "Call the new address given below."),
        (302, "moved", "The number has moved", "Call the new address given below."),
        (400, "refused", "The request was refused", "The raw answer is below."),
        (401, "wrong-password", "Login or password refused", "authentication name"),
        (403, "forbidden", "The server forbids this", "not registered"),
        (404, "no-such-number", "The number does not exist", "Check the callee and the domain."),
        (405, "not-supported", "The server does not support this request", ""),
        (407, "wrong-password", "Login or password refused", "Check the password"),
        (408, "not-reachable", "The other side could not be reached", "The phone may be offline"),
        (410, "moved", "The number has moved", "Call the new address given below."),
        (415, "no-common-codec", "No common sound or picture format", "Try sound only"),
        (420, "extension-required", "A SIP extension is missing on one side", ""),
        (421, "extension-required", "A SIP extension is missing on one side", ""),
        (423, "interval-too-short", "The registration interval is too short for the server", "Sip:RegistrationExpirySeconds"),
        (480, "not-available", "The callee is not available now", "do not disturb"),
        (481, "gone", "The call no longer exists at the other side", ""),
        (484, "incomplete-number", "The number is incomplete", "Check the callee."),
        (486, "busy", "Busy", "Call again in a minute."),
        (487, "cancelled", "Cancelled before it was answered", ""),
        (488, "no-common-codec", "No common sound or picture format", "Try sound only"),
        (491, "both-changed", "Both sides changed the call at once", "Call again."),
        (500, "server-error", "The other server failed", "Try later"),
        (501, "not-supported", "The server does not support this request", ""),
        (502, "upstream-failed", "A server behind the SIP server failed", "Try later"),
        (503, "overloaded", "The SIP server is overloaded or down", "Try again later."),
        (504, "upstream-failed", "A server behind the SIP server failed", "Try later"),
        (600, "busy", "Busy", "Call again in a minute."),
        (603, "declined", "Declined", "refused the call"),
        (604, "no-such-number", "The number does not exist", "Check the callee and the domain."),
        (606, "no-common-codec", "No common sound or picture format", "Try sound only"),
        (607, "declined", "Declined", "refused the call"),
        (608, "declined", "Declined", "refused the call"),
    ];

    [Fact]
    public async Task EveryRefusal_HasItsCardOnThePageOfItsCall()
    {
        await using var phone = new AnsweringPhone();
        await using var app = await RunningApp.StartAsync();
        foreach (var cause in Causes)
        {
            var started = app.Engine.StartCall(Call($"c-{cause.Status}", $"{cause.Status}", phone.Port));
            Assert.True(started.Succeeded);
        }

        Assert.True(app.Engine.StartCall(Call("c-icmp", "1", FreePort.Next())).Succeeded);
        Assert.True(app.Engine.StartCall(new CallRequest("1", new SipIdentity("tester", "no-such-host.invalid")) { CallId = "c-dns" }).Succeeded);
        foreach (var (status, code, title, advice) in Causes) await AssertCardAsync(app, $"c-{status}", code, title, advice, $"{status}");
        await AssertCardAsync(app, "c-icmp", "unreachable", "Nothing listens at", "it is running", null);
        await AssertCardAsync(app, "c-dns", "name-not-found", "was not found", "Check the spelling", null);
    }

    private static CallRequest Call(string id, string callee, int port) => new(callee, new SipIdentity("tester", "127.0.0.1") { Port = port, Password = "hunter2" }) { CallId = id, HasVideo = false };

    private static async Task AssertCardAsync(RunningApp app, string id, string code, string title, string advice, string? raw)
    {
        var trace = default(JsonElement);
        var over = await Wait.UntilAsync(
            async () =>
            {
                using var answer = await app.Http.GetAsync($"/rest-api/v2/calls/{id}/trace.json");
                if (answer.StatusCode != HttpStatusCode.OK) return false;
                trace = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
                return trace.GetProperty("cause").ValueKind == JsonValueKind.Object;
            },
            TimeSpan.FromSeconds(20));
        Assert.True(over, $"{id} has no cause: {trace}");
        var cause = trace.GetProperty("cause");
        Assert.Equal((id, code), (id, cause.GetProperty("code").GetString()));
        var page = WebUtility.HtmlDecode(await app.Http.GetStringAsync($"/calls/{id}"));
        var card = page[page.IndexOf("class=\"cause error\"", StringComparison.Ordinal)..];
        Assert.Contains(title, card, StringComparison.Ordinal);
        Assert.Contains(advice, card, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", page + trace, StringComparison.Ordinal);
        if (raw is null) return;
        Assert.Contains(raw, cause.GetProperty("raw").GetString(), StringComparison.Ordinal);
        Assert.Contains(trace.GetProperty("messages").EnumerateArray(), m => m.GetProperty("label").GetString()!.StartsWith(raw, StringComparison.Ordinal));
    }
}
