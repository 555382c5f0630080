using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Hooks;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Web.Hooks;

/// <summary>Events of calls that REST placed, and that nothing a backend does touches their media.</summary>
public sealed class CallHooksTests
{
    [Fact]
    public async Task Call_OfRest_TellsItsBackendEveryStatusWithTheContractsObjects()
    {
        await using var backend = await HookBackend.StartAsync();
        await using var app = await RunningApp.StartAsync(["--Hooks:Apps:defaultApp:Url", backend.Url + "/api/", "--Hooks:Apps:otherApp:Url", backend.Url + "/other"]);
        await app.CallDemoAsync("told");
        await backend.UntilAsync(1, r => r.Hook == "StreamStatusEvent");
        using (await app.Http.PostAsync("/rest-api/call/terminate", new StringContent("""{"callId":"told"}""", Encoding.UTF8, "application/json"))) { }
        await backend.UntilAsync(2, r => r.Hook == "StreamStatusEvent");
        await backend.UntilAsync(1, r => r.Hook == "CallStatusEvent" && r.Json.GetProperty("status").GetString() == "FINISH");

        Assert.All(backend.Requests, r => Assert.StartsWith("/api/", r.Path, StringComparison.Ordinal));
        var calls = backend.Requests.Where(r => r.Hook == "CallStatusEvent").Select(r => r.Json.GetProperty("status").GetString()).ToList();
        Assert.Equal(calls.Distinct(), calls);
        Assert.Equal(["ESTABLISHED", "FINISH"], calls.Where(s => s is "ESTABLISHED" or "FINISH"));
        var call = backend.Requests.Last(r => r.Hook == "CallStatusEvent").Json;
        Assert.Equal(["nodeId", "appKey", "sessionId", "custom", "callId", "parentCallId", "incoming", "status", "sipStatus"], call.EnumerateObject().Take(9).Select(p => p.Name));
        Assert.Equal(("defaultApp", "told", "told"), (call.GetProperty("appKey").GetString(), call.GetProperty("sessionId").GetString(), call.GetProperty("callId").GetString()));
        var streams = backend.Requests.Where(r => r.Hook == "StreamStatusEvent").Select(r => r.Json).ToList();
        Assert.Equal(["PUBLISHING", "UNPUBLISHED"], streams.Select(s => s.GetProperty("status").GetString()));
        Assert.Equal(["nodeId", "appKey", "sessionId", "mediaSessionId", "name", "published", "hasVideo", "hasAudio", "status"], streams[0].EnumerateObject().Take(9).Select(p => p.Name));
        Assert.Equal(("told", false, "Stopped by publisher stop"),
            (streams[0].GetProperty("mediaSessionId").GetString(), streams[0].TryGetProperty("info", out _), streams[1].GetProperty("info").GetString()));
        Assert.False(streams[1].GetProperty("audioState").GetProperty("muted").GetBoolean());
    }

    [Fact]
    public async Task Call_OfAClientSession_IsToldByTheSessionOnly()
    {
        await using var backend = await HookBackend.StartAsync();
        var sessions = new OwningSessions("owned");
        await using var app = await RunningApp.StartAsync(["--Hooks:Apps:defaultApp:Url", backend.Url], services: s => s.AddSingleton<IClientSessions>(sessions));
        await app.CallDemoAsync("owned");
        await app.CallDemoAsync("free");

        await backend.UntilAsync(1, r => r.Hook == "StreamStatusEvent");
        Assert.All(backend.Requests, r => Assert.Equal("free", r.Json.GetProperty("sessionId").GetString()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task Media_WhileTheBackendIsSilentOrFails_GoesOn(int status)
    {
        await using var backend = await HookBackend.StartAsync();
        backend.Answer = _ => (status, "");
        await using var app = await RunningApp.StartAsync(["--Hooks:Apps:defaultApp:Url", backend.Url, "--Hooks:TimeoutSeconds", "1"]);
        await app.CallDemoAsync("running");
        var hooks = app.Get<IAppHooks>();
        var engine = app.Get<MediaEngine>();
        Assert.True(StreamName.TryParse("running", out var name));
        await Wait.ForAsync(() => engine.FindStream(name)?.Audio is { Frames: > 10 }, TimeSpan.FromSeconds(10), () => "No sound came");

        // For two seconds commands wait in vain and events pile up; the call's frames are watched meanwhile.
        var before = engine.FindStream(name)!;
        var watch = Stopwatch.StartNew();
        var asked = hooks.AskAsync("defaultApp", "playStream", [], default);
        var longest = TimeSpan.Zero;
        while (watch.Elapsed < TimeSpan.FromSeconds(2))
        {
            for (var i = 0; i < 200; i++) hooks.Tell("defaultApp", "StreamStatusEvent", []);
            var gap = engine.FindStream(name)!.Audio!.SinceLastFrame!.Value;
            if (gap > longest) longest = gap;
            await Task.Delay(20);
        }

        var after = engine.FindStream(name)!;
        var (sound, pictures) = (after.Audio!.Frames - before.Audio!.Frames, after.Video!.Frames - before.Video!.Frames);
        var expected = watch.Elapsed.TotalSeconds * 50;
        Assert.True((await asked).Allowed);
        Assert.True(sound > 0.8 * expected, $"{sound} packets of sound, {expected:0} expected");
        Assert.True(pictures > 20, $"{pictures} pictures");
        Assert.True(longest < TimeSpan.FromMilliseconds(500), $"A gap of {longest.TotalMilliseconds:0} ms");
        Assert.True(app.Get<AppHooks>().Dropped("defaultApp") > 1000 || status == 500);
        TestContext.Current.TestOutputHelper?.WriteLine($"{sound} packets of sound ({expected:0} expected), {pictures} pictures, longest gap {longest.TotalMilliseconds:0} ms, {app.Get<AppHooks>().Dropped("defaultApp")} events dropped");
    }

    private sealed class OwningSessions(string call) : IClientSessions
    {
        public IReadOnlyList<ClientSessionInfo> All => [];

        public bool OwnsCall(CallId callId) => callId.Value == call;

        public bool Terminate(string sessionId) => false;

        public bool StopStream(string mediaSessionId, string info) => false;

        public bool SendData(string sessionId, string operationId, System.Text.Json.Nodes.JsonNode? payload) => false;

        public int SendStreamEvent(StreamName stream, System.Text.Json.Nodes.JsonNode? payload) => 0;
    }
}
