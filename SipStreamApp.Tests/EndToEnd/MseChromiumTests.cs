using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Phones;
using SipStreamApp.Tests.Repository;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Our player and hls.js in a real browser, fed by MSE and HLS.</summary>
public class MseChromiumTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Player_UdpBlockedOrNoCommonCodec_FallsBackToMseAndSaysWhy()
    {
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        await app.CallDemoAsync("p1");
        await app.UntilStatusAsync("p1", "ESTABLISHED", Soon);
        var page = await OpenAsync(chromium, app, "p1", "auto", BlockUdp);
        // A browser without H.264 in WebRTC offers none, and is answered so.
        var other = await OpenAsync(chromium, app, "p1", "auto", HideH264);
        var codec = await UntilAsync(other, f => f is { State: "playing", Method: "mse", Frames: > 10 });
        Assert.Equal("no common codec", codec.Reason);
        Assert.Contains("by MSE: no common codec", codec.Text, StringComparison.Ordinal);
        Assert.InRange(codec.FirstFrameMs, 1, 4000);
        var seen = await UntilAsync(page, f => f is { State: "playing", Method: "mse", Frames: > 10 });
        Assert.Equal("UDP seems to be blocked", seen.Reason);
        Assert.Contains("by MSE: UDP seems to be blocked", seen.Text, StringComparison.Ordinal);
        Assert.InRange(seen.FirstFrameMs, 2500, 9000);
    }

    [Fact]
    public async Task Play_CallWithVp8_IsRefusedInWordsByHlsMseAndPlayer()
    {
        var still = StillPicture.Load();
        await using var phone = TestPhone.Start(new TestPhoneOptions { Picture = new PhoneClip(still.Vp8Format, [still.Vp8], [true]) });
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        await phone.CallFromAsync(app, "p8");
        await app.UntilStatusAsync("p8", "ESTABLISHED", Soon);
        using var hls = await app.Http.GetAsync("/hls/p8/index.m3u8");
        Assert.Equal(HttpStatusCode.NotAcceptable, hls.StatusCode);
        var problem = await hls.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("no-common-codec", problem.GetProperty("code").GetString());
        Assert.Contains("H264 first in Media:VideoCodecs", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var mse = await MseClient.ListenAsync(app, "p8", Soon);
        Assert.Equal(("no-common-codec", 4503), (mse.First("error").GetProperty("code").GetString(), mse.CloseStatus));

        // By WebRTC it plays; where that does not get through the player says both reasons.
        await UntilAsync(await OpenAsync(chromium, app, "p8", "auto"), f => f is { State: "playing", Method: "webrtc", Frames: > 10 });
        var failed = await UntilAsync(await OpenAsync(chromium, app, "p8", "auto", BlockUdp), f => f.State == "failed");
        Assert.StartsWith("The picture of this stream is VP8, which browsers play by WebRTC only", failed.Text, StringComparison.Ordinal);
        Assert.Contains("UDP seems to be blocked", failed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HlsJs_LowLatency_StaysLessThanThreeSecondsBehind()
    {
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        await app.CallDemoAsync("p1");
        await app.UntilStatusAsync("p1", "ESTABLISHED", Soon);
        var page = await chromium.Browser.NewPageAsync();
        await page.GotoAsync(app.Url + "/openapi/v1.json");
        await page.EvaluateAsync("() => { document.body.innerHTML = '<video id=v muted playsinline></video>'; }");
        await page.AddScriptTagAsync(new PageAddScriptTagOptions { Path = Path.Combine(SourceTree.Root, "SipStreamApp.Tests", "node_modules", "hls.js", "dist", "hls.min.js") });
        await page.EvaluateAsync(HlsScript, $"{app.Url}/hls/p1/index.m3u8");
        var figures = default(JsonElement);
        var isNear = await Wait.UntilAsync(
            async () =>
            {
                figures = await page.EvaluateAsync<JsonElement>(HlsFigures);
                return figures.GetProperty("frames").GetInt32() > 100 && Near(figures, "latency") && Near(figures, "behind");
            },
            TimeSpan.FromSeconds(30), pollMs: 250);
        Assert.True(isNear && figures.GetProperty("lowLatency").GetBoolean(), figures.ToString());
        Assert.Equal(0, figures.GetProperty("errors").GetArrayLength());
    }

    private static bool Near(JsonElement figures, string name) => figures.GetProperty(name) is { ValueKind: JsonValueKind.Number } value && value.GetDouble() is > 0 and < 3;

    internal static async Task<IPage> OpenAsync(Chromium chromium, RunningApp app, string stream, string method, string? script = null)
    {
        var page = await chromium.Browser.NewPageAsync();
        if (script is not null) await page.AddInitScriptAsync(script);
        await page.GotoAsync(app.Url + "/player/demo.html");
        await page.EvaluateAsync(
            "([stream, method]) => { const p = document.querySelector('sip-stream-player'); p.method = method; p.muted = true; p.stream = stream; p.play(); }", new[] { stream, method });
        return page;
    }

    internal static async Task<Figures> FiguresAsync(IPage page) => JsonSerializer.Deserialize<Figures>(await page.EvaluateAsync<string>(
        """
        async () => {
          const p = document.querySelector('sip-stream-player'), s = await p.stats(), u = p.usedMethod;
          return JSON.stringify({ state: p.state, text: p.text, method: u.method, reason: u.reason, frames: s?.framesDecoded ?? 0,
            latency: (s?.latencyMs ?? -1000) / 1000, time: p.video.currentTime, firstFrameMs: p.firstFrameMs ?? 0 });
        }
        """), JsonSerializerOptions.Web)!;

    internal static async Task<Figures> UntilAsync(IPage page, Func<Figures, bool> pleased)
    {
        var last = await FiguresAsync(page);
        var ok = await Wait.UntilAsync(async () => pleased(last = await FiguresAsync(page)), Soon);
        Assert.True(ok, last.ToString());
        return last;
    }

    private const string BlockUdp =
        "const set = RTCPeerConnection.prototype.setRemoteDescription; RTCPeerConnection.prototype.setRemoteDescription = function (d) { return set.call(this, { type: d.type, sdp: d.sdp.replace(/a=candidate[^\\r\\n]*\\r\\n/g, '') }); };";

    private const string HideH264 =
        "const send = window.fetch; window.fetch = (url, how) => send(url, how?.body ? { ...how, body: how.body.replace(/H264\\/90000/g, 'H265/90000') } : how);";

    private const string HlsFigures =
        """
        () => {
          const v = document.getElementById('v'), h = window.player;
          return { latency: h.latency, behind: h.playingDate ? (Date.now() - h.playingDate) / 1000 : null,
            frames: v.getVideoPlaybackQuality().totalVideoFrames, lowLatency: h.lowLatencyMode, errors: window.errors };
        }
        """;

    private const string HlsScript =
        """
        url => {
          const v = document.getElementById('v'), h = window.player = new Hls({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.1 });
          window.errors = [];
          h.on(Hls.Events.ERROR, (_, e) => { if (e.fatal) window.errors.push(e.details); });
          h.on(Hls.Events.MANIFEST_PARSED, () => v.play());
          h.loadSource(url);
          h.attachMedia(v);
        }
        """;

    internal sealed record Figures(string State, string Text, string? Method, string Reason, int Frames, double Latency, double Time, double FirstFrameMs);
}
