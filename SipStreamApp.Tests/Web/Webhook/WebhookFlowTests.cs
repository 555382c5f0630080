using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SipStreamApp.Data;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Webhook;
using Xunit;

namespace SipStreamApp.Tests.Web.Webhook;

/// <summary>The webhook in the running program: signed, in order, tried again, and not lost by a restart.</summary>
public sealed class WebhookFlowTests
{
    [Fact]
    public async Task Events_OfACall_ArriveSignedAndInOrder_ThroughErrorsOfTheTarget()
    {
        await using var backend = await HookBackend.StartAsync();
        var refusals = 2;
        backend.Answer = _ => Interlocked.Decrement(ref refusals) >= 0 ? (503, "") : (204, "");
        await using var app = await RunningApp.StartAsync(["--Webhook:Url", backend.Url + "/events?token=hidden", "--Webhook:Secret", "top-secret"]);
        await app.CallDemoAsync("told");
        using (await app.Http.PostAsync("/rest-api/call/terminate", new StringContent("""{"callId":"told"}""", Encoding.UTF8, "application/json"))) { }
        await backend.UntilAsync(1, r => Type(r) == "call.ended");
        await backend.UntilAsync(1, r => Type(r) == "stream.ended");

        // Each event until it was taken: of those that came again the last one counts.
        var taken = backend.Requests.GroupBy(Id).Select(g => g.Last()).ToList();
        Assert.Equal(["call.started", "call.established", "call.ended"], taken.Select(Type).Where(t => t.StartsWith("call.", StringComparison.Ordinal) && t != "call.ringing"));
        Assert.Equal(["stream.started", "stream.ended"], taken.Select(Type).Where(t => t.StartsWith("stream.", StringComparison.Ordinal)));
        Assert.Equal(2, backend.Requests.Count - taken.Count);
        Assert.All(backend.Requests, r =>
        {
            Assert.Equal((Type(r), Id(r), "application/json; charset=utf-8"), (r.Headers["X-SipStreamApp-Event"], r.Headers["X-SipStreamApp-Delivery"], r.Headers["Content-Type"]));
            var parts = r.Headers[WebhookSignature.Header].Split(',').ToDictionary(p => p.Split('=')[0], p => p.Split('=')[1]);
            var hash = HMACSHA256.HashData("top-secret"u8, Encoding.UTF8.GetBytes($"{parts["t"]}.{r.Body}"));
            Assert.Equal(Convert.ToHexStringLower(hash), parts["v1"]);
            Assert.InRange(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(parts["t"], CultureInfo.InvariantCulture), -5, 60);
        });
        var ended = taken.Single(r => Type(r) == "call.ended").Json.GetProperty("data");
        Assert.Equal(("told", "FINISH", "hung-up-here"), (ended.GetProperty("callId").GetString(), ended.GetProperty("status").GetString(), ended.GetProperty("cause").GetProperty("code").GetString()));
        Assert.Equal("Stopped by publisher stop", taken.Single(r => Type(r) == "stream.ended").Json.GetProperty("data").GetProperty("info").GetString());
    }

    [Fact]
    public async Task RetryAfter_OfTheTarget_IsHonoured_AndRedirectsAreNotFollowed()
    {
        await using var backend = await HookBackend.StartAsync();
        backend.Headers["Retry-After"] = "2";
        backend.Headers["Location"] = backend.Url + "/elsewhere";
        var asked = 0;
        backend.Answer = _ => Interlocked.Increment(ref asked) switch { 1 => (429, ""), 2 => (307, ""), _ => (200, "") };
        await using var app = await RunningApp.StartAsync(["--Webhook:Url", backend.Url + "/events"]);
        var watch = Stopwatch.StartNew();
        Assert.Null(await app.Get<WebhookService>().SendTestAsync(default));
        await backend.UntilAsync(2, _ => true);
        var second = watch.Elapsed;
        await backend.UntilAsync(3, _ => true);

        Assert.InRange(second.TotalSeconds, 1.8, 8);
        Assert.All(backend.Requests, r => Assert.Equal(("/events", "webhook.test"), (r.Path, Type(r))));
        Assert.DoesNotContain(WebhookSignature.Header, backend.Requests[0].Headers.Keys);
        var row = await UntilAsync(app, d => d.State == WebhookDeliveryState.Delivered);
        Assert.Equal((3, 200, null), (row.Attempts, row.LastStatus, row.LastProblem));
    }

    [Fact]
    public async Task Restart_WithTheTargetDown_LosesNothing()
    {
        using var folder = new TempFolder();
        var port = FreePort.Next();
        string[] args = ["--Webhook:Url", $"http://127.0.0.1:{port}/events"];
        List<string> waiting;
        await using (var app = await RunningApp.StartAsync(args, folder.Path))
        {
            await app.CallDemoAsync("survivor");
            await UntilAsync(app, d => d.Type == "stream.started" && d.Attempts > 0 && d.LastProblem == "It cannot be reached");

            // The call is up: its end is reported by the engine that stops.
        }

        await using (var backend = await HookBackend.StartAsync(port))
        await using (var app = await RunningApp.StartAsync(args, folder.Path))
        {
            await backend.UntilAsync(1, r => Type(r) == "call.ended", 30);
            await backend.UntilAsync(1, r => Type(r) == "stream.ended", 30);
            waiting = [.. backend.Requests.Select(Type).Where(t => t != "call.ringing")];
            Assert.Equal(["call.started", "call.established", "call.ended"], waiting.Where(t => t.StartsWith("call.", StringComparison.Ordinal)));
            Assert.Equal(["stream.started", "stream.ended"], waiting.Where(t => t.StartsWith("stream.", StringComparison.Ordinal)));
            Assert.Equal(backend.Requests.Count, backend.Requests.Select(Id).Distinct().Count());
        }
    }

    private static string Type(HookRequest request) => request.Json.GetProperty("type").GetString()!;

    private static string Id(HookRequest request) => request.Json.GetProperty("id").GetString()!;

    private static async Task<WebhookDelivery> UntilAsync(RunningApp app, Func<WebhookDelivery, bool> fits)
    {
        WebhookDelivery? found = null;
        IReadOnlyList<WebhookDelivery> all = [];
        var came = await Wait.UntilAsync(
            async () =>
            {
                all = (await app.Get<WebhookService>().LogAsync(100, default)).Value!.Deliveries;
                return (found = all.FirstOrDefault(fits)) is not null;
            },
            TimeSpan.FromSeconds(15));
        Assert.True(came, $"No such delivery among {string.Join("; ", all.Select(d => $"{d.Type} {d.State} {d.Attempts} {d.LastProblem}"))}");
        return found!;
    }
}
