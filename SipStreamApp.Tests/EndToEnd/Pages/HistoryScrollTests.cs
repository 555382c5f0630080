using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Data;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>A history of 5,000 calls.</summary>
[Collection(PagesCollection.Name)]
public class HistoryScrollTests(PagesLab lab)
{
    private const int Calls = 5000;

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

        // To the end, and half way back, row numbers as they must be; the rows in the page stay few. Frames go on meanwhile.
        await ui.Page.EvaluateAsync("() => { window.worst = 0; let last = performance.now(); (function frame(now) { worst = Math.max(worst, now - last); last = now; requestAnimationFrame(frame); })(last); }");
        await ScrollAsync(ui, 1);
        await ui.Page.WaitForSelectorAsync("tr[data-row]:has-text('callee-0000')");
        Assert.InRange(await RowsAsync(ui), 5, 80);
        await ScrollAsync(ui, 0.5);
        await ui.Page.WaitForSelectorAsync("tr[data-row]:has-text('callee-2500')");
        for (var i = 1; i <= 20; i++) await ScrollAsync(ui, i / 20.0);
        var worst = await ui.Page.EvaluateAsync<double>("() => worst");
        Assert.InRange(await RowsAsync(ui), 5, 80);
        TestContext.Current.SendDiagnosticMessage($"longest frame while scrolling: {worst:F0} ms");
        Assert.InRange(worst, 0, 500);

        // Filtered and ordered by the address alone; the file holds exactly these.
        await ui.LoadAsync("/history?q=alice&result=failed&sort=callee");
        await ui.Page.WaitForSelectorAsync("text=250 calls match");
        Assert.Equal("callee-0000", (await ui.Page.InnerTextAsync("tr[data-row] td[data-label=Callee]")).Trim());
        var file = await ui.Page.RunAndWaitForDownloadAsync(() => ui.Page.ClickAsync("text=Export CSV"));
        var lines = await File.ReadAllLinesAsync((await file.PathAsync())!);
        Assert.Equal(251, lines.Length);
        Assert.All(lines[1..], l => Assert.Contains(",alice,", l, StringComparison.Ordinal));
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
