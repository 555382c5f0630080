using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The demo call sent to a real RTMP server and received from there.</summary>
public class PushTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Startup_OfTheDemoCall_IsReceivedFromNginxInSync()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("show");

        var push = await app.StartPushAsync("show", nginx.Url);
        Assert.Equal("rtmp_show", push.GetProperty("streamName").GetString());
        await app.UntilPushAsync(push, PushState.Publishing, Limit);
        var received = await nginx.ReceiveAsync("rtmp_show", 8);

        Assert.Equal(["h264,640,360", "aac,48000,2"], received.Streams());
        Assert.True(received.StartsWithKeyframe());
        Assert.True(received.Hears(440));
        var (flashes, beeps) = (received.Flashes(), received.Beeps());
        Assert.InRange(flashes.Count, 4, 9);
        foreach (var flash in flashes.Where(f => f > 1 && f < 6))
        {
            var nearest = beeps.MinBy(b => Math.Abs(b - flash));
            Assert.True(Math.Abs(nearest - flash) < 0.040, $"Flashes at {string.Join(' ', flashes)}, beeps at {string.Join(' ', beeps)}");
        }
    }

    [Theory]
    [InlineData("PCMU")]
    [InlineData("PCMA")]
    [InlineData("G722")]
    public async Task Startup_WithTelephoneSound_IsHeardAsAac(string codec)
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync("--Media:AudioCodecs", codec);
        await app.CallDemoAsync("tone");
        await app.UntilPushAsync(await app.StartPushAsync("tone", nginx.Url), PushState.Publishing, Limit);
        var received = await nginx.ReceiveAsync("rtmp_tone", 3);
        Assert.Equal(["h264,640,360", "aac,48000,1"], received.Streams());
        Assert.True(received.Hears(440));
    }

    [Fact]
    public async Task Startup_OfSoundAloneAndOfPictureAlone_SendsJustThat()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("sound", video: false);
        await app.CallDemoAsync("picture", audio: false);
        await app.CallDemoAsync("nopicture", "demo-audio");
        var pushes = new[] { await app.StartPushAsync("sound", nginx.Url), await app.StartPushAsync("picture", nginx.Url), await app.StartPushAsync("nopicture", nginx.Url) };
        foreach (var push in pushes) await app.UntilPushAsync(push, PushState.Publishing, Limit);
        var sound = await nginx.ReceiveAsync("rtmp_sound", 3);
        Assert.Equal(["aac,48000,2"], sound.Streams());
        Assert.True(sound.Hears(440));
        Assert.Equal(["h264,640,360"], (await nginx.ReceiveAsync("rtmp_picture", 3)).Streams());
        Assert.Equal(["aac,48000,2"], (await nginx.ReceiveAsync("rtmp_nopicture", 3)).Streams());
    }

    [Fact]
    public async Task Startup_WithTheCall_IsSipAsRtmp()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync();
        var call = app.DemoCall("both", "demo-ring");
        (call["rtmpUrl"], call["rtmpStream"]) = (nginx.Url, "out");
        using (var answer = await app.PostAsync("/call/startup", call)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        // It still rings: the push waits for the stream.
        Assert.Equal("PENDING", (await app.FindCallAsync("both"))?.GetProperty("rtmpStreamStatus").GetString());
        var again = app.DemoCall("other");
        (again["rtmpUrl"], again["rtmpStream"]) = (nginx.Url, "out");
        using (var taken = await app.PostAsync("/call/startup", again)) Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        Assert.Null(await app.FindCallAsync("other"));

        Assert.True(await Wait.UntilAsync(async () => (await app.FindCallAsync("both"))?.GetProperty("rtmpStreamStatus").GetString() == "PUBLISHING", TimeSpan.FromSeconds(40)));
        Assert.Equal(["h264,640,360", "aac,48000,2"], (await nginx.ReceiveAsync("out", 3)).Streams());
        using var end = await app.PostAsync("/call/terminate", new { callId = "both" });
        await Wait.ForAsync(() => app.Engine.Pushes.Single().State == PushState.Stopped, TimeSpan.FromSeconds(6), () => $"{app.Engine.Pushes.Single()}");
    }

    [Fact]
    public async Task MuteAndSoundOn_ChangeWhatIsHeardWithoutABreak()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync();
        var media = Directory.CreateDirectory(Path.Combine(app.DataFolder, "media")).FullName;
        await PeerProcess.RunAsync("ffmpeg", media, "-v", "error", "-f", "lavfi", "-i", "sine=1800:r=44100", "-t", "2", "sample.wav");
        await app.CallDemoAsync("quiet");
        var push = await app.StartPushAsync("quiet", nginx.Url, options: new { action = "mute" });
        var id = push.GetProperty("mediaSessionId").GetString();
        await app.UntilPushAsync(push, PushState.Publishing, Limit);
        Assert.InRange((await nginx.ReceiveAsync("rtmp_quiet", 3)).Peak(1), 0, 50);

        using (var on = await app.PostAsync("/push/sound_on", new { mediaSessionId = id, soundFile = "sample.wav", loop = "true" })) Assert.Equal(HttpStatusCode.OK, on.StatusCode);
        var played = await nginx.ReceiveAsync("rtmp_quiet", 4);
        Assert.True(played.Hears(1800, 2));
        Assert.False(played.Hears(440, 2));

        foreach (var path in new[] { "/push/sound_off", "/push/unmute" })
        {
            using var answer = await app.PostAsync(path, new { mediaSessionId = id });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.True((await nginx.ReceiveAsync("rtmp_quiet", 4)).Hears(440, 2));
        Assert.Equal((PushState.Publishing, 0), (app.Push(push).State, app.Push(push).Reconnects));
        using var missing = await app.PostAsync("/push/sound_on", new { mediaSessionId = id, soundFile = "../sipstreamapp.db" });
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task RestMethods_AnswerInTheWordsOfTheContract()
    {
        await using var app = await RunningApp.StartAsync("--Sip:DemoCallee", "true");
        Assert.Equal(404, await StatusAsync(app, "/push/find_all", new { }));
        await app.CallDemoAsync("rest", "demo-ring");
        var url = $"rtmp://127.0.0.1:{FreePort.Next()}/live";
        Assert.Equal(404, await StatusAsync(app, "/push/startup", new { streamName = "nosuch", rtmpUrl = url }));
        Assert.Equal(400, await StatusAsync(app, "/push/startup", new { streamName = "rest" }));
        foreach (var bad in new[] { "http://h/app", "-i", "rtmp://h/app live=1", "rtmp:///app", "file:///etc/passwd", "rtmp://h/\na", "tee:rtmp://h/a", "srt://host" })
            Assert.Equal(400, await StatusAsync(app, "/push/startup", new { streamName = "rest", rtmpUrl = bad }));

        var push = await app.StartPushAsync("rest", url);
        Assert.Equal("WAITING", push.GetProperty("status").GetString());
        Assert.Equal(409, await StatusAsync(app, "/push/startup", new { streamName = "rest", rtmpUrl = url }));
        Assert.Equal(200, await StatusAsync(app, "/push/startup", new { streamName = "rest", rtmpUrl = url + "2" }));
        Assert.Equal(200, await StatusAsync(app, "/push/find", new { streamName = "rtmp_rest", rtmpUrl = url }));
        Assert.Equal(404, await StatusAsync(app, "/push/find", new { streamName = "rest" }));
        var id = push.GetProperty("mediaSessionId").GetString();
        Assert.Equal(200, await StatusAsync(app, "/push/terminate", new { mediaSessionId = id }));
        Assert.Equal(404, await StatusAsync(app, "/push/terminate", new { mediaSessionId = id }));
        Assert.Equal(404, await StatusAsync(app, "/push/mute", new { mediaSessionId = id }));
        Assert.Equal(500, await StatusAsync(app, "/push/unmute", new { }));
        using var all = await app.Http.GetAsync("/rest-api/push/find_all");
        Assert.Equal(1, (await all.Content.ReadFromJsonAsync<JsonElement>()).GetArrayLength());
        Assert.NotNull(await app.FindCallAsync("rest"));
    }

    private static async Task<int> StatusAsync(RunningApp app, string path, object body)
    {
        using var answer = await app.PostAsync(path, body);
        return (int)answer.StatusCode;
    }
}
