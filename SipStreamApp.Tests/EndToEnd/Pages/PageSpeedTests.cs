using Microsoft.Playwright;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>What the pages cost: renders, bytes, memory, time to the first picture of a page. The figures stand in docs/ui.md. Run by tools/look.sh.</summary>
[Collection(PageMeasurements.Name)]
public class PageSpeedTests(PagesLab lab)
{
    private const int Streams = 50;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    /// <summary>Fifty live streams, all of them on screen at once, with thumbnails and clocks: one page's traffic and renders.</summary>
    [Theory]
    [InlineData("/", "Dashboard")]
    [InlineData("/calls", "Calls")]
    [InlineData("/streams", "Streams")]
    public async Task FiftyLiveStreams_OnScreen_StayWithinTheBudget(string path, string head)
    {
        await using var app = await RunningApp.StartAsync("--Calls:MaxConcurrent", "100");
        for (var i = 0; i < Streams; i++) await app.CallDemoAsync($"live-{i:00}");
        await app.UntilStatusAsync($"live-{Streams - 1:00}", "ESTABLISHED", TimeSpan.FromSeconds(20));
        await using var line = new BrowserLine(app.Url);
        await using var ui = await UiPage.OpenAsync(lab.Chromium, line.Url);
        await ui.Page.SetViewportSizeAsync(1400, 5400);
        var batches = 0;
        ui.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            if (frame.Binary is { } bytes && bytes.AsSpan().IndexOf("JS.RenderBatch"u8) is >= 0 and < 32) Interlocked.Increment(ref batches);
        };
        await ui.LoadAsync(path);
        await ui.Page.WaitForSelectorAsync($"h1:text-is('{head}')");
        await ui.Page.WaitForFunctionAsync("n => [...document.querySelectorAll('main [data-row]')].filter(r => r.getBoundingClientRect().bottom < innerHeight).length === n", Streams);

        // What a page costs to load does not count here; the thumbnails' first round does.
        await Task.Delay(3000);
        var (bytesBefore, batchesBefore) = (line.ToBrowser, batches);
        await Task.Delay(Watched);
        var (rate, renders) = ((line.ToBrowser - bytesBefore) / Watched.TotalSeconds / 1000, (batches - batchesBefore) / Watched.TotalSeconds);
        TestContext.Current.SendDiagnosticMessage($"{path}: {rate:F1} kB/s, {renders:F2} renders a second");
        Assert.InRange(rate, 0.1, 60);
        Assert.InRange(renders, 0.5, 2.05);
        ui.AssertSilent();
    }

    /// <summary>
    /// What each further circuit adds to the heap after a full collection: the middle of three, since what the program makes once and what its
    /// array pools keep is no circuit's, and garbage of the tests before may go meanwhile. The pages that people keep open all day.
    /// </summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/calls")]
    [InlineData("/calls/new")]
    [InlineData("/streams")]
    [InlineData("/player")]
    [InlineData("/history")]
    [InlineData("/recordings")]
    public async Task IdleCircuit_HoldsLittleMemory(string path)
    {
        const int First = 10, More = 15, MostKilobytes = 250;
        await using var app = await RunningApp.StartAsync();
        await using var context = await lab.Chromium.Browser.NewContextAsync();
        await OpenAsync(First);
        List<long> heap = [await HeapAsync()];
        for (var i = 0; i < 3; i++)
        {
            await OpenAsync(More);
            heap.Add(await HeapAsync());
        }

        long[] rounds = [.. heap.Zip(heap.Skip(1), (before, after) => (after - before) / More / 1000)];
        var each = rounds.Order().ElementAt(1);
        TestContext.Current.SendDiagnosticMessage($"{path}: {each} kB for a circuit ({string.Join(", ", rounds)})");
        Assert.InRange(each, 10, MostKilobytes);

        async Task OpenAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var page = await context.NewPageAsync();
                await page.GotoAsync(app.Url + path);
                await page.WaitForSelectorAsync("html[data-circuit=up] [data-interactive=true]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
            }
        }
    }

    /// <summary>A browser that has never been here: to the first text, and until the page answers.</summary>
    [Fact]
    public async Task FirstPage_IsThereWithinASecond()
    {
        await using var app = await RunningApp.StartAsync();
        using (await app.Http.GetAsync("/"))
        {
            // The very first request of a process also pays for compiling the code.
        }

        var times = new List<double[]>();
        for (var i = 0; i < 5; i++)
        {
            await using var line = new BrowserLine(app.Url);
            await using var ui = await UiPage.OpenAsync(lab.Chromium, line.Url);
            await ui.LoadAsync("/");
            var figures = await ui.Page.EvaluateAsync<double[]>("() => [performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.now()]");
            times.Add([.. figures, line.ToBrowser / 1000.0]);
        }

        var (paint, answers) = (times.Select(t => t[0]).Order().ElementAt(2), times.Select(t => t[1]).Order().ElementAt(2));
        TestContext.Current.SendDiagnosticMessage($"first text {paint:F0} ms, answers {answers:F0} ms, {times[0][2]:F0} kB: {string.Join("; ", times.Select(t => $"{t[0]:F0}/{t[1]:F0}"))}");
        Assert.InRange(paint, 0, 1000);
    }

    private static async Task<long> HeapAsync()
    {
        // What has just been prerendered and sent is let go of in the meantime.
        await Task.Delay(2000);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
