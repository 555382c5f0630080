using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Everything that goes wrong has a named outcome, seen by REST and kept with the call, and leaves nothing behind.</summary>
public class FailedCallTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Startup_CalleeBusy_EndsBusy()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("c1", "demo-busy");
        await EndsAsync(app, "c1", CallStatus.Busy, "busy", Soon);
    }

    [Theory]
    [InlineData(603, "Decline", "declined")]
    [InlineData(404, "Not Found", "no-such-number")]
    [InlineData(480, "Temporarily Unavailable", "not-available")]
    [InlineData(488, "Not Acceptable Here", "no-common-codec")]
    [InlineData(503, "Service Unavailable", "overloaded")]
    public async Task Startup_CalleeRefuses_EndsWithTheCauseInPlainWords(int status, string reason, string code)
    {
        await using var callee = await Sipp.StartAsync(SippScenarios.Refuse(status, reason));
        await using var app = await RunningApp.StartAsync();
        await CallAsync(app, "c1", callee.Port);
        var end = await EndsAsync(app, "c1", CallStatus.Failed, code, Soon);
        Assert.Equal(status, end.SipStatus);
        Assert.NotEqual("", end.Title);
    }

    [Fact]
    public async Task Startup_NothingListensThere_EndsAtOnce()
    {
        await using var app = await RunningApp.StartAsync();
        await CallAsync(app, "c1", FreePort.Next());
        await EndsAsync(app, "c1", CallStatus.Failed, "unreachable", TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Startup_NameThatDoesNotExist_EndsWithNameNotFound()
    {
        await using var app = await RunningApp.StartAsync();
        var body = app.DemoCall("c1");
        body["sipDomain"] = "no-such-host.invalid";
        using var answer = await app.PostAsync("/call/startup", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await EndsAsync(app, "c1", CallStatus.Failed, "name-not-found", TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Startup_NobodyAnswers_IsCancelledAfterTheRingTimeout()
    {
        await using var callee = await Sipp.StartAsync(SippScenarios.RingForever);
        await using var app = await RunningApp.StartAsync("--Sip:RingTimeoutSeconds", "5");
        await CallAsync(app, "c1", callee.Port);
        await app.UntilStatusAsync("c1", "RING", Soon);
        await EndsAsync(app, "c1", CallStatus.Failed, "no-answer", Soon);
    }

    [Fact]
    public async Task Terminate_WhileItRings_CancelsTheCall()
    {
        await using var callee = await Sipp.StartAsync(SippScenarios.RingForever, more: ["-m", "1"]);
        await using var app = await RunningApp.StartAsync();
        await CallAsync(app, "c1", callee.Port);
        await app.UntilStatusAsync("c1", "RING", Soon);
        using var answer = await app.PostAsync("/call/terminate", new { callId = "c1" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await EndsAsync(app, "c1", CallStatus.Finish, "cancelled", Soon);
        await Wait.ForAsync(() => callee.HasExited, Soon, () => "the callee saw no CANCEL:\n" + callee.Output);
    }

    [Theory]
    [InlineData("unknown codec", "no-common-codec")]
    [InlineData("malformed", "bad-sdp")]
    public async Task Startup_AnswerThatDoesNotServe_IsHungUp(string what, string code)
    {
        await using var callee = await Sipp.StartAsync(what == "malformed" ? SippScenarios.AnswerWithMalformedSdp : SippScenarios.AnswerWithUnknownCodec, more: ["-m", "1"]);
        await using var app = await RunningApp.StartAsync();
        await CallAsync(app, "c1", callee.Port);
        await EndsAsync(app, "c1", CallStatus.Failed, code, Soon);
        await Wait.ForAsync(() => callee.HasExited, Soon, () => "the callee saw no BYE:\n" + callee.Output);
    }

    [Fact]
    public async Task Startup_AnsweredButSilent_EndsWithNoMedia()
    {
        await using var callee = await Sipp.StartAsync(SippScenarios.AnswerSilently);
        await using var app = await RunningApp.StartAsync("--Media:SilenceTimeoutSeconds", "5");
        await CallAsync(app, "c1", callee.Port);
        await app.UntilStatusAsync("c1", "ESTABLISHED", Soon);
        await EndsAsync(app, "c1", CallStatus.Failed, "no-media", Soon);
    }

    [Fact]
    public async Task Established_PeerVanishes_EndsWithMediaStopped()
    {
        await using var callee = await Sipp.StartAsync(SippScenarios.AnswerAndPlay);
        await using var app = await RunningApp.StartAsync("--Media:SilenceTimeoutSeconds", "5");
        await CallAsync(app, "c1", callee.Port);
        await Wait.ForAsync(() => app.Engine.Calls is [{ Media: [{ PacketsReceived: > 20 }, ..] }], Soon, () => "no sound came: " + callee.Output);
        callee.Kill();
        await EndsAsync(app, "c1", CallStatus.Failed, "media-stopped", TimeSpan.FromSeconds(12));
    }

    [Fact]
    public async Task Startup_NoPortFree_EndsWithPortsExhaustedAndTheOtherCallGoesOn()
    {
        await using var app = await RunningApp.StartAsync("--Media:RtpPorts", "39000-39003");
        await app.CallDemoAsync("c1", "demo-ring");
        await app.UntilStatusAsync("c1", "RING", Soon);
        await app.CallDemoAsync("c2");
        await Wait.ForAsync(() => app.Engine.FindCall(new CallId("c2")) is { IsEnded: true }, Soon, () => "c2 did not end");
        Assert.Equal("ports-exhausted", app.Engine.FindCall(new CallId("c2"))!.End!.Code);
        Assert.Equal(CallStatus.Ring, app.Engine.FindCall(new CallId("c1"))!.Status);
        using var end = await app.PostAsync("/call/terminate", new { callId = "c1" });
        await EndsAsync(app, "c1", CallStatus.Finish, "cancelled", Soon);
    }

    [Fact]
    public async Task Startup_WrongFields_AreAllNamedAtOnce()
    {
        await using var app = await RunningApp.StartAsync();
        using var answer = await app.PostAsync("/call/startup", new { callId = "has space", toStream = "../x", hasAudio = "perhaps", sipPort = "99999", sipLogin = "a" });
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var errors = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        foreach (var field in (string[])["callId", "toStream", "hasAudio", "sipPort", "callee", "sipDomain"]) Assert.True(errors.TryGetProperty(field, out _), $"{field} is not named in {errors}");
        Assert.Empty(app.Engine.Calls);
    }

    internal static async Task CallAsync(RunningApp app, string callId, int port)
    {
        var body = app.DemoCall(callId, "callee", video: false);
        body["sipPort"] = port;
        using var answer = await app.PostAsync("/call/startup", body);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
    }

    internal static async Task<CallEnd> EndsAsync(RunningApp app, string callId, CallStatus status, string code, TimeSpan limit)
    {
        var id = new CallId(callId);
        await Wait.ForAsync(() => app.Engine.FindCall(id) is { IsEnded: true }, limit, () => $"still {app.Engine.FindCall(id)}");
        var call = app.Engine.FindCall(id)!;
        Assert.Equal((status, code), (call.Status, call.End!.Code));
        Assert.Empty(app.Engine.Streams);
        await Wait.ForAsync(
            () => app.Engine.RtpPortsInUse == 0 && app.Engine.Frames.Outstanding == 0, TimeSpan.FromSeconds(5),
            () => $"left behind: {app.Engine.RtpPortsInUse} ports, {app.Engine.Frames.Outstanding} frames");
        return call.End;
    }
}
