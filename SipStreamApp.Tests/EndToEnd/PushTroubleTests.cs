using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Servers that go away, hang, refuse or are not there; the call and the other targets never notice.</summary>
public class PushTroubleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Push_WhenTheServerIsAwayFor8Seconds_RecoversByItself()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("back");
        var push = await app.StartPushAsync("back", nginx.Url);
        var before = await app.UntilPushAsync(push, PushState.Publishing, Limit);
        await Wait.ForAsync(() => app.Push(push).BytesSent > 50_000, Limit, () => $"{app.Push(push)}");
        Assert.Equal((0, null), (before.Reconnects, before.Cause));

        var away = Stopwatch.StartNew();
        await nginx.StopAsync();
        var broken = await app.UntilPushAsync(push, PushState.Retrying, TimeSpan.FromSeconds(5));
        Assert.NotNull(broken.Cause);
        Assert.Equal(0, broken.BitrateKbps);
        var refused = app.Push(push);
        await Wait.ForAsync(() => (refused = app.Push(push)).Cause?.Code == "connection-refused", TimeSpan.FromSeconds(6), () => $"{app.Push(push)}");
        Assert.Null(refused.PublishingSince);
        var sent = refused.BytesSent;
        await Task.Delay(TimeSpan.FromSeconds(8) - away.Elapsed is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        Assert.Equal(sent, app.Push(push).BytesSent);

        await nginx.StartAgainAsync();
        var after = await app.UntilPushAsync(push, PushState.Publishing, Limit);
        Assert.Equal((1, null), (after.Reconnects, after.Cause));
        var received = await nginx.ReceiveAsync("rtmp_back", 4);
        Assert.True(received.StartsWithKeyframe());
        Assert.True(received.Hears(440));
        Assert.True(app.Push(push).BytesSent > sent);
        await app.UntilStatusAsync("back", "ESTABLISHED", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Push_ToTwoTargetsOfWhichOneIsDeadAndOneHangs_LeavesTheGoodOneUntouched()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync();
        // Takes connections and never says a word.
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await app.CallDemoAsync("many");
        var good = await app.StartPushAsync("many", nginx.Url);
        await app.UntilPushAsync(good, PushState.Publishing, Limit);
        var watch = Stopwatch.StartNew();
        var dead = await app.StartPushAsync("many", $"rtmp://127.0.0.1:{FreePort.Next()}/live");
        var hung = await app.StartPushAsync("many", $"rtmp://127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}/live");

        var gone = await app.UntilPushAsync(dead, PushState.Retrying, TimeSpan.FromSeconds(8));
        Assert.Equal("connection-refused", gone.Cause?.Code);
        var silent = await app.UntilPushAsync(hung, PushState.Retrying, TimeSpan.FromSeconds(14));
        Assert.Equal("no-answer", silent.Cause?.Code);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(14), $"noticed after {watch.Elapsed}");
        Assert.Equal(0, silent.BytesSent);
        var received = await nginx.ReceiveAsync("rtmp_many", 4);
        Assert.True(received.Hears(440));
        Assert.Equal((PushState.Publishing, 0, 0L), (app.Push(good).State, app.Push(good).Reconnects, app.Push(good).Dropped));

        using var end = await app.PostAsync("/push/terminate", new { mediaSessionId = hung.GetProperty("mediaSessionId").GetString() });
        Assert.Equal(HttpStatusCode.OK, end.StatusCode);
        Assert.Equal(PushState.Stopped, app.Push(hung).State);
        using var call = await app.PostAsync("/call/terminate", new { callId = "many" });
        await app.UntilPushAsync(good, PushState.Stopped, TimeSpan.FromSeconds(5));
        var failed = await app.UntilPushAsync(dead, PushState.Failed, TimeSpan.FromSeconds(5));
        Assert.Equal("connection-refused", failed.Cause?.Code);
        await Wait.ForAsync(() => app.Engine.Frames.Outstanding == 0, TimeSpan.FromSeconds(5), () => $"{app.Engine.Frames.Outstanding} frames are left behind");
    }

    [Fact]
    public async Task Push_ToAnApplicationThatRefuses_SaysSoAndBacksOff()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync("--Serilog:MinimumLevel:Default", "Debug");
        await app.CallDemoAsync("denied");
        var push = await app.StartPushAsync("denied", $"rtmp://127.0.0.1:{nginx.Port}/closed/very-secret-key", fullUrl: true);
        await Wait.ForAsync(() => app.Push(push) is { State: PushState.Retrying, FailedAttempts: >= 2 }, Limit, () => $"{app.Push(push)}");
        var seen = app.Push(push);
        Assert.Equal("closed-at-once", seen.Cause?.Code);
        Assert.Equal($"rtmp://127.0.0.1:{nginx.Port}/closed/****", seen.Target);
        Assert.DoesNotContain("very-secret-key", $"{seen}", StringComparison.Ordinal);
        using var all = await app.Http.GetAsync("/rest-api/push/find_all");
        Assert.DoesNotContain("very-secret-key", await all.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var call = await app.PostAsync("/call/terminate", new { callId = "denied" });
        await app.UntilPushAsync(push, PushState.Failed, TimeSpan.FromSeconds(5));

        var logs = await ReadLogsAsync(app);
        Assert.Contains("/closed/****", logs, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret-key", logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_WithoutFfmpeg_FailsWithWordsAndTheCallGoesOn()
    {
        await using var app = await RunningApp.StartAsync("--Media:Ffmpeg", "/nowhere/ffmpeg");
        await app.CallDemoAsync("bare");
        var push = await app.StartPushAsync("bare", "rtmp://127.0.0.1/live");
        var failed = await app.UntilPushAsync(push, PushState.Failed, Limit);
        Assert.Equal("ffmpeg-missing", failed.Cause?.Code);
        await app.UntilStatusAsync("bare", "ESTABLISHED", TimeSpan.FromSeconds(5));
    }

    // Debug lines hold ffmpeg's own words, so they are read too.
    private static async Task<string> ReadLogsAsync(RunningApp app)
    {
        var text = "";
        foreach (var file in Directory.GetFiles(Path.Combine(app.DataFolder, "logs")))
        {
            await using var log = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(log);
            text += await reader.ReadToEndAsync();
        }

        return text;
    }
}
