using System.Text.Json;
using SipStreamApp.Tests.EndToEnd.Pages;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>The page of a call in a real browser: live, afterwards and failed; dark and light; by keys.</summary>
[Collection(PagesCollection.Name)]
public class CallPageTests(PagesLab lab)
{
    private const string Line = "document.querySelector('.timeline-surface')";

    [Fact]
    public Task Page_LivePastAndFailed_IsAccessibleAndShowsWhatHappened() => LivePastAndFailedAsync(isPhone: false);

    internal async Task LivePastAndFailedAsync(bool isPhone)
    {
        var id = isPhone ? "reception-phone" : "reception";
        await lab.CallAsync(id);
        using var recording = await lab.App.PostAsync("/recorder/startup", new { mediaSessionId = id });
        Assert.True(recording.IsSuccessStatusCode);
        await using var ui = await lab.OpenAsync(isPhone);
        await ui.LoadAsync($"/calls/{id}");
        await ui.UntilPlayingAsync();
        await ui.Page.WaitForSelectorAsync("[data-verdict]:has-text('Good')");

        // The lanes grow by the feed alone.
        var seconds = await SecondsAsync(ui);
        await ui.Page.WaitForFunctionAsync($"n => Number({Line}.getAttribute('data-seconds')) > n + 3", seconds);
        await LookAsync(ui, "call-live");
        if (!isPhone) await KeysAsync(ui);
        (await lab.App.PostAsync("/call/terminate", new { callId = id })).Dispose();
        await ui.Page.WaitForSelectorAsync("text=Hung up from here");
        await ui.Page.WaitForSelectorAsync(".call-actions a:has-text('Call again')");
        await ui.Page.WaitForSelectorAsync("video.recording");
        foreach (var tab in (string[])["sip", "media", "viewers", "log", "json"])
        {
            await ui.Page.ClickAsync("#tab-" + tab);
            await ui.Page.WaitForSelectorAsync($"#tab-{tab}[aria-selected=true]");
            await LookAsync(ui, "call-past-" + tab, tab is "sip" or "media" or "log");
        }

        await ui.LoadAsync($"/calls/{id}?t=00:01.5");
        await ui.Page.WaitForFunctionAsync($"() => {Line}.getAttribute('aria-valuetext').startsWith('00:01.5')");
        await LookAsync(ui, "call-past");

        await lab.App.CallDemoAsync(id + "-busy", "demo-busy");
        await ui.LoadAsync($"/calls/{id}-busy");
        await ui.Page.WaitForSelectorAsync(".cause.error:has-text('Busy')");
        await ui.Page.WaitForSelectorAsync(".cause-actions a");
        await LookAsync(ui, "call-failed");
        await ui.Page.ClickAsync("#tab-sip");
        await ui.Page.ClickAsync(".ladder-row.refusal");
        await ui.Page.WaitForSelectorAsync(".message-pane pre:has-text('486')");
        await LookAsync(ui, "call-failed-sip");
        await ui.LoadAsync("/calls/nobody-knows-it");
        await ui.Page.WaitForSelectorAsync("text=It may be older than");
        await LookAsync(ui, "call-unknown");
        ui.AssertSilent();
    }

    private static async Task KeysAsync(UiPage ui)
    {
        await ui.Page.FocusAsync(".timeline-surface");
        await ui.Page.Keyboard.PressAsync("Home");
        Assert.StartsWith("00:00.0", await ValueAsync(ui), StringComparison.Ordinal);
        await ui.Page.Keyboard.PressAsync("ArrowRight");
        Assert.StartsWith("00:01.0", await ValueAsync(ui), StringComparison.Ordinal);
        Assert.Contains("t=00:01.0", ui.Page.Url, StringComparison.Ordinal);
        await ui.Page.Keyboard.PressAsync("+");
        await ui.Page.Keyboard.PressAsync("ArrowUp");
        await ui.Page.ClickAsync("[data-do=table]");
        await ui.Page.WaitForSelectorAsync(".timeline-table td:has-text('Sent INVITE')");
        Assert.True(await ui.Page.EvaluateAsync<int>("() => document.querySelectorAll('.timeline-table table')[0].rows.length") > 2);
        await ui.Page.ClickAsync("[data-do=table]");
        await ui.Page.FocusAsync(".timeline-surface");
        await ui.Page.Keyboard.PressAsync("Escape");
        Assert.DoesNotContain("t=", new Uri(ui.Page.Url).Query, StringComparison.Ordinal);
    }

    // A day of a call comes to the script second by second; it must not hold more than a screen can show.
    [Fact]
    public async Task Script_OfADayLongCall_StaysBounded()
    {
        await using var ui = await lab.OpenAsync();
        await ui.LoadAsync("/");
        var result = await ui.Page.EvaluateAsync<JsonElement>(
            """
            async () => {
              const { TraceData } = await import('/timeline-data.mjs');
              const data = new TraceData(), columns = ['second', 'step', 'packets', 'bytes', 'lost', 'late', 'reordered', 'jitterMs', 'frames', 'keyframes', 'mos', 'levelDb'];
              let most = 0;
              for (let s = 0; s < 86400; s++) {
                const row = [s, 1, 50, 8000, s % 100 === 0 ? 1 : 0, 0, 0, 2.5, 25, 0, 4.4, null];
                data.add({ messages: [{ n: s, t: s, sent: true, label: 'INFO', status: null, repeatOf: null }], marks: [{ n: s, t: s, kind: 'log', level: 'info', text: 'x' }],
                  quality: { columns, audio: [row], video: [row], streamColumns: ['second', 'step', 'viewers', 'avOffsetMs'], stream: [[s, 1, 2, 10]] } });
                most = Math.max(most, data.size);
              }
              const sum = key => data.audio.reduce((n, b) => n + b[key], 0);
              return { most, last: data.last, packets: sum('packets'), lost: sum('lost'), covered: data.audio.reduce((n, b) => n + b.step, 0) };
            }
            """);
        Assert.InRange(result.GetProperty("most").GetInt32(), 5000, 14_003);
        Assert.Equal((86400, 50 * 86400, 864, 86400), (result.GetProperty("last").GetInt32(), result.GetProperty("packets").GetInt32(), result.GetProperty("lost").GetInt32(), result.GetProperty("covered").GetInt32()));
    }

    private static Task<string> ValueAsync(UiPage ui) => ui.Page.EvaluateAsync<string>($"() => {Line}.getAttribute('aria-valuetext')");

    private static Task<int> SecondsAsync(UiPage ui) => ui.Page.EvaluateAsync<int>($"() => Number({Line}.getAttribute('data-seconds'))");

    private static async Task LookAsync(UiPage ui, string name, bool both = true)
    {
        await ui.AssertFitsAsync();
        var found = new List<string>();
        foreach (var theme in (string[])(both ? ["light", "dark"] : ["dark"]))
        {
            await ui.ThemeAsync(theme);
            await ui.Page.EvaluateAsync("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))");
            await ui.ShootAsync($"{name}-{theme}");
            found.AddRange(await ui.SeriousAsync(coloursOnly: theme == "dark" && both));
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }
}
