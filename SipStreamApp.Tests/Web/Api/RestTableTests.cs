using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Signalling;
using SipStreamApp.Tests.Media.Codecs;
using Xunit;

namespace SipStreamApp.Tests.Web.Api;

/// <summary>Every method of the contract and every status code of its tables, at both addresses of the interface, against one running call.</summary>
public sealed class RestTableTests(RestTableTests.Host host) : IClassFixture<RestTableTests.Host>
{
    [Theory]
    // /call
    [InlineData("/call/startup", """{"callId":"up","callee":"demo","sipLogin":"a","sipDomain":"127.0.0.1"}""", 409)]
    [InlineData("/call/startup", """{"callId":"x","toStream":"up","callee":"demo","sipLogin":"a","sipDomain":"127.0.0.1"}""", 409)]
    [InlineData("/call/startup", """{"callId":"x","callee":"demo","sipLogin":"a","sipDomain":"127.0.0.1","rtmpUrl":"rtmp://"}""", 400)]
    [InlineData("/call/startup", """{"callId":"x"}""", 500)]
    [InlineData("/call/startup", """{"callId":"x","callee":"demo","sipLogin":"a","sipDomain":"127.0.0.1","rtmpUrl":"rtmp://127.0.0.1:9/live","rtmpStream":"rtmp_up"}""", 409)]
    [InlineData("/call/find", """{"callId":"up"}""", 200)]
    [InlineData("/call/find", """{"callee":"demo","status":"ESTABLISHED"}""", 200)]
    [InlineData("/call/find", """{"callId":"gone"}""", 404)]
    [InlineData("/call/find", """{"callId":{"x":1}}""", 500)]
    [InlineData("/call/find_all", "", 200)]
    [InlineData("/call/find_all", null, 200)]
    [InlineData("/call/terminate", """{"callId":"gone"}""", 404)]
    [InlineData("/call/terminate", """{}""", 500)]
    [InlineData("/call/send_dtmf", """{"callId":"up","dtmf":"1","type":"RFC2833"}""", 200)]
    [InlineData("/call/send_dtmf", """{"callId":"gone","dtmf":"1","type":"RFC2833"}""", 404)]
    [InlineData("/call/send_dtmf", """{"callId":"up","dtmf":"x","type":"RFC2833"}""", 500)]
    [InlineData("/call/send_dtmf", """{"callId":"up","dtmf":"1","type":"MORSE"}""", 500)]
    [InlineData("/call/inject_sound", """{"callId":"gone","fileName":"sample.wav"}""", 404)]
    [InlineData("/call/inject_sound", """{"callId":"up","fileName":"gone.wav"}""", 404)]
    [InlineData("/call/inject_sound", """{"callId":"up"}""", 500)]
    [InlineData("/call/inject_stream/startup", """{"callId":"gone","streamName":"up"}""", 404)]
    [InlineData("/call/inject_stream/startup", """{"callId":"up","streamName":"gone"}""", 404)]
    [InlineData("/call/inject_stream/startup", """{"callId":"up"}""", 500)]
    [InlineData("/call/inject_stream", """{"callId":"up","streamName":"gone"}""", 404)]
    [InlineData("/call/inject_stream", """{"callId":"up","streamName":"a b"}""", 500)]
    [InlineData("/call/inject_stream/terminate", """{"callId":"up"}""", 200)]
    [InlineData("/call/inject_stream/terminate", """{"callId":"gone"}""", 404)]
    [InlineData("/call/inject_stream/terminate", """{}""", 500)]
    [InlineData("/call/hold", """{"callId":"gone"}""", 404)]
    [InlineData("/call/hold", """{}""", 500)]
    [InlineData("/call/unhold", """{"callId":"gone"}""", 404)]
    [InlineData("/call/transfer", """{"callId":"gone","target":"10007"}""", 404)]
    [InlineData("/call/transfer", """{"callId":"up"}""", 500)]
    [InlineData("/call/transfer", """{"callId":"up","target":"sip:"}""", 500)]
    // /push
    [InlineData("/push/startup", """{"streamName":"up"}""", 400)]
    [InlineData("/push/startup", """{"rtmpUrl":"rtmp://127.0.0.1:9/live"}""", 500)]
    [InlineData("/push/startup", """{"streamName":"up","rtmpUrl":"rtmp://127.0.0.1:9/other","options":{"action":"dance"}}""", 500)]
    [InlineData("/push/startup", """{"streamName":"up","rtmpUrl":"nonsense"}""", 400)]
    [InlineData("/push/startup", """{"streamName":"gone","rtmpUrl":"rtmp://127.0.0.1:9/live"}""", 404)]
    [InlineData("/push/startup", """{"streamName":"up","rtmpUrl":"rtmp://127.0.0.1:9/live","rtmpTransponderFullUrl":"false","rtmpFlashVersion":"LNX","options":{}}""", 409)]
    [InlineData("/push/find", """{"streamName":"rtmp_up","rtmpUrl":"rtmp://127.0.0.1:9/live"}""", 200)]
    [InlineData("/push/find", """{"streamName":"up","rtmpUrl":"rtmp://127.0.0.1:9/live"}""", 404)]
    [InlineData("/push/find", """{"streamName":["up"]}""", 500)]
    [InlineData("/push/find_all", null, 200)]
    [InlineData("/push/terminate", """{}""", 500)]
    [InlineData("/push/terminate", """{"mediaSessionId":"gone"}""", 404)]
    [InlineData("/push/mute", """{"mediaSessionId":"gone"}""", 404)]
    [InlineData("/push/unmute", """{"mediaSessionId":"gone"}""", 404)]
    [InlineData("/push/sound_on", """{"mediaSessionId":"gone","soundFile":"sample.wav","loop":"false"}""", 404)]
    [InlineData("/push/sound_off", """{"mediaSessionId":"gone"}""", 404)]
    [InlineData("/push/mute", """{}""", 500)]
    [InlineData("/push/unmute", """{"mediaSessionId":""}""", 500)]
    [InlineData("/push/sound_on", """{"mediaSessionId":"PUSH"}""", 500)]
    [InlineData("/push/sound_on", """{"mediaSessionId":"PUSH","soundFile":"sample.wav","loop":"maybe"}""", 500)]
    [InlineData("/push/sound_off", """{}""", 500)]
    [InlineData("/push/mute", """{"mediaSessionId":"PUSH"}""", 200)]
    [InlineData("/push/unmute", """{"mediaSessionId":"PUSH"}""", 200)]
    [InlineData("/push/sound_on", """{"mediaSessionId":"PUSH","soundFile":"gone.wav","loop":false}""", 404)]
    [InlineData("/push/sound_off", """{"mediaSessionId":"PUSH"}""", 200)]
    // /stream
    [InlineData("/stream/find", """{"name":"up"}""", 200)]
    [InlineData("/stream/find", """{"name":"up","published":"true","status":"PUBLISHING","display":["metrics"]}""", 200)]
    [InlineData("/stream/find", """{"mediaSessionId":"viewer-play","published":false}""", 200)]
    [InlineData("/stream/find", """{}""", 200)]
    [InlineData("/stream/find", """{"name":"up","published":"false","status":"PUBLISHING"}""", 404)]
    [InlineData("/stream/find", """{"name":"gone"}""", 404)]
    [InlineData("/stream/find", """{"published":"perhaps"}""", 500)]
    [InlineData("/stream/find", """{"streamNaem":"up"}""", 500)]
    [InlineData("/stream/find_all", null, 200)]
    [InlineData("/stream/find_all", "", 200)]
    [InlineData("/stream/terminate", """{"mediaSessionId":"gone"}""", 404)]
    [InlineData("/stream/terminate", """{"mediaSessionIds":["gone","gone2"]}""", 404)]
    [InlineData("/stream/terminate", """{"mediaSessionIds":"gone"}""", 500)]
    [InlineData("/stream/terminate", """{"streamName":"up"}""", 500)]
    [InlineData("/stream/startRecording", """{"mediaSessionId":"gone"}""", 404)]
    [InlineData("/stream/startRecording", """{"mediaSessionId":"up","config":{"rotation":"much"}}""", 500)]
    [InlineData("/stream/stopRecording", """{"mediaSessionId":"up"}""", 404)]
    [InlineData("/stream/stopRecording", """{}""", 500)]
    [InlineData("/stream/snapshot", """{"streamName":"gone"}""", 404)]
    [InlineData("/stream/snapshot", """{"mediaSessionId":"gone"}""", 404)]
    [InlineData("/stream/snapshot", """{}""", 500)]
    [InlineData("/stream/event/send", """{"streamName":"up","payload":{"count":1}}""", 200)]
    [InlineData("/stream/event/send", """{"streamName":"gone","payload":{}}""", 404)]
    [InlineData("/stream/event/send", """{"payload":{}}""", 500)]
    // /recorder
    [InlineData("/recorder/startup", """{"mediaSessionId":"gone"}""", 404)]
    [InlineData("/recorder/startup", """{"mediaSessionId":"up","config":{"fileTemplate":"{nonsense}"}}""", 500)]
    [InlineData("/recorder/startup", """{}""", 500)]
    [InlineData("/recorder/terminate", """{"mediaSessionId":"gone"}""", 404)]
    [InlineData("/recorder/terminate", """{}""", 500)]
    // /connection, /data
    [InlineData("/connection/find", """{"sessionId":"viewer"}""", 200)]
    [InlineData("/connection/find", """{"appKey":"other"}""", 404)]
    [InlineData("/connection/find_all", null, 200)]
    [InlineData("/connection/find_all", "", 200)]
    [InlineData("/connection/terminate", """{"sessionId":"gone"}""", 404)]
    [InlineData("/connection/terminate", """{}""", 500)]
    [InlineData("/data/send", """{"nodeId":"n","operationId":"o","sessionId":"viewer","payload":{"a":1}}""", 200)]
    [InlineData("/data/send", """{"operationId":"o","sessionIds":["viewer","gone"],"payload":"text"}""", 200)]
    [InlineData("/data/send", """{"operationId":"o","sessionId":"gone","payload":{}}""", 404)]
    [InlineData("/data/send", """{"operationId":"o","payload":{}}""", 500)]
    // Outside of this product.
    [InlineData("/rtsp/startup", """{"uri":"rtsp://camera","localStreamName":"a"}""", 501)]
    [InlineData("/rtsp/find_all", null, 501)]
    [InlineData("/mixer/startup", """{"uri":"mixer://m","localStreamName":"m"}""", 501)]
    [InlineData("/transcoder/startup", """{}""", 501)]
    [InlineData("/cdn/show_routes", null, 501)]
    [InlineData("/vod/startup", """{"uri":"vod://f.mp4"}""", 501)]
    [InlineData("/pull/pull", """{}""", 501)]
    [InlineData("/pull/rtmp/pull", """{}""", 501)]
    [InlineData("/hls/startup", """{}""", 501)]
    [InlineData("/api/call", """{}""", 501)]
    [InlineData("/jobs/find", """{}""", 501)]
    [InlineData("/connection/set_log_level", """{}""", 501)]
    [InlineData("/nonsense/find", """{}""", 404)]
    public async Task Method_WithThisBody_AnswersWithTheCodeOfTheTable(string path, string? body, int answered)
    {
        foreach (var prefix in (string[])["/rest-api", "/rest-api/v3"])
        {
            // The newer address says whose fault a wrong parameter is.
            var status = answered == 500 && prefix != "/rest-api" ? 400 : answered;
            using var response = await SendAsync(host.App, prefix + path, body?.Replace("PUSH", host.Push, StringComparison.Ordinal));
            var text = await response.Content.ReadAsStringAsync();

            Assert.True(status == (int)response.StatusCode, $"{prefix}{path} {body}: {(int)response.StatusCode} {text}");
            if (status >= 400)
            {
                using var problem = JsonDocument.Parse(text);
                Assert.Equal(("application/problem+json", status, prefix + path),
                    (response.Content.Headers.ContentType?.MediaType, problem.RootElement.GetProperty("status").GetInt32(), problem.RootElement.GetProperty("instance").GetString()));
                Assert.NotEqual("", problem.RootElement.GetProperty("title").GetString());
            }
            else if (path.Contains("find", StringComparison.Ordinal))
            {
                using var list = JsonDocument.Parse(text);
                Assert.Equal((JsonValueKind.Array, "application/json"), (list.RootElement.ValueKind, response.Content.Headers.ContentType?.MediaType));
            }
            else
            {
                Assert.Equal(("", 0L), (text, response.Content.Headers.ContentLength));
            }
        }
    }

