using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Web.Api;

/// <summary>/stream, /connection, /data and the figures, with a call to the demo callee, a browser's stream and made-up client sessions.</summary>
public sealed class StreamApiTests
{
    [Fact]
    public async Task Terminate_ByIdNameAndEmptyBody_EndsViewersPublishersAndCalls()
    {
        var sessions = new FakeSessions();
        await using var app = await RunningApp.StartAsync(services: s => s.AddSingleton<IClientSessions>(sessions));
        await app.CallDemoAsync("one");
        await app.CallDemoAsync("two");
        await app.CallDemoAsync("three");
        var engine = app.Get<MediaEngine>();
        var feeder = new StreamFeeder(engine.Hub, new EngineClock(TimeProvider.System), "camera");
        sessions.Add(FakeSessions.Session("v1", "one"));
        sessions.Add(FakeSessions.Session("v2", "two", publishes: "camera"));

        var all = await FindAsync(app, "{}");
        Assert.Equal(
            ["one one", "two two", "three three", "camera v2-pub", "one v1-play", "two v2-play"],
            all.Select(s => $"{s.GetProperty("name").GetString()} {s.GetProperty("mediaSessionId").GetString()}"));
        Assert.Equal("WebRTC", all[3].GetProperty("mediaProvider").GetString());

        // One viewer, by its id: its stream stays.
        Assert.Equal(200, await PostAsync(app, "stream/terminate", """{"mediaSessionId":"v1-play"}"""));
        Assert.Equal(("v1-play", "Stopped by rest /terminate"), Assert.Single(sessions.Stopped));
        Assert.Equal(5, (await FindAsync(app, "{}")).Count);

        // A name with published: its viewers stay, its call is hung up.
        Assert.Equal(200, await PostAsync(app, "stream/terminate", """{"name":"two","published":true}"""));
        Assert.Equal(200, await PostAsync(app, "stream/terminate", """{"mediaSessionIds":["one","nobody"]}"""));
        Assert.Equal(["three"], engine.Calls.Where(c => !c.IsEnded).Select(c => c.Id.Value));
        Assert.Single(sessions.Stopped);

        // Everything that is left.
        Assert.Equal(200, await PostAsync(app, "stream/terminate", ""));
        Assert.Equal(["v1-play", "v2-play", "v2-pub"], sessions.Stopped.Select(s => s.Id));
        Assert.All(engine.Calls, c => Assert.True(c.IsEnded));
        feeder.End();
        Assert.Equal(404, await PostAsync(app, "stream/terminate", ""));
    }

    [Fact]
    public async Task Metrics_OfARunningCall_GrowAndFitEachOther()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("metered");
        Assert.False((await FindAsync(app, """{"name":"metered"}"""))[0].TryGetProperty("metrics", out _));
        JsonElement metrics = default;
        var enough = await Kit.Wait.UntilAsync(
            async () => (metrics = (await FindAsync(app, """{"name":"metered","display":["metrics"]}"""))[0].GetProperty("metrics")).GetProperty("VIDEO_K_FRAMES").GetInt64() > 0
                && metrics.GetProperty("VIDEO_FPS").GetInt32() > 10 && metrics.GetProperty("AUDIO_RATE").GetInt64() > 10_000,
            TimeSpan.FromSeconds(10));

        Assert.True(enough, metrics.ToString());
        Assert.True(metrics.GetProperty("VIDEO_WIDTH").GetInt32() > 0 && metrics.GetProperty("VIDEO_RATE").GetInt64() > 10_000, metrics.ToString());
        Assert.InRange(metrics.GetProperty("VIDEO_SYNC").GetInt64() - metrics.GetProperty("AUDIO_SYNC").GetInt64(), -1000, 1000);
    }

    [Fact]
    public async Task ConnectionsAndData_ReachTheSessionsTheyName()
    {
        var sessions = new FakeSessions();
        sessions.Add(FakeSessions.Session("a", "camera"));
        sessions.Add(FakeSessions.Session("b", "camera"));
        await using var app = await RunningApp.StartAsync(services: s => s.AddSingleton<IClientSessions>(sessions));
        var feeder = new StreamFeeder(app.Get<MediaEngine>().Hub, new EngineClock(TimeProvider.System), "camera");

        Assert.Equal(200, await PostAsync(app, "data/send", """{"operationId":"op-1","sessionIds":["a","b"],"payload":{"text":"hello"}}"""));
        Assert.Equal(200, await PostAsync(app, "stream/event/send", """{"streamName":"camera","payload":{"count":1}}"""));
        Assert.Equal(200, await PostAsync(app, "connection/terminate", """{"sessionId":"a"}"""));

        Assert.Equal([("a", "op-1", """{"text":"hello"}"""), ("b", "op-1", """{"text":"hello"}""")], sessions.Sent);
        Assert.Equal(("camera", """{"count":1}"""), Assert.Single(sessions.Events));
        Assert.Equal("b", Assert.Single(sessions.All).SessionId);
        feeder.End();
    }

    [Fact]
    public async Task Stat_IsPlainTextAtTheRoot_AndThePageStaysAPage()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("counted");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/?action=stat&preventCache=Sun%20Nov%2023");
        request.Headers.Add("Origin", "http://localhost:3000");
        using var stat = await app.Http.SendAsync(request);
        var sections = Read(await stat.Content.ReadAsStringAsync());
        using var page = await app.Http.GetAsync("/");
        using var json = JsonDocument.Parse(await app.Http.GetStringAsync("/?action=stat&format=json&groups=call_stats,port_stats"));

        Assert.Equal(("text/plain", "http://localhost:3000"), (stat.Content.Headers.ContentType?.MediaType, string.Join(',', stat.Headers.GetValues("Access-Control-Allow-Origin"))));

        // What the console of the examples reads.
        Assert.Equal(("0", "0", "1"), (sections["connection"]["connections_websocket"], sections["stream"]["streams_webrtc_out"], sections["call"]["calls"]));
        Assert.True(int.Parse(sections["core"]["core_threads"], System.Globalization.CultureInfo.InvariantCulture) > 5);
        Assert.True(int.Parse(sections["system"]["system_memory_total"], System.Globalization.CultureInfo.InvariantCulture) > 100);
        Assert.True(int.Parse(sections["port"]["ports_media_busy"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal(("text/html", 200), (page.Content.Headers.ContentType?.MediaType, (int)page.StatusCode));
        Assert.Equal(["port_stats", "call_stats"], json.RootElement.EnumerateObject().Select(p => p.Name));
    }

    // The rule of the SDK's rest-module: a line of dashes names a section by its first word, the others are key=value.
    private static Dictionary<string, Dictionary<string, string>> Read(string text)
    {
        var sections = new Dictionary<string, Dictionary<string, string>>();
        Dictionary<string, string>? current = null;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith('-')) sections[line.Trim('-').Split(' ')[0].ToLowerInvariant()] = current = [];
            else if (line.Length > 0) current![line.Split('=')[0]] = line.Split('=')[1];
        }

        return sections;
    }

    private static async Task<IReadOnlyList<JsonElement>> FindAsync(RunningApp app, string filter)
    {
        using var response = await app.Http.PostAsync("/rest-api/stream/find", new StringContent(filter, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var list = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return [.. list.RootElement.Clone().EnumerateArray()];
    }

    private static async Task<int> PostAsync(RunningApp app, string method, string body)
    {
        using var response = await app.Http.PostAsync("/rest-api/" + method, new StringContent(body, Encoding.UTF8, "application/json"));
        if (response.IsSuccessStatusCode) Assert.Equal(0L, response.Content.Headers.ContentLength);
        return (int)response.StatusCode;
    }
}
