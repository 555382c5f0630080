using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Layout;
using SipStreamApp.Components.Pages.Accounts;
using SipStreamApp.Components.Pages.Calls;
using SipStreamApp.Components.Pages.History;
using SipStreamApp.Components.Pages.Home;
using SipStreamApp.Components.Pages.NewCall;
using SipStreamApp.Components.Pages.Player;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class PageTests : PageTest
{
    [Fact]
    public void Home_EngineRefuses_SaysWhyAndStaysUsable()
    {
        var page = Page<HomePage>();
        page.WaitForElement(".first-time .btn.primary").Click();

        Assert.Contains("The media engine is not running", page.WaitForElement(".cause.error").TextContent, StringComparison.Ordinal);
        Assert.Equal("Try it", page.Find(".btn[data-key=t]").TextContent);
    }

    [Fact]
    public void Home_NothingEverCalled_TeachesTheDemoAsCurl()
    {
        var page = Page<HomePage>();

        Assert.Contains("\"sipPort\": 5062", page.WaitForElement("pre.code").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".strip"));
    }

    [Fact]
    public void Home_WithCalls_ShowsTilesAndWhatNeedsAttention()
    {
        Snapshot = Snapshot with { Calls = [MadeUp.Live()], Streams = [MadeUp.LiveStream()] };
        var page = Page<HomePage>();

        var tile = page.Find(".tile");
        Assert.Contains("Weak network (loss 5.0 %)", tile.TextContent, StringComparison.Ordinal);
        Assert.Equal("/streams/call_stream1/snapshot.jpg", tile.QuerySelector("img")!.GetAttribute("data-thumb"));
        Assert.Contains("Weak network", page.Find("section[aria-labelledby=attention-head]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_NoneUp_TeachesWhatToDo()
    {
        var page = Page<CallsPage>();

        Assert.Contains("No calls are up", page.Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Equal("/calls/new", page.Find(".empty .btn.primary").GetAttribute("href"));
    }

    [Fact]
    public void Calls_LiveAndEnded_ShowFiguresAndOnlyLiveOnesCanBeHungUp()
    {
        Snapshot = Snapshot with { Calls = [MadeUp.Ended("c-0", "gone"), MadeUp.Live()], Streams = [MadeUp.LiveStream()] };
        var page = Page<CallsPage>();

        var rows = page.FindAll("tbody tr");
        var live = rows[0].QuerySelectorAll("td").Select(td => td.TextContent.Trim()).ToList();
        Assert.Equal(["Choose call_stream1", "● Live", "01:00", "10006 → 10005", "call_stream1", "Weak network (loss 5.0 %)", "H264 / PCMU", "5.0 %", "6 ms", "2"], live[..10]);
        Assert.Contains("Hang up", live[10], StringComparison.Ordinal);
        Assert.Contains("The other side hung up", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Null(rows[1].QuerySelector("button"));
    }

    [Fact]
    public void Calls_SnapshotChanges_PageFollows()
    {
        var page = Page<CallsPage>();
        Show(Snapshot with { Calls = [MadeUp.Trying()] });
        page.WaitForAssertion(() => Assert.Contains("Calling", page.Find("tbody .status").TextContent, StringComparison.Ordinal));
        Show(Snapshot with { Calls = [MadeUp.Live()] });
        page.WaitForAssertion(() => Assert.Contains("Live", page.Find("tbody .status").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void NewCall_EmptyForm_NamesWhatIsMissingAndPlacesNothing()
    {
        var page = Page<NewCallPage>();
        page.Find("form").Submit();

        Sees(page, "Whom to call");
        Sees(page, "Who calls");
        Assert.Empty(page.FindAll(".cause"));
    }

    [Fact]
    public void NewCall_Typing_KeepsTheCurlInStepWithoutThePassword()
    {
        var page = Page<NewCallPage>();
        page.Find("input[data-field=callee]").Input("10005");
        page.Find("input[data-field=sipLogin]").Input("10006");
        page.Find("input[data-field=sipPassword]").Input("very-secret");

        page.WaitForAssertion(() => Assert.Contains("\"sipPassword\": \"'\"$SIP_PASSWORD\"'\"", page.Find("pre.code").TextContent, StringComparison.Ordinal));
        var curl = page.Find("pre.code").TextContent;
        Assert.Contains("\"callee\": \"10005\"", curl, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", curl, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NewCall_SavedAccount_IsChosenAndHidesTheCredentials()
    {
        await Accounts.SaveAsync(new AccountDraft { Login = "10006", Domain = "sip.example.org", Password = "x" }, default);
        var page = Page<NewCallPage>();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("input[data-field=sipLogin]")));
        page.Find("input[data-field=callee]").Input("10005");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Contains("The media engine is not running", page.Find(".cause.error").TextContent, StringComparison.Ordinal));
        Assert.Contains("sip.example.org", page.Find("pre.code").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Player_WrongName_SaysSo()
    {
        var page = Page<PlayerPage>();
        Assert.EndsWith("A stream appears when a call is placed. Try it makes one at once.", page.Find("section.panel p.muted").TextContent, StringComparison.Ordinal);
        page.Find("input[data-field=stream]").Input("a b");
        page.Find("form").Submit();

        Sees(page, "1 to 64 letters, digits");
        Assert.Empty(page.FindAll("sip-stream-player"));
    }

    [Fact]
    public void Player_StreamInAddress_PlaysAtOnceAndStops()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/player?stream=call_stream1");
        var page = Page<PlayerPage>();
        var player = page.Find("sip-stream-player");
        Assert.Equal("call_stream1", player.GetAttribute("stream"));
        Assert.True(player.HasAttribute("autoplay"));

        page.FindAll("button").Single(b => b.TextContent == "Stop").Click();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("sip-stream-player")));
        Assert.Contains("STOPPED", page.Find(".player-status").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Player_StreamInList_PlaysOnClick()
    {
        Snapshot = Snapshot with { Streams = [MadeUp.LiveStream("lobby")] };
        var page = Page<PlayerPage>();
        Assert.Contains("H264 640×360 / PCMU, 864 kbit/s", page.Find(".call-list").TextContent, StringComparison.Ordinal);
        page.Find(".call-list button").Click();

        Assert.Equal("lobby", page.WaitForElement("sip-stream-player").GetAttribute("stream"));
        Assert.EndsWith("/player?stream=lobby", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Accounts_Adding_SavesAndListsWithoutThePassword()
    {
        var page = Page<AccountsPage>();
        page.WaitForElement(".empty .btn.primary").Click();
        page.WaitForElement("form").Submit();
        Sees(page, "Enter the SIP login");
        page.Find("input[data-field=Login]").Input("10006");
        page.Find("input[data-field=Domain]").Input("sip.example.org");
        page.Find("input[data-field=Password]").Input("very-secret");
        page.Find("form").Submit();

        page.WaitForAssertion(() => Assert.Contains("10006@sip.example.org", page.Find("tbody").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("very-secret", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_DeleteAndUndo_BringsItBack()
    {
        await Accounts.SaveAsync(new AccountDraft { Login = "10006", Domain = "d" }, default);
        var page = Page<AccountsPage>();
        page.WaitForElement("button[aria-label^=Delete]").Click();
        page.WaitForElement(".empty");
        page.WaitForElement(".mud-snackbar button").Click();

        page.WaitForElement("button[aria-label^=Delete]");
    }

    [Fact]
    public async Task Accounts_TestFails_ShowsTheCause()
    {
        await Accounts.SaveAsync(new AccountDraft { Login = "10006", Domain = "127.0.0.1" }, default);
        var page = Page<AccountsPage>();
        page.WaitForElement("button[aria-label^=Test]").Click();

        page.WaitForAssertion(() => Assert.NotEmpty(page.Find(".cause.error strong").TextContent));
    }

    [Fact]
    public void History_Empty_TeachesWhatToDo() =>
        Assert.Contains("No call has been placed yet", Page<HistoryPage>().WaitForElement(".empty").TextContent, StringComparison.Ordinal);

    [Fact]
    public async Task History_Rows_ShowCauseAndCanBeSearched()
    {
        await Services.GetRequiredService<Database>().EnsureReadyAsync(default);
        await Writer.StartAsync(default);
        Writer.Take(new CallEnded(MadeUp.Ended()));
        Writer.Take(new CallEnded(MadeUp.Busy("c-2")));
        await Writer.StopAsync(default);
        Assert.Equal(2, (await Services.GetRequiredService<HistoryReader>().FindAsync(new HistoryQuery(), default)).Value!.Total);
        var page = Page<HistoryPage>();
        Sees(page, "2 calls");
        var history = page.FindComponent<HistoryPage>().Instance;
        var rows = await history.RowsAsync(new ItemsProviderRequest(0, 10, default));
        Assert.Equal((2, "The callee is busy"), (rows.TotalItemCount, rows.Items.First(c => c.CallId == "c-2").CauseTitle));

        page.Find("input[data-field=search]").Input("hung up");
        Sees(page, "1 call match");
        Assert.Equal("c-1", Assert.Single((await history.RowsAsync(new ItemsProviderRequest(0, 10, default))).Items).CallId);
        page.WaitForAssertion(() => Assert.EndsWith("?q=hung%20up", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal));
        Assert.EndsWith("/rest-api/v2/history.csv?q=hung%20up", page.Find("a[download]").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void Banner_EngineDownOrDatabaseUnusable_IsShown()
    {
        var banner = Render<SystemBanner>();
        Assert.Empty(banner.FindAll("[role=alert]"));
        Services.GetRequiredService<Database>().Bad(new Microsoft.Data.Sqlite.SqliteException("x", 8));
        Show(Snapshot with { Engine = Snapshot.Engine with { Running = false } });

        banner.WaitForAssertion(() => Assert.Equal(2, banner.FindAll("[role=alert]").Count));
        Assert.Contains("read-only", banner.Markup, StringComparison.Ordinal);
    }
}
