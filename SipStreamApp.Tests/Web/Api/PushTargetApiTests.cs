using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.Web.Api;

/// <summary>Saved push targets, the next attempt and the deleting of old recordings by REST.</summary>
public sealed class PushTargetApiTests
{
    private const string Secret = "s3cr-et0k-ey42";
    private const string Targets = "/rest-api/v2/push-targets";

    [Fact]
    public async Task Target_SavedChangedPushedRetriedDeleted_NeverShowsItsKey()
    {
        await using var app = await RunningApp.StartAsync();
        var dead = FreePort.Next();
        var (status, made) = await SendAsync(app, HttpMethod.Post, Targets, new { name = "Studio", address = $"rtmp://127.0.0.1:{dead}/app/{Secret}" });
        Assert.Equal(201, status);
        var id = made.GetProperty("id").GetInt32();
        Assert.Equal(("Studio", $"rtmp://127.0.0.1:{dead}/app", true), (made.GetProperty("name").GetString(), made.GetProperty("address").GetString(), made.GetProperty("hasKey").GetBoolean()));
        (status, var wrong) = await SendAsync(app, HttpMethod.Post, Targets, new { address = "http://x", key = "a b" });
        Assert.Equal((400, true), (status, wrong.GetProperty("errors").TryGetProperty("address", out _)));
        (status, var changed) = await SendAsync(app, HttpMethod.Patch, $"{Targets}/{id}", new { name = "Hall" });
        Assert.Equal((200, "Hall", true), (status, changed.GetProperty("name").GetString(), changed.GetProperty("hasKey").GetBoolean()));
        Assert.Equal(404, (await SendAsync(app, HttpMethod.Patch, $"{Targets}/99", new { name = "Hall" })).Status);
        Assert.Equal(502, (await SendAsync(app, HttpMethod.Post, $"{Targets}/{id}/test", null)).Status);
        Assert.Equal(400, (await SendAsync(app, HttpMethod.Post, $"{Targets}/{id}/push", new { streamName = "" })).Status);
        Assert.Equal(404, (await SendAsync(app, HttpMethod.Post, $"{Targets}/{id}/push", new { streamName = "gone" })).Status);

        await app.CallDemoAsync("cam");
        (status, var push) = await SendAsync(app, HttpMethod.Post, $"{Targets}/{id}/push", new { streamName = "cam" });
        Assert.Equal((200, $"rtmp://127.0.0.1:{dead}/app/****"), (status, push.GetProperty("rtmpUrl").GetString()));
        var key = push.GetProperty("mediaSessionId").GetString()!;

        // The third pause lasts 4 s: an attempt within the next second is one that was asked for.
        var engine = app.Get<SipStreamApp.Media.Hosting.MediaEngine>();
        PushSnapshot Now() => engine.Pushes.Single(p => p.Id == key);
        await Wait.ForAsync(() => Now() is { State: PushState.Retrying, FailedAttempts: 3 }, TimeSpan.FromSeconds(30), () => Now().ToString());
        var due = Now().RetryAt!.Value;
        Assert.Equal(200, (await SendAsync(app, HttpMethod.Post, $"/rest-api/v2/pushes/{key}/retry", null)).Status);
        await Wait.ForAsync(() => Now().FailedAttempts == 4, TimeSpan.FromSeconds(20), () => Now().ToString());
        Assert.True(TimeProvider.System.GetUtcNow() < due.AddSeconds(-1), $"the attempt was made after {due}");
        Assert.Equal(404, (await SendAsync(app, HttpMethod.Post, "/rest-api/v2/pushes/nobody/retry", null)).Status);

        Assert.Equal(200, (await SendAsync(app, HttpMethod.Delete, $"{Targets}/{id}", null)).Status);
        Assert.Equal(404, (await SendAsync(app, HttpMethod.Delete, $"{Targets}/{id}", null)).Status);
        var (_, list) = await SendAsync(app, HttpMethod.Get, Targets, null);
        Assert.Equal(0, list.GetArrayLength());
        foreach (var part in (JsonElement[])[made, changed, push, wrong]) Assert.DoesNotContain(Secret, part.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(405, (await SendAsync(app, HttpMethod.Put, $"{Targets}/{id}", new { })).Status);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("?olderThanDays=0", 400)]
    [InlineData("?olderThanDays=30&dryRun=perhaps", 400)]
    [InlineData("?olderThanDays=30&dryRun=true", 200)]
    [InlineData("?olderThanDays=30", 200)]
    public async Task OldRecordings_AreNeverDeletedByAMisspeltField(string query, int status)
    {
        await using var app = await RunningApp.StartAsync();
        var (given, body) = await SendAsync(app, HttpMethod.Delete, "/rest-api/v2/recordings" + query, null);
        Assert.Equal(status, given);
        if (status == 200) Assert.Equal((0, query.Contains("dryRun", StringComparison.Ordinal)), (body.GetProperty("count").GetInt32(), body.GetProperty("dryRun").GetBoolean()));
    }

    private static async Task<(int Status, JsonElement Body)> SendAsync(RunningApp app, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await app.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
