using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Web.Signalling;
using Xunit;

namespace SipStreamApp.Tests.Web.Hooks;

/// <summary>A backend and a client of the Web SDK: what the client sees of refusals, errors, overrides and silence, while a call's media goes on.</summary>
public sealed class HookSessionTests
{
    private const string Config = """
        {"restClientConfig":{"playStream":{"restOnError":"FAIL","restPolicy":"OVERWRITE","restOverwrite":"name","restExclude":"sdp"},"stopStream":{"restPolicy":"DISABLE"}}}
        """;

    [Fact]
    public async Task Backend_RefusesFailsOverwritesAndIsSilent_TheClientSeesIt_TheCallDoesNot()
    {
        await using var backend = await HookBackend.StartAsync();
        await using var app = await RunningApp.StartAsync(["--Hooks:Apps:defaultApp:Url", backend.Url + "/hooks", "--Hooks:TimeoutSeconds", "1"]);
        await app.CallDemoAsync("running");
        await using var media = new MediaWatch(app.Get<MediaEngine>(), "running");
        backend.Answer = r => r.Hook != "connect" ? (500, "") : r.Json.GetProperty("custom").GetProperty("pass").GetString() switch
        {
            "strict" => (200, Config),
            "lenient" => (200, "{}"),
            "silent" => (0, ""),
            "broken" => (500, ""),
            _ => (403, ""),
        };

        // Refused, and the backend that says nothing or fails refuses too.
        foreach (var pass in (string[])["wrong", "silent", "broken"])
        {
            using var refused = await OpenAsync(app, pass);
            Assert.Equal(("fail", "FAILED", "Restricted access"), Of(await ReadAsync(refused)));
            Assert.Null(await ReadAsync(refused));
            Assert.Equal((WebSocketCloseStatus.PolicyViolation, "refused by the application"), (refused.CloseStatus, refused.CloseStatusDescription));
        }

        using var strict = await OpenAsync(app, "strict");
        using var lenient = await OpenAsync(app, "lenient");
        Assert.Equal("getUserData", Of(await ReadAsync(strict)).Message);
        Assert.Equal("getUserData", Of(await ReadAsync(lenient)).Message);

        // 500: the session with FAIL is refused, the other one plays.
        await PlayAsync(strict, "m1", "running");
        Assert.Equal(("notifyStreamStatusEvent", "FAILED", "Restricted access"), Of(await ReadAsync(strict)));
        await PlayAsync(lenient, "m1", "running");
        Assert.Equal("setRemoteSDP", Of(await ReadAsync(lenient)).Message);

        // No answer at all: the same, one second later.
        backend.Answer = _ => (0, "");
        var watch = Stopwatch.StartNew();
        await PlayAsync(strict, "m2", "running");
        Assert.Equal(("notifyStreamStatusEvent", "FAILED", "Restricted access"), Of(await ReadAsync(strict)));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 5);
        await PlayAsync(lenient, "m2", "running");
        Assert.Equal("setRemoteSDP", Of(await ReadAsync(lenient)).Message);

        // An override: what is asked for as "alias" is played as "running", for the session that allows it only.
        backend.Answer = _ => (200, """{"name":"running","mediaSessionId":"stolen","status":"X"}""");
        await PlayAsync(strict, "m3", "alias");
        var answer = await ReadAsync(strict);
        Assert.Equal(("setRemoteSDP", "m3"), ((string?)answer!["message"], (string?)answer["data"]![0]));
        await PlayAsync(lenient, "m4", "alias");
        Assert.Equal(("notifyStreamStatusEvent", "FAILED", "Stream not found"), Of(await ReadAsync(lenient)));
        Assert.All(backend.Requests.Where(r => r.Hook == "playStream" && r.Json.GetProperty("name").GetString() == "alias"), r => Assert.Equal("defaultApp", r.Json.GetProperty("appKey").GetString()));
        Assert.Equal([false, true], backend.Requests.Where(r => r.Hook == "playStream").TakeLast(2).Select(r => r.Json.TryGetProperty("sdp", out _)));

