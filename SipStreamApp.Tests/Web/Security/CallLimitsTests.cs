using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Security.People;
using SipStreamApp.Tests.Web.Signalling;
using Xunit;

namespace SipStreamApp.Tests.Web.Security;

/// <summary>What a stolen key costs at most: who may be called, how many calls, and what happens to work beyond the limits.</summary>
public sealed class CallLimitsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Keys_MayCallWhomTheListsName_AndSoOften()
    {
        await using var app = await RunningApp.StartAsync(
        [
            "--Security:RequireLogin", "true", "--Security:AdminPassword", "correct horse battery", "--Calls:AllowedCallees", "demo*", "--Calls:AllowedDomains", "127.0.0.1",
            "--Limits:CallsPerKey", "2", "--Limits:CallsPerKeyPerMinute", "3", "--Limits:Calls", "3",
        ]);
        // Two keys of one name: each has its own limits.
        var (one, two) = (await KeyAsync(app, "phone system"), await KeyAsync(app, "phone system"));
        var paid = await CallAsync(app, one, "x", "0900123");
        Assert.Equal((403, "callee-not-allowed"), (paid.Status, paid.Code));
        Assert.Contains("Calls:AllowedCallees", paid.Body, StringComparison.Ordinal);
        Assert.Equal((403, "domain-not-allowed"), Pair(await CallAsync(app, one, "x", "demo@evil.example")));
        Assert.Equal((403, "domain-not-allowed"), Pair(await CallAsync(app, one, "x", "demo", "192.0.2.66")));

        // Two at once for one key, three for all.
        Assert.Equal(200, (await CallAsync(app, one, "a1")).Status);
        Assert.Equal(200, (await CallAsync(app, one, "a2")).Status);
        var third = await CallAsync(app, one, "a3");
        Assert.Equal((429, "caller-limit", 5), (third.Status, third.Code, third.RetryAfter));
        Assert.Contains("\"retryAfter\":5", third.Body, StringComparison.Ordinal);
        Assert.Equal(200, (await CallAsync(app, two, "b1")).Status);
        var full = await CallAsync(app, two, "b2");
        Assert.Equal((503, "call-limit", true), (full.Status, full.Code, full.RetryAfter > 0));

        // By the Web SDK's socket the same rules hold for the key that opened it.
        using var socket = await SdkSocket.ConnectAsync(app, "/", key: one);
        await SdkSocket.HelloAsync(socket, """{"appKey":"defaultApp","sipLogin":"me","sipDomain":"127.0.0.1","sipRegisterRequired":"false"}""");
        foreach (var callee in (string[])["0900123", "demo"]) Assert.Equal("FAILED Restricted access", await CallBySdkAsync(socket, "sdk-" + callee, callee));

        // And for whom the other side is asked to call.
        await Kit.Wait.ForAsync(() => app.Get<MediaEngine>().Calls.Any(c => c.Id.Value == "a1" && c.AnsweredAt is not null), Patience, () => "not answered");
        Assert.Equal((403, "callee-not-allowed"), Pair(await PostAsync(app, one, "/call/transfer", new { callId = "a1", target = "0900123" })));
        Assert.Equal((403, "domain-not-allowed"), Pair(await PostAsync(app, one, "/call/transfer", new { callId = "a1", target = "demo@evil.example" })));

        // Three in a minute: a fourth has to wait although others have ended.
        foreach (var id in (string[])["a1", "a2"]) await HangUpAsync(app, one, id);
        Assert.Equal(200, (await CallAsync(app, one, "a4")).Status);
        await HangUpAsync(app, one, "a4");
        var fourth = await CallAsync(app, one, "a5");
        Assert.Equal((429, "caller-limit"), (fourth.Status, fourth.Code));
        Assert.InRange(fourth.RetryAfter, 6, 60);
        Assert.Equal(200, (await CallAsync(app, two, "b3")).Status);
    }

    [Fact]
    public async Task Limits_OfViewersAndCpu_RefuseNewWork_AndLeaveWhatRunsAlone()
    {
        await using var app = await RunningApp.StartAsync(["--Limits:CpuPercent", "90", "--Limits:Viewers", "1"]);
        var used = 0.0;
        var load = 0.0;
        app.Get<MediaEngine>().Cpu.Used = () => TimeSpan.FromSeconds(used += load * Environment.ProcessorCount);
        await app.CallDemoAsync("run");
        using var viewer = await WatchAsync(app, "run");
        Assert.True(await BytesAsync(viewer) > 0);
        using var second = await WatchAsync(app, "run");
        Assert.Equal("viewer-limit", await RefusalAsync(second));

        load = 10;
        await Kit.Wait.ForAsync(() => app.Get<MediaEngine>().Cpu.Refusal is not null, Patience, () => "not overloaded");
        var call = await CallAsync(app, null, "late");
        Assert.Equal((503, "overloaded", 5), (call.Status, call.Code, call.RetryAfter));
        using var whep = await app.Http.PostAsync("/whep/run", new StringContent("v=0\r\n", Encoding.UTF8, "application/sdp"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, whep.StatusCode);
        Assert.True(await BytesAsync(viewer) > 0, "the viewer that was there gets nothing any more");
        Assert.Single(app.Get<MediaEngine>().Calls, c => !c.IsEnded);

        load = 0;
        await Kit.Wait.ForAsync(() => app.Get<MediaEngine>().Cpu.Refusal is null, Patience, () => "still overloaded");
        Assert.Equal(200, (await CallAsync(app, null, "later")).Status);
    }

    private static (int, string) Pair(Answer answer) => (answer.Status, answer.Code);

    private static async Task<string> KeyAsync(RunningApp app, string name) => (await app.Get<ApiKeyStore>().CreateAsync(name, Scopes.All, null, "test", default)).Value!.Secret;

    private static Task<Answer> CallAsync(RunningApp app, string? key, string id, string callee = "demo", string? proxy = null) => PostAsync(app, key, "/call/startup", new
    {
        callId = id, callee, toStream = id, sipLogin = "tester", sipDomain = "127.0.0.1", sipPort = app.Get<MediaEngine>().Snapshot().SipPort, sipOutboundProxy = proxy,
    });

    private static async Task<Answer> PostAsync(RunningApp app, string? key, string path, object what)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rest-api" + path) { Content = JsonContent.Create(what) };
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        using var answer = await app.Http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        var code = answer.IsSuccessStatusCode ? "" : JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()!;
        TestContext.Current.TestOutputHelper?.WriteLine($"POST {path} {what} -> {(int)answer.StatusCode} {code} {answer.Headers.RetryAfter}");
        return new Answer((int)answer.StatusCode, code, (int)(answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0), body);
    }

    private static async Task HangUpAsync(RunningApp app, string key, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rest-api/call/terminate") { Content = JsonContent.Create(new { callId = id }) };
        request.Headers.Add("X-Api-Key", key);
        using var answer = await app.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string> CallBySdkAsync(ClientWebSocket socket, string id, string callee)
    {
        await SdkSocket.SendAsync(socket, $$"""{"message":"call","data":[{"callId":"{{id}}","callee":"{{callee}}","sdp":"v=0","mediaProvider":"WebRTC","hasAudio":true}]}""");
        while (await SdkSocket.ReadAsync(socket) is { } frame)
            if (frame["message"]!.ToString() == "finish") return $"{frame["data"]![0]!["status"]} {frame["data"]![0]!["info"]}";
        return "closed";
    }

    private static async Task<ClientWebSocket> WatchAsync(RunningApp app, string stream)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(SdkSocket.Address(app, "/mse/" + stream), TestContext.Current.CancellationToken);
        return socket;
    }

    // Length of the next message with media; 0 where the socket is closed.
    private static async Task<int> BytesAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1 << 20];
        using var limit = new CancellationTokenSource(Patience);
        for (;;)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            if (got.MessageType != WebSocketMessageType.Text) return got.Count;
        }
    }

    private static async Task<string> RefusalAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(Patience);
        while ((await socket.ReceiveAsync(buffer.AsMemory(), limit.Token)).MessageType != WebSocketMessageType.Close)
        {
            // The failure in words comes first.
        }

        return socket.CloseStatusDescription ?? "";
    }

    private sealed record Answer(int Status, string Code, int RetryAfter, string Body);
}
