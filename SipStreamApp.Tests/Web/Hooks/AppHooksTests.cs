using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Hooks;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Web.Hooks;

/// <summary>What a backend can do: refuse, fail, be silent, overwrite; and what becomes of it.</summary>
public sealed class AppHooksTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private HookBackend _backend = default!;

    [Fact]
    public async Task Ask_WithoutBackend_GoesOnWithTheMessage()
    {
        await using var hooks = Hooks();
        var message = Message("s1");

        Assert.Equal(new HookReply(true, message), await hooks.AskAsync("otherApp", "playStream", message, default));
        Assert.Empty(_backend.Requests);
    }

    [Fact]
    public async Task Connect_IsAskedWithTheBaseFirst_AndMayBeRefused()
    {
        await using var hooks = Hooks(secret: "1234567890");
        _backend.Answer = r => r.Json.GetProperty("token").GetString() == "good" ? (200, r.Body) : (403, "");

        var welcome = await hooks.AskAsync("defaultApp", "connect", Message("s1", ("token", "good")), default);
        var refused = await hooks.AskAsync("defaultApp", "connect", Message("s2", ("token", "bad")), default);

        Assert.True(welcome.Allowed);
        Assert.Equal((false, "The backend of defaultApp refused connect: it answered 403"), (refused.Allowed, refused.Reason));
        var request = _backend.Requests[0];
        Assert.Equal(("/hooks/connect", "application/json; charset=utf-8"), (request.Path, request.Headers["Content-Type"]));
        Assert.Matches("^\\{\"nodeId\":\"[A-Za-z0-9]{32}@[0-9.]+\",\"appKey\":\"defaultApp\",\"sessionId\":\"s1\",\"name\":\"call_stream1\",\"token\":\"good\"\\}$", request.Body);
        var hash = System.Security.Cryptography.HMACMD5.HashData("1234567890"u8, System.Text.Encoding.UTF8.GetBytes(request.Body));
        Assert.Equal("WCS " + Convert.ToHexStringLower(hash), request.Headers["Authorization"]);
    }

    [Theory]
    [InlineData(500, "{}", "it answered 500")]
    [InlineData(302, "{}", "it answered 302")]
    [InlineData(204, "", "it answered 204")]
    [InlineData(200, "<html>", "its answer is not JSON")]
    [InlineData(200, "[1]", "its answer is not a JSON object")]
    [InlineData(0, "", "it did not answer within 1 s")]
    public async Task Error_OfTheBackend_AbortsWithFailOnlyAndAlwaysAtConnect(int status, string body, string problem)
    {
        await using var hooks = Hooks(timeout: 1);
        _backend.Headers["Location"] = _backend.Url + "/elsewhere";
        _backend.Answer = r => r.Hook == "connect" ? (200, """{"restClientConfig":{"playStream":{"restOnError":"FAIL"}}}""") : (status, body);
        await hooks.AskAsync("defaultApp", "connect", Message("strict"), default);
        _backend.Answer = _ => (status, body);
        var watch = Stopwatch.StartNew();

        var strict = await hooks.AskAsync("defaultApp", "playStream", Message("strict"), default);
        var other = await hooks.AskAsync("defaultApp", "stopStream", Message("strict"), default);
        var lenient = await hooks.AskAsync("defaultApp", "playStream", Message("lenient"), default);
        var connect = await hooks.AskAsync("defaultApp", "connect", Message("new"), default);

        Assert.Equal((false, $"The backend of defaultApp refused playStream: {problem}"), (strict.Allowed, strict.Reason));
        Assert.Equal((true, true, false), (other.Allowed, lenient.Allowed, connect.Allowed));
        Assert.Equal("call_stream1", lenient.Payload["name"]!.ToString());
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 12);
        Assert.DoesNotContain(_backend.Requests, r => r.Path == "/elsewhere");
    }

    [Fact]
    public async Task Unreachable_Backend_IsAnErrorLikeAnyOther()
    {
        await using var hooks = Hooks(url: "http://127.0.0.1:9/hooks");

        Assert.False((await hooks.AskAsync("defaultApp", "connect", Message("s1"), default)).Allowed);
        Assert.True((await hooks.AskAsync("defaultApp", "playStream", Message("s1"), default)).Allowed);
    }

    [Fact]
    public async Task RestClientConfig_OfOneSession_IsHonouredFieldByField()
    {
        await using var hooks = Hooks();
        _backend.Answer = r => r.Hook switch
        {
            "connect" => (200, """
                {"restClientConfig":{
                  "connect":{"restPolicy":"OVERWRITE","restOverwrite":"sipLogin"},
                  "playStream":{"restPolicy":"OVERWRITE","restOverwrite":"name, custom,sessionId","restExclude":"sdp","clientExclude":"internal"},
                  "publishStream":{"restPolicy":"NOTIFY","restOverwrite":"name"},
                  "stopStream":{"restPolicy":"DISABLE"},"call":{"restPolicy":"DISABLED"}},
                 "sipLogin":"10099"}
                """),
            _ => (200, """{"name":"other_stream","custom":{"a":1},"sessionId":"stolen","status":"X"}"""),
        };
        var connect = await hooks.AskAsync("defaultApp", "connect", Message("s1", ("sipLogin", "10006")), default);
        var play = await hooks.AskAsync("defaultApp", "playStream", Message("s1", ("sdp", "v=0"), ("internal", "x")), default);
        var publish = await hooks.AskAsync("defaultApp", "publishStream", Message("s1"), default);
        var stop = await hooks.AskAsync("defaultApp", "stopStream", Message("s1"), default);
        var call = await hooks.AskAsync("defaultApp", "call", Message("s1"), default);

        Assert.Equal("10099", connect.Payload["sipLogin"]!.ToString());
        Assert.False(connect.Payload.ContainsKey("restClientConfig"));
        Assert.Equal("""{"sessionId":"s1","name":"other_stream","sdp":"v=0","custom":{"a":1}}""", play.Payload.ToJsonString());
        Assert.DoesNotContain("sdp", _backend.Requests.Single(r => r.Hook == "playStream").Body, StringComparison.Ordinal);
        Assert.Equal(["call_stream1", "call_stream1", "call_stream1"], ((HookReply[])[publish, stop, call]).Select(r => r.Payload["name"]!.ToString()));
        Assert.Equal(["connect", "playStream", "publishStream"], _backend.Requests.Select(r => r.Hook));

        // The end of the session is the end of its configuration.
        hooks.Tell("defaultApp", "ConnectionStatusEvent", Message("s1", ("status", "DISCONNECTED")));
        await _backend.UntilAsync(1, r => r.Hook == "ConnectionStatusEvent");
        await hooks.AskAsync("defaultApp", "stopStream", Message("s1"), default);
        Assert.Contains(_backend.Requests, r => r.Hook == "stopStream");
    }

    [Fact]
    public async Task Methods_OfTheSettings_AreTheOnlyOnesAsked()
    {
        await using var hooks = Hooks(methods: "connect,StreamStatusEvent");
        await hooks.AskAsync("defaultApp", "playStream", Message("s1"), default);
        hooks.Tell("defaultApp", "CallStatusEvent", Message("s1"));
        hooks.Tell("DEFAULTAPP", "StreamStatusEvent", Message("s1"));

        await _backend.UntilAsync(1, r => r.Hook == "StreamStatusEvent");
        Assert.Single(_backend.Requests);
    }

    [Fact]
    public async Task Events_ToASilentBackend_NeverWait_TheOldestAreDroppedAndCounted()
    {
        const int Told = HookQueue.Capacity + 500;
        await using var hooks = Hooks(timeout: 1);
        _backend.Answer = _ => (0, "");
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Told; i++) hooks.Tell("defaultApp", "StreamStatusEvent", Message("s1", ("number", $"{i}")));
        var took = watch.Elapsed;
        await _backend.UntilAsync(2, _ => true);
        _backend.Answer = r => (200, r.Body);

        // Of the first ones at most two were on their way; then the newest thousand come, in order.
        var came = await _backend.UntilAsync(HookQueue.Capacity, _ => true, 30);
        await Wait.ForAsync(() => _backend.Requests[^1].Json.GetProperty("number").GetString() == $"{Told - 1}", TimeSpan.FromSeconds(30), () => $"The newest did not come: {_backend.Requests[^1].Body}");
        var numbers = _backend.Requests.Select(r => int.Parse(r.Json.GetProperty("number").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.True(took < TimeSpan.FromSeconds(1), $"Telling took {took.TotalMilliseconds:0} ms");
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(Told - numbers.Count, hooks.Dropped("defaultApp"));
        Assert.InRange(came.Count, HookQueue.Capacity, HookQueue.Capacity + 3);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Told} events told in {took.TotalMilliseconds:0} ms, {hooks.Dropped("defaultApp")} dropped");
    }

    public async ValueTask InitializeAsync() => _backend = await HookBackend.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        _folder.Dispose();
    }

    private static JsonObject Message(string session, params (string Field, string Value)[] fields)
    {
        var message = new JsonObject { ["sessionId"] = session, ["name"] = "call_stream1" };
        foreach (var (field, value) in fields) message[field] = value;
        return message;
    }

    private AppHooks Hooks(int timeout = 15, string secret = "", string methods = "", string? url = null)
    {
        Assert.True(OriginRule.TryParse([], out var origins, out _));
        var app = new HookApp(new Uri(url ?? _backend.Url + "/hooks"), methods.Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet());
        var settings = new AppSettings(new EngineOptions(), _folder.Path, "", origins)
        {
            Hooks = new HookSettings { TimeoutSeconds = timeout, Secret = secret, Apps = new Dictionary<string, HookApp>(StringComparer.OrdinalIgnoreCase) { ["defaultApp"] = app } },
        };
        return new AppHooks(settings, new NodeIdentity(settings), TimeProvider.System, NullLogger<AppHooks>.Instance);
    }
}
