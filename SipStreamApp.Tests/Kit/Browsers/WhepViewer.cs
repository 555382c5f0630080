using System.Text.Json;
using Microsoft.Playwright;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>A viewer in a real browser: a bare WHEP client that knows nothing of our player.</summary>
internal sealed class WhepViewer(IPage page, string server) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public IPage Page => page;

    /// <summary>Opens a page on <paramref name="server"/> that watches nothing yet.</summary>
    public static async Task<WhepViewer> OpenAsync(Chromium chromium, string server)
    {
        // A context of its own makes a page the front one of its window: those behind present no pictures.
        var context = await chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(server + "/openapi/v1.json");
        await page.EvaluateAsync("() => { document.body.innerHTML = '<video id=v autoplay playsinline></video>'; }");
        return new WhepViewer(page, server);
    }

    /// <summary>Opens a page on <paramref name="server"/> and starts asking for the stream until it is there.</summary>
    public static async Task<WhepViewer> StartAsync(Chromium chromium, string server, string stream)
    {
        var viewer = await OpenAsync(chromium, server);
        await viewer.WatchAsync(stream);
        return viewer;
    }

    /// <summary>Starts asking for a stream until it is there.</summary>
    /// <param name="stream">Its name.</param>
    /// <param name="call">A body for /call/startup that the page posts itself, after its first try: one clock for all that is measured.</param>
    /// <param name="relayPort">Port on 127.0.0.1 to get media from instead of the server's own.</param>
    /// <param name="numbered">The picture shows its number: <see cref="ShownAsync"/> tells which ones were seen when.</param>
    public Task WatchAsync(string stream, object? call = null, int? relayPort = null, bool numbered = false) => page.EvaluateAsync(
        WhepScript.Start, new { url = $"{server}/whep/{stream}", call = call is null ? null : JsonSerializer.Serialize(call), relayPort, numbered });

    public async Task<ViewerFigures> FiguresAsync() =>
        JsonSerializer.Deserialize<ViewerFigures>(await page.EvaluateAsync<string>("() => window.viewer.figures()"), Json)!;

    /// <summary>The numbered pictures of the last seconds.</summary>
    public async Task<ShownPicture[]> ShownAsync() =>
        JsonSerializer.Deserialize<ShownPicture[]>(await page.EvaluateAsync<string>("() => JSON.stringify(window.viewer.shown)"), Json)!;

    /// <summary>Polls until the figures please; fails the test with them otherwise.</summary>
    public async Task<ViewerFigures> UntilAsync(Func<ViewerFigures, bool> pleased, TimeSpan limit)
    {
        var last = await FiguresAsync();
        var ok = await Wait.UntilAsync(async () => pleased(last = await FiguresAsync()), limit);
        Xunit.Assert.True(ok, $"Not within {limit}: {last} {last.StepText}");
        return last;
    }

    /// <summary>Starts the measurement of gaps anew.</summary>
    public Task ResetGapsAsync() => page.EvaluateAsync("() => { window.viewer.longestGap = 0; }");

    public Task StopAsync() => page.EvaluateAsync("() => window.viewer.stop()");

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();
}
