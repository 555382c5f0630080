using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Pages.Accounts;
using SipStreamApp.Components.Pages.Calls;
using SipStreamApp.Components.Pages.NewCall;
using SipStreamApp.Components.Pages.Streams;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class ListPageTests : PageTest
{
    [Fact]
    public void Calls_ChipsAndWords_NarrowTheTableAndStandInTheAddress()
    {
        Snapshot = Snapshot with { Calls = [MadeUp.Live("c-1", "front"), MadeUp.Trying("c-2", "back")], Streams = [MadeUp.LiveStream("front")] };
        var page = Page<CallsPage>();
        Assert.Equal(["All 2", "Ringing 1", "Live 1", "Trouble 1"], page.FindAll(".chip").Select(c => c.TextContent.Trim()));

        page.FindAll(".chip")[1].Click();
        page.WaitForAssertion(() => Assert.Contains("back", Assert.Single(page.FindAll("tbody tr")).TextContent, StringComparison.Ordinal));
        Assert.EndsWith("?show=ringing", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        page.Find("input[data-filter]").Input("front");
        page.WaitForElement(".empty .btn").Click();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
    }

    [Fact]
    public void Calls_SeveralChosen_AreHungUpOnlyWhenAskedTwice()
    {
        Snapshot = Snapshot with { Calls = [MadeUp.Live("c-1", "a"), MadeUp.Live("c-2", "b"), MadeUp.Ended("c-3", "c")] };
        var page = Page<CallsPage>();
        Assert.Equal(2, page.FindAll("input[data-key=x]").Count);
        page.FindAll("input[data-key=x]")[0].Change(true);
        page.FindAll("input[data-key=x]")[1].Change(true);
        page.WaitForAssertion(() => Assert.Contains("2 calls chosen", page.Find(".bulk").TextContent, StringComparison.Ordinal));
        page.FindAll(".bulk button")[0].Click();
        page.WaitForAssertion(() => Assert.Equal("Really hang up 2 calls", page.FindAll(".bulk button")[0].TextContent));

        // One of them ends by itself: the question is a new one.
        Show(Snapshot with { Calls = [MadeUp.Live("c-1", "a"), MadeUp.Ended("c-2", "b")] });
        page.WaitForAssertion(() => Assert.Equal("Hang up", page.FindAll(".bulk button")[0].TextContent));
    }

    [Fact]
    public void Streams_ShowWhatTheyAreAndCanBeFiltered()
    {
        Snapshot = Snapshot with { Calls = [MadeUp.Live()], Streams = [MadeUp.LiveStream(), MadeUp.LiveStream("other") with { CallId = null }] };
        var page = Page<StreamsPage>();
        var row = page.FindAll("tbody tr")[0].QuerySelectorAll("td").Select(td => td.TextContent.Trim()).ToList();
        Assert.Equal(["call_stream1", "⚠ Weak network (loss 5.0 %)", "10006 → 10005", "H264 640×360 / PCMU", "864 kbit/s", "1.0 s", "2 (WebRTC 2)"], row[1..8]);
        page.Find("input[data-filter]").Input("10005");
        page.WaitForAssertion(() => Assert.Equal("call_stream1", Assert.Single(page.FindAll("tbody tr")).QuerySelector("a")!.TextContent));
    }

    [Fact]
    public void Stream_ThatIsThere_OffersEveryLinkAndThatIsGone_SaysSo()
    {
        Snapshot = Snapshot with { Calls = [MadeUp.Live()], Streams = [MadeUp.LiveStream()] };
        var page = Render<StreamPage>(p => p.Add(s => s.Name, "call_stream1"));
        var links = page.FindAll(".links code").Select(c => c.TextContent).ToList();
        foreach (var part in (string[])["/player?stream=call_stream1", "/embed/call_stream1", "<iframe", "<sip-stream-player", "/whep/call_stream1", "ws://localhost/mse/call_stream1", "/hls/call_stream1/index.m3u8", "/streams/call_stream1/snapshot.jpg"])
            Assert.Contains(links, l => l.Contains(part, StringComparison.Ordinal));
        Show(Snapshot with { Calls = [], Streams = [] });
        page.WaitForAssertion(() => Assert.Contains("Its call has ended", page.Find(".empty").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void NewCall_FieldLeftEmpty_IsNamedAtOnceAndNoOther()
    {
        var page = Page<NewCallPage>();
        page.Find("input[data-field=callee]").Blur();
        Sees(page, "Whom to call");
        Assert.DoesNotContain("Who calls:", page.Markup, StringComparison.Ordinal);
        page.Find("input[data-field=callee]").Input("10005");
        page.WaitForAssertion(() => Assert.DoesNotContain("Whom to call", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void NewCall_RareFields_ComeWhenTheyAreOpenedAndKeepWhatWasTyped()
    {
        var page = Page<NewCallPage>();
        Assert.Empty(page.FindAll("input[data-field=visibleName]"));
        page.Find("details.more").TriggerEvent("ontoggle", EventArgs.Empty);
        page.Find("input[data-field=visibleName]").Input("Front desk");
        page.Find("details.more").TriggerEvent("ontoggle", EventArgs.Empty);
        Assert.Equal("Front desk", page.Find("input[data-field=visibleName]").GetAttribute("value"));
        Assert.Contains("\"visibleName\": \"Front desk\"", page.Find("pre.code").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void NewCall_RareFieldWrong_IsShownWithoutOpening()
    {
        var page = Page<NewCallPage>();
        page.FindAll(".segments button")[0].Click();
        page.WaitForElement("textarea").Input("""{ "callId": "with spaces", "callee": "1", "sipLogin": "me", "sipDomain": "d" }""");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Equal("true", page.Find("details.more[open] input[data-field=callId]").GetAttribute("aria-invalid")));
    }

    [Fact]
    public void NewCall_WaitingForm_IsRenderedForNewsOnly()
    {
        Snapshot = Snapshot with { Calls = [], Streams = [] };
        var page = Page<NewCallPage>();
        page.Find("input[data-field=toStream]").Input("call_stream1");
        var renders = page.RenderCount;
        Show(Snapshot);
        Show(Snapshot);
        Show(Snapshot with { Calls = [MadeUp.Live()], Streams = [MadeUp.LiveStream()] });
        Sees(page, "In use: a call to it will be refused");
        Assert.Equal(renders + 1, page.RenderCount);
    }

    [Fact]
    public async Task NewCall_SavedAccountAndJson_KeepTheAccountUntilItsCredentialsAreChanged()
    {
        await Accounts.SaveAsync(new AccountDraft { Login = "10006", Domain = "sip.example.org", Password = "x" }, default);
        var page = Page<NewCallPage>();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("input[data-field=sipLogin]")));
        page.FindAll(".segments button")[0].Click();
        var json = page.WaitForElement("textarea").GetAttribute("value")!;
        page.Find("textarea").Input(json.Replace("\"hasAudio\"", "\"callee\": \"10005\", \"hasAudio\"", StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal("10005", page.Find("input[data-field=callee]").GetAttribute("value")));
        Assert.Empty(page.FindAll("input[data-field=sipLogin]"));
        page.Find("textarea").Input(json.Replace("10006", "10007", StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Equal("10007", page.Find("input[data-field=sipLogin]").GetAttribute("value")));
    }

    [Fact]
    public async Task Accounts_ThatAnswersCalls_NamesItsStreamAndWhoMayCall()
    {
        await Accounts.SaveAsync(new AccountDraft { Login = "10006", Domain = "sip.example.org" }, default);
        var page = Page<AccountsPage>();
        Sees(page, "not answered");
        page.Find("button[aria-label^=Edit]").Click();
        page.WaitForElement("form");
        Assert.Empty(page.FindAll("[data-field=AnswerStream]"));
        page.Find("fieldset input[type=checkbox]").Change(true);
        page.WaitForElement("[data-field=AnswerStream]").Input("{who}");
        page.Find("form").Submit();
        Sees(page, "{who} is none of {login}, {caller}, {callId}");
        page.Find("[data-field=AnswerStream]").Input("door-{login}");
        page.Find("[data-field=AnswerCallers]").Input("10005");
        page.Find("form").Submit();

        // The service is not started here, so it stays at that.
        Sees(page, "Connecting…");
        Assert.Equal("/streams/door-10006", page.Find("tbody a.mono, tbody .mono a").GetAttribute("href"));
        Assert.Equal(new AnswerRule { Stream = "door-{login}", Callers = "10005" }, (await Accounts.ListAsync(default)).Value!.Accounts[0].Answers);
    }

    [Fact]
    public async Task Accounts_Import_AddsWhatIsNewAndLeavesTheRest()
    {
        await Accounts.SaveAsync(new AccountDraft { Login = "1", Domain = "a" }, default);
        var page = Page<AccountsPage>();
        page.WaitForElement("tbody tr");
        page.FindComponent<Microsoft.AspNetCore.Components.Forms.InputFile>().UploadFiles(InputFileContent.CreateFromText("login,domain\n1,a\n2,b\n3,c", "x.csv"));
        Sees(page, "2 accounts added, 1 left as they are");
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tbody tr").Count));
        page.FindComponent<Microsoft.AspNetCore.Components.Forms.InputFile>().UploadFiles(InputFileContent.CreateFromText("nothing", "x.csv"));
        Sees(page, "This file is not a list of accounts");
    }
}
