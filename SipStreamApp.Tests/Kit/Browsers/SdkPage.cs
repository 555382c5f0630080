using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>An example page of the published Web SDK in Chromium: its fields and buttons as a person uses them, and what it says.</summary>
internal sealed class SdkPage
{
    // The package plays an MSE source that opens only after its stream has failed: its own slip, to be seen where a refusal is faster than the browser.
    private const string LateSource = "(reading 'play')";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private SdkPage(IPage page)
    {
        Page = page;
        page.Console += (_, m) => Console.Add(m.Text);
        page.PageError += (_, e) =>
        {
            if (!e.Contains(LateSource, StringComparison.Ordinal)) Errors.Add(e);
        };
        page.WebSocket += (_, s) =>
        {
            Sockets.Add(s);
            s.FrameReceived += (_, f) => { if (f.Text is { } text) Received.Enqueue(text); };
        };
    }

    public IPage Page { get; }

    /// <summary>What the page wrote into its console.</summary>
    public List<string> Console { get; } = [];

    /// <summary>What no script of the page caught, but for one known slip of the package.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>WebSockets it opened.</summary>
    public List<IWebSocket> Sockets { get; } = [];

    /// <summary>What the server sent by WebSocket, oldest first.</summary>
    public ConcurrentQueue<string> Received { get; } = [];

    /// <summary>Opens a page whose server field is filled with the program's address.</summary>
    public static async Task<SdkPage> OpenAsync(Chromium chromium, string url, RunningApp app, bool anyCertificate = false)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { IgnoreHTTPSErrors = anyCertificate });
        var page = new SdkPage(await context.NewPageAsync());
        await page.Page.GotoAsync(url);
        if (await page.Page.QuerySelectorAsync("#url") is { } field) await field.FillAsync(app.Url.Replace("http", "ws", StringComparison.Ordinal));
        await page.Page.EvaluateAsync(
            """
            () => {
              window.statuses = [];
              const field = document.getElementById('status');
              if (field) new MutationObserver(() => { if (field.textContent) window.statuses.push(field.textContent); }).observe(field, { childList: true });
            }
            """);
        return page;
    }

    /// <summary>Fills the stream's name in and presses the button.</summary>
    public async Task PlayAsync(string stream)
    {
        await Page.FillAsync("#streamName", stream);
        await Page.EvaluateAsync("() => { window.statuses.length = 0; document.getElementById('status').textContent = ''; }");
        await Page.ClickAsync("#playBtn");
    }

    /// <summary>The statuses shown since the button was pressed.</summary>
    public async Task<string[]> StatusesAsync() => await Page.EvaluateAsync<string[]>("() => window.statuses");

    /// <summary>Waits until the page shows a status.</summary>
    public async Task UntilStatusAsync(string status, string field = "#status")
    {
        var seen = "";
        var ok = await Wait.UntilAsync(async () => (seen = await Page.InnerTextAsync(field)) == status, Patience);
        Xunit.Assert.True(ok, $"{field} shows \"{seen}\", not {status}\n{string.Join('\n', Console.TakeLast(30))}\n{string.Join('\n', Errors)}");
    }

    /// <summary>Waits until so many pictures were decoded and shown.</summary>
    public async Task UntilPictureAsync(int frames, string element = "video")
    {
        var seen = "";
        var ok = await Wait.UntilAsync(
            async () =>
            {
                var figures = await Page.EvaluateAsync<int[]>(
                    "s => { const v = document.querySelector(s); return v ? [v.getVideoPlaybackQuality().totalVideoFrames, v.videoWidth, v.videoHeight] : [0, 0, 0]; }", element);
                seen = string.Join(' ', figures);
                return figures[0] >= frames && figures[1] > 0;
            },
            Patience);
        Xunit.Assert.True(ok, $"Decoded frames, width, height: {seen}\n{string.Join('\n', Console.TakeLast(30))}");
    }
}
