using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Data;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>A history of 5,000 calls.</summary>
[Collection(PageMeasurements.Name)]
public class HistoryScrollTests(PagesLab lab)
{
    private const int Calls = 5000;

    // 3,000 px a second for three seconds. Time between frames, and of each whether a row stood in the middle of the box.
    private const string Wheel = """
        () => new Promise(done => { const box = document.querySelector('.history-scroll'), start = performance.now(), from = box.scrollTop = 20000, gaps = [];
          let last = start, blank = 0;
          requestAnimationFrame(function move(now) {
            gaps.push(now - last); last = now; blank += window.middle() ? 0 : 1; box.scrollTop = from + 3 * (now - start);
            if (now - start < 3000) return requestAnimationFrame(move);
            gaps.sort((a, b) => a - b);
            done([gaps.length, gaps[Math.floor(gaps.length / 2)], gaps[Math.floor(gaps.length * 0.95)], gaps.at(-1), blank / gaps.length]); }); })
        """;

    private const string Middle = """
        () => { window.middle = () => { const r = document.querySelector('.history-scroll').getBoundingClientRect();
          return document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2)?.closest('tr[data-row]'); }; }
        """;

    // To ten places all over the list: how long until a row stands in the middle of the box.
    private const string Jumps = """
        async () => { const box = document.querySelector('.history-scroll'), took = [];
          for (let i = 0; i < 10; i++) {
            box.scrollTop = box.scrollHeight * ((i * 0.37) % 1); const start = performance.now();
            do await new Promise(requestAnimationFrame); while (!middle() && performance.now() - start < 5000);
            took.push(performance.now() - start); }
          return took; }
        """;

    [Fact]
    public async Task FiveThousandCalls_ScrollFilterAndExport_AreRightAndSmall()
    {
        await using var app = await RunningApp.StartAsync();
        await SeedAsync(app);
        await using var ui = await UiPage.OpenAsync(lab.Chromium, app.Url);
        await ui.LoadAsync("/history");
        await ui.Page.WaitForSelectorAsync("text=5000 calls");
        await ui.Page.WaitForSelectorAsync("tr[data-row]:has-text('callee-4999')");
        Assert.InRange(await RowsAsync(ui), 10, 80);

        // To the end, and half way back, row numbers as they must be; the rows in the page stay few.
        await ui.Page.EvaluateAsync(Middle);
        await ScrollAsync(ui, 1);
        await ui.Page.WaitForSelectorAsync("tr[data-row]:has-text('callee-0000')");
        Assert.InRange(await RowsAsync(ui), 5, 80);
        await ScrollAsync(ui, 0.5);
        await ui.Page.WaitForSelectorAsync("tr[data-row]:has-text('callee-2500')");

        // As a hand does it, then jumps to anywhere.
        var wheel = await ui.Page.EvaluateAsync<double[]>(Wheel);
        var jumps = await ui.Page.EvaluateAsync<double[]>(Jumps);
        Assert.InRange(await RowsAsync(ui), 5, 80);
        TestContext.Current.SendDiagnosticMessage(
            $"{wheel[0]} frames: half within {wheel[1]:F0} ms, 95 % within {wheel[2]:F0} ms, longest {wheel[3]:F0} ms, {wheel[4]:P0} without a row; rows after a jump within {jumps.Max():F0} ms");
        Assert.InRange(wheel[1], 0, 34);
        Assert.InRange(wheel[2], 0, 100);
        Assert.InRange(wheel[3], 0, 300);
        Assert.InRange(wheel[4], 0, 0.25);
        Assert.InRange(jumps.Max(), 0, 1000);

        // Typed: the list follows within a second, pause for typing included.
        await ui.Page.EvaluateAsync("() => { window.typedAt = 0; addEventListener('input', () => { typedAt = performance.now(); }, true); }");
        await ui.Page.FillAsync("[data-field=search]", "callee-4321");
        await ui.Page.WaitForFunctionAsync("() => { const rows = document.querySelectorAll('tr[data-row]'); window.foundAt = performance.now(); return rows.length === 1 && rows[0].textContent.includes('callee-4321'); }");
        var filtered = await ui.Page.EvaluateAsync<double>("() => foundAt - typedAt");
        TestContext.Current.SendDiagnosticMessage($"filtered {filtered:F0} ms after the last key");
        Assert.InRange(filtered, 0, 1000);

        // Filtered and ordered by the address alone; the file holds exactly these.
        await ui.LoadAsync("/history?q=alice&result=failed&sort=callee");
        await ui.Page.WaitForSelectorAsync("text=250 calls match");
        Assert.Equal("callee-0000", (await ui.Page.InnerTextAsync("tr[data-row] td[data-col=callee]")).Trim());
        var file = await ui.Page.RunAndWaitForDownloadAsync(() => ui.Page.ClickAsync("text=Export CSV"));
        var lines = await File.ReadAllLinesAsync((await file.PathAsync())!);
        var column = Array.IndexOf(lines[0].TrimStart('\uFEFF').Split(','), "callId");
        Assert.Equal(Enumerable.Range(0, Calls).Where(i => i % 20 == 0).Select(i => $"seed-{i}"), lines[1..].Select(l => l.Split(',')[column]));
        await ui.Page.ClickAsync("text=Clear the filters");
        await ui.Page.WaitForSelectorAsync("text=5000 calls");
        Assert.Empty(await ui.SeriousAsync());
        await ui.ShootAsync("history-5000");
        ui.AssertSilent();
    }

    private static Task<int> RowsAsync(UiPage ui) => ui.Page.Locator("tr[data-row]").CountAsync();

    private static Task ScrollAsync(UiPage ui, double place) => ui.Page.EvaluateAsync(
        "place => { const s = document.querySelector('.history-scroll'); s.scrollTop = s.scrollHeight * place - (place === 0.5 ? s.clientHeight / 2 : 0); return new Promise(done => setTimeout(done, 50)); }", place);

    private static async Task SeedAsync(RunningApp app)
    {
        await app.Services.GetRequiredService<Database>().EnsureReadyAsync(default);
        await using var db = await app.Services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        var first = app.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(-20);
        db.Calls.AddRange(Enumerable.Range(0, Calls).Select(i => new CallRecord
        {
            CallId = $"seed-{i}", Caller = i % 5 == 0 ? "alice" : "bob", Callee = $"callee-{i:0000}", Domain = "sip.example.org", StreamName = $"s{i}",
            StartedAt = first.AddMinutes(5 * i), AnsweredAt = i % 4 == 0 ? null : first.AddMinutes(5 * i).AddSeconds(3), EndedAt = first.AddMinutes(5 * i).AddSeconds(90),
            Status = i % 4 == 0 ? "BUSY" : "FINISH", Failed = i % 4 == 0, CauseCode = i % 4 == 0 ? "busy" : "hung-up-there", CauseTitle = i % 4 == 0 ? "The callee is busy" : "The other side hung up",
            SipStatus = i % 4 == 0 ? 486 : 200, AudioCodec = "PCMU", VideoCodec = "H264", PacketsReceived = 1000, LossPercent = i % 7, JitterMs = i % 30,
        }));
        await db.SaveChangesAsync();
    }
}
