using System.Text.Json;
using Microsoft.Playwright;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>What a browser has really received and decoded so far.</summary>
/// <param name="Error">What went wrong, or null.</param>
/// <param name="FirstFrameMs">From the first try to the first decoded picture; 0 before it.</param>
/// <param name="ConnectToFrameMs">From the answer to the first decoded picture; 0 before it.</param>
/// <param name="FramesDecoded">Pictures decoded.</param>
/// <param name="Width">Picture width.</param>
/// <param name="Height">Picture height.</param>
/// <param name="AudioPackets">Sound packets received.</param>
/// <param name="AudioEnergy">Total energy of the decoded sound.</param>
/// <param name="VideoPackets">Picture packets received.</param>
/// <param name="VideoLost">Picture packets lost for good.</param>
/// <param name="FreezeSeconds">Sum of all freezes.</param>
/// <param name="LongestGapMs">Longest time between two presented pictures since the last reset.</param>
/// <param name="Codecs">Codecs in use, "video/H264" style.</param>
/// <param name="JitterBufferMs">Mean delay of the picture in the browser's buffer over the last seconds.</param>
/// <param name="Tries">WHEP requests made.</param>
internal sealed record ViewerFigures(
    string? Error, double FirstFrameMs, double ConnectToFrameMs, int FramesDecoded, int Width, int Height, int AudioPackets,
    double AudioEnergy, int VideoPackets, int VideoLost, double FreezeSeconds, double LongestGapMs, string[] Codecs, double JitterBufferMs, int Tries);

/// <summary>A viewer in a real browser: a bare WHEP client that knows nothing of our player.</summary>
internal sealed class WhepViewer(IPage page) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public IPage Page => page;

    /// <summary>Opens a page on <paramref name="server"/> and starts asking for the stream until it is there.</summary>
    public static async Task<WhepViewer> StartAsync(Chromium chromium, string server, string stream)
    {
        var page = await chromium.Browser.NewPageAsync();
        await page.GotoAsync(server + "/openapi/v1.json");
        await page.EvaluateAsync("() => { document.body.innerHTML = '<video id=v autoplay playsinline></video>'; }");
        await page.EvaluateAsync(Script, new { url = $"{server}/whep/{stream}" });
        return new WhepViewer(page);
    }

    public async Task<ViewerFigures> FiguresAsync() =>
        JsonSerializer.Deserialize<ViewerFigures>(await page.EvaluateAsync<string>("() => window.viewer.figures()"), Json)!;

    /// <summary>Polls until the figures please; fails the test with them otherwise.</summary>
    public async Task<ViewerFigures> UntilAsync(Func<ViewerFigures, bool> pleased, TimeSpan limit)
    {
        var last = await FiguresAsync();
        var ok = await Wait.UntilAsync(async () => pleased(last = await FiguresAsync()), limit);
        Xunit.Assert.True(ok, $"Not within {limit}: {last}");
        return last;
    }

    /// <summary>Starts the measurement of gaps anew.</summary>
    public Task ResetGapsAsync() => page.EvaluateAsync("() => { window.viewer.longestGap = 0; }");

    public Task StopAsync() => page.EvaluateAsync("() => window.viewer.stop()");

    public async ValueTask DisposeAsync() => await page.CloseAsync();

    private const string Script = """
        ({ url }) => {
          const v = document.getElementById('v');
          const s = window.viewer = { tries: 0, error: null, start: performance.now(), answered: 0, first: 0, longestGap: 0, last: 0, prev: null };
          const pc = s.pc = new RTCPeerConnection();
          pc.addTransceiver('video', { direction: 'recvonly' });
          pc.addTransceiver('audio', { direction: 'recvonly' });
          pc.ontrack = e => { if (v.srcObject !== e.streams[0]) v.srcObject = e.streams[0]; };
          const onFrame = now => {
            if (!s.first) s.first = performance.now();
            if (s.last) s.longestGap = Math.max(s.longestGap, now - s.last);
            s.last = now;
            v.requestVideoFrameCallback(onFrame);
          };
          v.requestVideoFrameCallback(onFrame);
          s.run = (async () => {
            await pc.setLocalDescription(await pc.createOffer());
            while (true) {
              s.tries++;
              const r = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: pc.localDescription.sdp });
              if (r.status === 201) {
                s.location = new URL(r.headers.get('Location'), url).href;
                await pc.setRemoteDescription({ type: 'answer', sdp: await r.text() });
                s.answered = performance.now();
                return;
              }
              if (r.status !== 404 && r.status !== 503) { s.error = r.status + ' ' + await r.text(); return; }
              await new Promise(ok => setTimeout(ok, 30));
            }
          })().catch(e => { s.error = String(e); });
          s.stop = async () => { if (s.location) await fetch(s.location, { method: 'DELETE' }); pc.close(); };
          s.figures = async () => {
            const f = { error: s.error, firstFrameMs: s.first ? s.first - s.start : 0, connectToFrameMs: s.first ? s.first - s.answered : 0,
              framesDecoded: 0, width: v.videoWidth, height: v.videoHeight, audioPackets: 0, audioEnergy: 0, videoPackets: 0, videoLost: 0,
              freezeSeconds: 0, longestGapMs: s.longestGap, codecs: [], jitterBufferMs: 0, tries: s.tries };
            const stats = await pc.getStats();
            stats.forEach(x => {
              if (x.type === 'inbound-rtp' && x.kind === 'video') {
                f.framesDecoded = x.framesDecoded || 0; f.videoPackets = x.packetsReceived; f.videoLost = x.packetsLost; f.freezeSeconds = x.totalFreezesDuration || 0;
                const p = s.prev || { d: 0, n: 0 };
                const n = x.jitterBufferEmittedCount - p.n;
                if (n > 0) f.jitterBufferMs = (x.jitterBufferDelay - p.d) / n * 1000;
                s.prev = { d: x.jitterBufferDelay, n: x.jitterBufferEmittedCount };
              }
              if (x.type === 'inbound-rtp' && x.kind === 'audio') { f.audioPackets = x.packetsReceived; f.audioEnergy = x.totalAudioEnergy || 0; }
              if (x.type === 'inbound-rtp' && x.codecId && stats.get(x.codecId)) f.codecs.push(stats.get(x.codecId).mimeType);
            });
            return JSON.stringify(f);
          };
        }
        """;
}
