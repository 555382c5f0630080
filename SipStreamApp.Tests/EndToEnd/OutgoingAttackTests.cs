using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Hooks;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Webhook;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Requests forged by hooks, the webhook and pushes: with private networks refused, nothing of this machine is reached but what is named.</summary>
public class OutgoingAttackTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task PrivateTargets_OfHooksWebhookAndPushes_AreNotReached_AndNamedOnesAre()
    {
        await using var inner = await HookBackend.StartAsync();
        await using var lures = await HookBackend.StartAsync();
        await using var nginx = await NginxRtmp.StartAsync();
        lures.Answer = _ => (307, "{}");
        lures.Headers["Location"] = inner.Url;

        // A name that is looked up to be an address of this machine; only "localhost" is named.
        var name = Dns.GetHostName();
        await using var app = await RunningApp.StartAsync(
            "--Outgoing:PrivateTargets", "refuse", "--Outgoing:Allowed", "localhost", "--Webhook:Url", $"http://{name}:{new Uri(inner.Url).Port}/events",
            "--Hooks:Apps:hidden:Url", $"http://{name}:{new Uri(inner.Url).Port}", "--Hooks:Apps:lured:Url", $"http://localhost:{new Uri(lures.Url).Port}");

        var hooks = app.Services.GetRequiredService<IAppHooks>();
        var hidden = await hooks.AskAsync("hidden", "connect", new JsonObject { ["sessionId"] = "s1" }, TestContext.Current.CancellationToken);
        Assert.Contains("private network", hidden.Reason, StringComparison.Ordinal);
        var lured = await hooks.AskAsync("lured", "connect", new JsonObject { ["sessionId"] = "s2" }, TestContext.Current.CancellationToken);
        Assert.Contains("307", lured.Reason, StringComparison.Ordinal);
        Assert.Single(lures.Requests);

        var webhook = app.Services.GetRequiredService<WebhookService>();
        Assert.Null(await webhook.SendTestAsync(TestContext.Current.CancellationToken));
        string? problem = null;
        Assert.True(await Wait.UntilAsync(async () => (problem = (await webhook.LogAsync(10, default)).Value!.Deliveries.Select(d => d.LastProblem).FirstOrDefault(p => p is not null)) is not null, Limit));
        Assert.Contains("private network", problem, StringComparison.Ordinal);
        Assert.Empty(inner.Requests);

        await app.CallDemoAsync("ssrf");
        foreach (var target in new[] { $"127.0.0.1:{nginx.Port}", $"2130706433:{nginx.Port}", $"[::ffff:127.0.0.1]:{nginx.Port}", $"{name}:{nginx.Port}", "169.254.169.254" })
        {
            var push = await app.StartPushAsync("ssrf", $"rtmp://{target}/live");
            var failed = await app.UntilPushAsync(push, PushState.Failed, Limit);
            Assert.Equal("private-target", failed.Cause?.Code);
        }

        // By the address that was looked at, and still under the name that was asked for.
        var allowed = await app.StartPushAsync("ssrf", $"rtmp://localhost:{nginx.Port}/live");
        var published = await app.UntilPushAsync(allowed, PushState.Publishing, Limit);
        Assert.Equal($"rtmp://localhost:{nginx.Port}/live", published.Target);
    }

    [Fact]
    public async Task PrivateTargets_InSettings_AreSaidAtTheStart_WhereUsersAreRequired()
    {
        string[] hook = ["--Hooks:Apps:a:Url", "http://0x7f.1:8085/hooks", "--Webhook:Url", "http://[::ffff:10.0.0.1]/secret-token", "--Recording:AfterRecordUrl", "http://169.254.169.254/"];
        string[] login = ["--Security:RequireLogin", "true", "--Security:AdminPassword", "correct horse battery"];
        var refused = await Assert.ThrowsAsync<StartupProblemException>(() => RunningApp.StartAsync([.. hook, .. login]));
        Assert.Equal(3, refused.Problems.Count);
        Assert.All(refused.Problems, p => Assert.Contains("Outgoing:Allowed", p, StringComparison.Ordinal));
        Assert.DoesNotContain(refused.Problems, p => p.Contains("secret", StringComparison.Ordinal));

        await using var named = await RunningApp.StartAsync([.. hook, .. login, "--Outgoing:Allowed", "127.0.0.1,10.0.0.0/8,169.254.169.254"]);
        Assert.True(named.Engine.Outgoing.RefusesPrivate);

        // Who tries it out on this machine needs no list; what is never meant is refused there, too.
        var open = await Assert.ThrowsAsync<StartupProblemException>(() => RunningApp.StartAsync(hook));
        Assert.StartsWith("Recording:AfterRecordUrl", Assert.Single(open.Problems), StringComparison.Ordinal);
    }
}
