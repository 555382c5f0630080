using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;
using SipStreamApp.Data;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Security.People;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>One run through everything that has a secret: its trace is whole, and nothing the program wrote or told holds one.</summary>
public class FullRunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    private static readonly Dictionary<string, string> Secrets = new()
    {
        ["admin"] = "admin-secret-7f3a91", ["sip"] = "sip-secret-5c27e0", ["saved"] = "saved-secret-b81d44", ["push"] = "push-secret-e6f203", ["hook"] = "hook-secret-49a1c8",
        ["webhook"] = "webhook-secret-0d72bb", ["webhook address"] = "address-secret-c3390e",
    };

    [Fact]
    public async Task FullRun_IsTracedByCall_AndWritesNoSecret()
    {
        await using var backend = await HookBackend.StartAsync();
        await using var collector = await OtlpReceiver.StartAsync();
        var folder = Directory.CreateTempSubdirectory("full-run-");
        try
        {
            var told = new StringBuilder();
            var used = new Dictionary<string, string>(Secrets);
            await using (var app = await RunningApp.StartAsync(
                "--Data:Directory", folder.FullName, "--Serilog:MinimumLevel:Default", "Debug", "--Security:RequireLogin", "true", "--Security:AdminPassword", Secrets["admin"],
                "--Outgoing:Allowed", "127.0.0.1", "--Hooks:Apps:defaultApp:Url", backend.Url, "--Hooks:Secret", Secrets["hook"],
                "--Webhook:Url", $"{backend.Url}/{Secrets["webhook address"]}", "--Webhook:Secret", Secrets["webhook"], "--Telemetry:OtlpEndpoint", collector.Url, "--Playback:Access", "link"))
            {
                await RunAsync(app, used, told);
                await CheckTraceAsync(app, collector);
            }

            var written = Directory.GetFiles(folder.FullName, "*", SearchOption.AllDirectories).Select(f => (f, File.ReadAllBytes(f))).Concat(collector.Bodies.Select((b, i) => ($"trace {i}", b))).ToList();
            Assert.Contains(written, w => w.Item1.Contains("sipstreamapp.db", StringComparison.Ordinal));
            Assert.Contains(written, w => w.Item1.Contains("logs", StringComparison.Ordinal) && Holds(w.Item2, "call-1"));
            var leaks = from secret in used from file in written where Holds(file.Item2, secret.Value) select $"{secret.Key} in {file.Item1}";
            Assert.Empty(leaks);
            Assert.Empty(used.Where(s => told.ToString().Contains(s.Value, StringComparison.Ordinal)).Select(s => s.Key + " in an answer"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(RunningApp app, Dictionary<string, string> used, StringBuilder told)
    {
        used["key"] = (await app.Services.GetRequiredService<ApiKeyStore>().CreateAsync("run", Scopes.All, null, "test", default)).Value!.Secret;
        Assert.True((await app.Services.GetRequiredService<AccountStore>().SaveAsync(new AccountDraft { Name = "saved", Login = "me", Domain = "127.0.0.1", Password = used["saved"] }, default)).Succeeded);
        using (await app.Http.PostAsync("/login", new FormUrlEncodedContent([new("name", "admin"), new("password", used["admin"])])))
        {
            app.Http.DefaultRequestHeaders.Add("X-Api-Key", used["key"]);
        }

        var call = app.DemoCall("call-1");
        (call["sipPassword"], call["rtmpUrl"]) = (used["sip"], $"rtmp://user:{used["push"]}@127.0.0.1:9/live/{used["push"]}");
        using var started = await app.PostAsync("/call/startup", call);
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        await app.UntilStatusAsync("call-1", "ESTABLISHED", Limit);
        await Wait.ForAsync(() => app.Engine.Pushes.Any(p => p.State == PushState.Retrying), Limit, () => "the push did not break");
        using var link = await app.PostAsync("/v2/links", new { streamName = "call-1" });
        var token = (await link.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("k").GetString()!;
        used["link"] = token.Split('.')[^1];
        foreach (var path in (string[])[$"/streams/call-1/snapshot.jpg?k={token}", $"/hls/call-1/index.m3u8?k={token}x", "/rest-api/call/find_all", "/rest-api/push/find_all", "/metrics", "/?action=stat"])
        {
            using var answer = await app.Http.GetAsync(path);
            told.Append(await answer.Content.ReadAsStringAsync());
        }

        using var wrong = await app.PostAsync("/call/startup", new { callId = "bad id", callee = "x", sipPassword = used["sip"], rtmpUrl = "ftp://" + used["push"] });
        told.Append(await wrong.Content.ReadAsStringAsync());
        await Wait.ForAsync(() => app.Engine.Calls.Any(c => c.Media.Any(m => m.PacketsReceived > 10)), Limit, () => "no RTP");
        using var ended = await app.PostAsync("/call/terminate", new { callId = "call-1" });
        await Wait.ForAsync(() => app.Engine.FindCall(new CallId("call-1")) is { IsEnded: true }, Limit, () => "not ended");
    }

    private static async Task CheckTraceAsync(RunningApp app, OtlpReceiver collector)
    {
        IReadOnlyList<OtlpSpan> spans = [];
        var isWhole = await Wait.UntilAsync(
            () =>
            {
                app.Services.GetRequiredService<TracerProvider>().ForceFlush();
                spans = collector.Spans;
                return spans.Any(s => s.Name == "push connect") && spans.Any(s => s.Name == "hook CallStatusEvent") && spans.Any(s => s.Name == "webhook stream.started") && spans.Any(s => s.Name == "webhook push.started");
            },
            Limit);
        Assert.True(isWhole, string.Join('\n', spans.Select(s => s.Name)));
        var setUp = Assert.Single(spans, s => s.Name == "call set-up");
        Assert.Equal(("call-1", "call-1"), (setUp.Attributes["call.id"], setUp.Attributes["stream.name"]));
        var request = Assert.Single(spans, s => s.SpanId == setUp.ParentId);
        Assert.Equal(("POST /rest-api/call/startup", setUp.TraceId), (request.Name, request.TraceId));
        foreach (var step in (string[])["resolve", "invite", "push connect"])
            Assert.Contains(spans, s => s.Name == step && s.ParentId == setUp.SpanId && s.TraceId == setUp.TraceId && s.Attributes["call.id"] == "call-1");
        foreach (var told in (string[])["hook CallStatusEvent", "hook StreamStatusEvent", "webhook call.started", "webhook stream.started", "webhook push.started"])
            Assert.Contains(spans, s => s.Name == told && s.Attributes.GetValueOrDefault("call.id") == "call-1" && s.Attributes.GetValueOrDefault("stream.name") == "call-1");
        Assert.DoesNotContain(spans, s => s.Name.Contains("/metrics", StringComparison.Ordinal) || s.Name.Contains("hls", StringComparison.Ordinal));
    }

    // SQLite and the log write UTF-8; a secret in Base64 or in a URL would be another text.
    private static bool Holds(byte[] bytes, string text) =>
        bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('='))) >= 0;
}