    private CallStatus? StatusOf(string call) => host.App.Get<MediaEngine>().FindCall(new CallId(call))?.Status;

    [Theory]
    [InlineData("/rest-api")]
    [InlineData("/rest-api/v3")]
    public async Task Methods_ThatDoSomething_Answer200WithAnEmptyBody(string prefix)
    {
        var (call, stream) = ("do" + prefix.Length, "to" + prefix.Length);
        var target = "rtmp://127.0.0.1:9/" + call;
        await OkAsync("/call/startup", new { callId = call, callee = "demo", toStream = stream, sipLogin = "a", sipDomain = "127.0.0.1", sipPort = host.App.Get<MediaEngine>().Snapshot().SipPort });
        await Kit.Wait.ForAsync(() => host.App.Get<MediaEngine>().Streams.Any(s => s.Name.Value == stream && s.State == StreamState.Live), TimeSpan.FromSeconds(20), () => "The call was not answered");
        await File.WriteAllBytesAsync(Path.Combine(host.Media, "sample.wav"), WavFileTests.Wav(1, 1, 8000, 16, new byte[16000]));

        await OkAsync("/call/inject_sound", new { callId = call, fileName = "sample.wav" });
        await OkAsync("/call/inject_stream/startup", new { callId = call, streamName = "up" });
        await OkAsync("/call/inject_stream/terminate", new { callId = call });
        await OkAsync("/call/inject_stream", new { callId = call, streamName = "up" });
        await OkAsync("/call/send_dtmf", new { callId = call, dtmf = "5", type = "INFO_RELAY" });
        await OkAsync("/call/hold", new { callId = call });
        Assert.Equal(CallStatus.Hold, StatusOf(call));
        await OkAsync("/call/unhold", new { callId = call });
        Assert.Equal(CallStatus.Established, StatusOf(call));

        using var push = JsonDocument.Parse(await SendOkAsync("/push/startup", new { streamName = stream, rtmpUrl = target, options = new { action = "sound_on", soundFile = "sample.wav" } }));
        var id = push.RootElement.GetProperty("mediaSessionId").GetString();
        foreach (var path in (string[])["/push/sound_off", "/push/mute", "/push/unmute"]) await OkAsync(path, new { mediaSessionId = id });
        await OkAsync("/push/sound_on", new { mediaSessionId = id, soundFile = "sample.wav", loop = true });
        await OkAsync("/push/terminate", new { mediaSessionId = id });

        await OkAsync("/recorder/startup", new { mediaSessionId = call, config = new { fileTemplate = "{streamName}-a", rotation = "20M" } });
        Assert.StartsWith("[{", await SendOkAsync("/recorder/find_all", new { }), StringComparison.Ordinal);
        await OkAsync("/recorder/terminate", new { mediaSessionId = call });
        await OkAsync("/stream/startRecording", new { mediaSessionId = call });
        await OkAsync("/stream/stopRecording", new { mediaSessionId = call });

        host.Sessions.Add(FakeSessions.Session(call, stream));
        await OkAsync("/stream/terminate", new { mediaSessionId = call + "-play" });
        await OkAsync("/connection/terminate", new { sessionId = call });
        await OkAsync("/call/terminate", new { callId = call });

        async Task OkAsync(string path, object body) => Assert.Equal("", await SendOkAsync(path, body));

        async Task<string> SendOkAsync(string path, object body)
        {
            using var response = await SendAsync(host.App, prefix + path, JsonSerializer.Serialize(body));
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == System.Net.HttpStatusCode.OK, $"{path}: {(int)response.StatusCode} {text}");
            return text;
        }
    }

    [Theory]
    [InlineData("/call/find_all")]
    [InlineData("/call/find")]
    [InlineData("/push/find_all")]
    [InlineData("/push/find")]
    [InlineData("/stream/find_all")]
    [InlineData("/stream/find")]
    [InlineData("/stream/terminate")]
    [InlineData("/connection/find_all")]
    [InlineData("/connection/find")]
    [InlineData("/recorder/find_all")]
    public async Task List_ThatIsEmpty_Is404(string path)
    {
        using var response = await SendAsync(host.Idle, "/rest-api" + path, "");
        Assert.Equal(404, (int)response.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(RunningApp app, string path, string? body)
    {
        if (body is null) return await app.Http.GetAsync(path);
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json;charset=UTF-8");
        return await app.Http.PostAsync(path, content);
    }

    /// <summary>One call that is up, one push of it that finds no server, and one browser that watches.</summary>
    public sealed class Host : IAsyncLifetime
    {
        internal RunningApp App { get; private set; } = default!;

        internal RunningApp Idle { get; private set; } = default!;

        internal string Media => Directory.CreateDirectory(Path.Combine(App.Get<AppSettings>().DataDirectory, "media")).FullName;

        internal FakeSessions Sessions { get; } = new();

        internal string Push { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Idle = await RunningApp.StartAsync();
            App = await RunningApp.StartAsync(services: s => s.AddSingleton<IClientSessions>(Sessions));
            Sessions.Add(FakeSessions.Session("viewer", "up"));
            await App.CallDemoAsync("up");
            using var push = await SendAsync(App, "/rest-api/push/startup", """{"streamName":"up","rtmpUrl":"rtmp://127.0.0.1:9/live"}""");
            Assert.Equal(200, (int)push.StatusCode);
            using var shown = JsonDocument.Parse(await push.Content.ReadAsStringAsync());
            Push = shown.RootElement.GetProperty("mediaSessionId").GetString()!;
        }

        public async ValueTask DisposeAsync()
        {
            await Idle.DisposeAsync();
            await App.DisposeAsync();
        }
    }
}
