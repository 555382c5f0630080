using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>What the server still has of a circuit when the browser is back.</summary>
internal enum Remains
{
    /// <summary>All: it keeps a circuit for three minutes.</summary>
    Circuit,

    /// <summary>What the components have put away: the page is made anew in the same tab.</summary>
    State,

    /// <summary>Nothing, as after a restart: the tab is loaded anew.</summary>
    Nothing,
}

/// <summary>
/// The circuit's WebSocket breaks and cannot be had for some time, while a video plays and, beside it, the next call is half filled in.
/// Chromium goes through a TCP line that is really cut; the player's media goes its own way.
/// </summary>
internal static class CircuitCut
{
    // Every decoded picture leaves its time: the longest pause between two of them says whether the video stood still.
    private const string WatchPictures = """
        () => { const player = document.querySelector('main sip-stream-player'), video = player.video; window.kept = player; window.seen = { pictures: 0, pause: 0, from: video.currentTime };
          let last = performance.now();
          video.requestVideoFrameCallback(function picture(now) { seen.pause = Math.max(seen.pause, now - last); last = now; seen.pictures++; video.requestVideoFrameCallback(picture); }); }
        """;

    /// <param name="app">The program; a test's own where not all of the circuit remains.</param>
    /// <param name="chromium">The browser.</param>
    /// <param name="cutFor">How long the circuit cannot be had.</param>
    /// <param name="remains">What the server has of it then.</param>
    public static async Task RunAsync(RunningApp app, Chromium chromium, TimeSpan cutFor, Remains remains = Remains.Circuit)
    {
        var keeps = app.Services.GetRequiredService<IOptions<CircuitOptions>>().Value;
        if (remains is not Remains.Circuit) keeps.DisconnectedCircuitRetentionPeriod = TimeSpan.FromSeconds(2);
        if (remains is Remains.Nothing) keeps.PersistedCircuitInMemoryRetentionPeriod = TimeSpan.FromSeconds(1);
        await using var line = new BrowserLine(app.Url);
        await using var ui = await UiPage.OpenAsync(chromium, line.Url);
        try
        {
            await ui.LoadAsync("/calls/new");
            await ui.Page.ClickAsync("text=Use the test number");
            await ui.Page.ClickAsync("main button[type=submit]");
            await ui.UntilPlayingAsync();
            await ui.Page.FillAsync("[data-field=callee]", "10005");
            await ui.Page.FillAsync("[data-field=sipPassword]", "very-secret");
            await ui.Page.WaitForFunctionAsync("() => sessionStorage.getItem('draft:new-call')?.includes('10005')");

            await ui.Page.EvaluateAsync(WatchPictures);
            line.Cut();
            await ui.Page.WaitForSelectorAsync("text=reconnecting. What plays goes on");
            await ui.Page.FillAsync("[data-field=toStream]", "typed-while-away");
            await Task.Delay(cutFor);
            Assert.InRange(line.Refused, 2, 100);
            await AssertPlayedAsync(ui, cutFor);
            Assert.Equal("typed-while-away", await ui.Page.InputValueAsync("[data-field=toStream]"));
            line.Mend();
            await ui.Page.WaitForSelectorAsync("html[data-circuit=up] [data-interactive=true]", new PageWaitForSelectorOptions { Timeout = 15_000 });

            // The server knows what was typed meanwhile: the request it would send holds it.
            await ui.Page.WaitForSelectorAsync("pre.code:has-text('\"toStream\": \"typed-while-away\"')");
            Assert.Contains("\"callee\": \"10005\"", await ui.Page.InnerTextAsync("pre.code"), StringComparison.Ordinal);
            Assert.False(await ui.Page.IsVisibleAsync("text=reconnecting. What plays goes on"));
            if (remains is Remains.Circuit)
            {
                Assert.True(await ui.Page.EvaluateAsync<bool>("() => window.kept === document.querySelector('main sip-stream-player') && kept.state === 'playing'"), "Another player, or none");
                await AssertPlayedAsync(ui, cutFor);
            }
            else if (remains is Remains.State) await ui.UntilPlayingAsync(limitMs: 3000); // Made anew with the page: it follows the same call and plays at once.

            // Not even the password has to be typed again where the tab was not loaded anew; it was never stored.
            Assert.Equal(remains is Remains.Nothing ? "" : "very-secret", await ui.Page.InputValueAsync("[data-field=sipPassword]"));
            Assert.Equal(remains is not Remains.Nothing, (await ui.Page.InnerTextAsync("pre.code")).Contains("sipPassword", StringComparison.Ordinal));
            await ui.Page.WaitForFunctionAsync("() => sessionStorage.getItem('draft:new-call')?.includes('typed-while-away')");
            Assert.DoesNotContain("very-secret", await ui.Page.EvaluateAsync<string>("() => JSON.stringify({ ...sessionStorage, ...localStorage })"), StringComparison.Ordinal);
            await ui.Page.ReloadAsync();
            await ui.Page.WaitForFunctionAsync("() => document.querySelector('[data-field=toStream]')?.value === 'typed-while-away'");
            Assert.Equal("10005", await ui.Page.InputValueAsync("[data-field=callee]"));
            Assert.Equal("", await ui.Page.InputValueAsync("[data-field=sipPassword]"));
        }
        finally
        {
            foreach (var call in app.Engine.Calls.Where(c => !c.IsEnded)) await app.Engine.HangUpAsync(call.Id);
        }
    }

    private static async Task AssertPlayedAsync(UiPage ui, TimeSpan atLeast)
    {
        var seen = await ui.Page.EvaluateAsync<double[]>("() => [kept.video.currentTime - seen.from, seen.pause, seen.pictures]");
        TestContext.Current.SendDiagnosticMessage($"video went on {seen[0]:F1} s, {seen[2]} pictures, longest pause {seen[1]:F0} ms");
        Assert.InRange(seen[0], atLeast.TotalSeconds * 0.95, atLeast.TotalSeconds * 1.3 + 5);
        Assert.InRange(seen[1], 0, 1000);
        Assert.InRange(seen[2], atLeast.TotalSeconds * 20, double.MaxValue);
    }
}