        // DISABLE: not asked.
        await SendAsync(strict, """{"message":"stopStream","data":[{"mediaSessionId":"m3","name":"running"}]}""");
        Assert.Equal(("notifyStreamStatusEvent", "STOPPED", "Stopped by user"), Of(await ReadAsync(strict)));
        Assert.DoesNotContain(backend.Requests, r => r.Hook == "stopStream");

        await strict.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        await backend.UntilAsync(1, r => r.Hook == "ConnectionStatusEvent" && r.Json.GetProperty("status").GetString() == "DISCONNECTED");
        media.AssertWentOn();
    }

    private static async Task<ClientWebSocket> OpenAsync(RunningApp app, string pass)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(app.Http.BaseAddress!.AbsoluteUri.Replace("http", "ws", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        await SendAsync(socket, $$$"""{"message":"connection","data":[{"appKey":"defaultApp","custom":{"pass":"{{{pass}}}"}}]}""");
        return socket;
    }

    // By the media socket, with the picture only: the answer needs neither a browser nor ffmpeg.
    private static Task PlayAsync(ClientWebSocket socket, string id, string name) => SendAsync(
        socket, $$"""{"message":"playStream","data":[{{SessionKit.PlayBody(id, name, "MSE").Replace("v=0 offer", "v=0\\r\\nm=video 0 RTP/AVP 112\\r\\n", StringComparison.Ordinal)}}]}""");

    private static Task SendAsync(ClientWebSocket socket, string frame) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    private static (string? Message, string? Status, string? Info) Of(JsonObject? frame) =>
        ((string?)frame?["message"], (string?)(frame?["data"]?[0] as JsonObject)?["status"], (string?)(frame?["data"]?[0] as JsonObject)?["info"]);

    // The next frame that is no ping; null when the socket is closed.
    private static async Task<JsonObject?> ReadAsync(ClientWebSocket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
            if (got.MessageType == WebSocketMessageType.Close) return null;
            Assert.True(got.EndOfMessage);
            var frame = (JsonObject)JsonNode.Parse(buffer.AsSpan(0, got.Count))!;
            if ((string?)frame["message"] != "ping") return frame;
        }
    }

    /// <summary>Looks at the frames of a stream all the time.</summary>
    private sealed class MediaWatch : IAsyncDisposable
    {
        private readonly MediaEngine _engine;
        private readonly StreamName _name;
        private readonly CancellationTokenSource _end = new();
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private readonly long _sound;
        private readonly long _pictures;
        private readonly Task _looking;
        private TimeSpan _longest;

        public MediaWatch(MediaEngine engine, string name)
        {
            Assert.True(StreamName.TryParse(name, out _name));
            _engine = engine;
            var stream = engine.FindStream(_name)!;
            (_sound, _pictures) = (stream.Audio?.Frames ?? 0, stream.Video?.Frames ?? 0);
            _looking = LookAsync();
        }

        public void AssertWentOn()
        {
            var stream = _engine.FindStream(_name)!;
            var (sound, pictures, seconds) = (stream.Audio!.Frames - _sound, stream.Video!.Frames - _pictures, _watch.Elapsed.TotalSeconds);
            TestContext.Current.TestOutputHelper?.WriteLine($"{seconds:0.0} s: {sound} packets of sound, {pictures} pictures, longest gap of sound {_longest.TotalMilliseconds:0} ms");
            Assert.True(seconds > 2, "Nothing was waited for");
            Assert.True(sound > 0.8 * 50 * seconds, $"{sound} packets of sound in {seconds:0.0} s");
            Assert.True(pictures > 10 * seconds, $"{pictures} pictures in {seconds:0.0} s");
            Assert.True(_longest < TimeSpan.FromMilliseconds(800), $"A gap of {_longest.TotalMilliseconds:0} ms");
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _end.Dispose();
        }

        private async Task LookAsync()
        {
            while (true)
            {
                if (_engine.FindStream(_name)?.Audio?.SinceLastFrame is { } gap && gap > _longest) _longest = gap;
                await Task.Delay(20, _end.Token);
            }
        }
    }
}
