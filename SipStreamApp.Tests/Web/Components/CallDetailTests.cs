using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Pages.CallDetail;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Web.Data;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class CallDetailTests : PageTest
{
    [Fact]
    public void Page_UnknownCall_SaysItMayBeDeletedAndLeadsToTheHistory()
    {
        var page = Show("no-such-call");
        Sees(page, "There is no call \"no-such-call\"");
        Assert.Contains("RetentionDays", page.Markup, StringComparison.Ordinal);
        Assert.Equal("/history?q=no-such-call", page.Find(".actions .btn.primary").GetAttribute("href"));
    }

    [Fact]
    public async Task Page_FailedCallOfTheHistory_ShowsItsCauseAndANextStep()
    {
        await KeepAsync(MadeUp.Busy());
        var page = Show("c-1");
        Sees(page, "The callee is busy");
        var card = page.Find(".cause.error");
        Assert.Equal("alert", card.GetAttribute("role"));
        Assert.Contains("Try again in a while.", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("SIP/2.0 486 Busy Here", card.TextContent, StringComparison.Ordinal);
        Assert.Equal("/calls/new?from=c-1&callee=10005", page.Find(".cause-actions a").GetAttribute("href"));
        Assert.Empty(page.FindAll(".btn.danger"));
    }

    [Fact]
    public async Task Page_TabsByClickAndByKey_ShowTheirPanels()
    {
        await KeepAsync(MadeUp.Ended());
        var page = Show("c-1");
        page.WaitForElement(".timeline-surface[role=slider]");
        page.Find("#tab-timeline").KeyDown("ArrowRight");
        page.WaitForElement(".ladder");
        Assert.Equal("true", page.Find("#tab-sip").GetAttribute("aria-selected"));
        page.Find("#tab-media").Click();
        Sees(page, "What we said we send and take");
        page.Find("#tab-log").Click();
        Assert.Contains("Reaching the SIP server", page.WaitForElement(".call-log").TextContent, StringComparison.Ordinal);
        page.Find("#tab-json").Click();
        page.WaitForAssertion(() => Assert.Contains("\"messagesCut\": 0", string.Join('\n', page.FindAll("pre").Select(p => p.TextContent)), StringComparison.Ordinal));
        Assert.EndsWith("?tab=json", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ladder_ClickOnAnArrow_ShowsTheMessageAndItsSdpInWords()
    {
        await KeepAsync(MadeUp.Ended());
        var page = Show("c-1");
        page.WaitForElement("#tab-sip").Click();
        var rows = page.WaitForElements(".ladder-row");
        Assert.Equal(["request", "request again", "response refusal"], rows.Select(r => r.ClassName!.Replace("ladder-row ", "", StringComparison.Ordinal)));
        Assert.Contains("Sound at port 30000, by RTP; in order of preference: PCMU (0), telephone-event (101)", page.Find(".message-pane").TextContent, StringComparison.Ordinal);
        page.FindAll(".ladder-row")[2].Click();
        page.WaitForAssertion(() => Assert.Contains("SIP/2.0 486 Busy Here", page.Find(".message-pane pre").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".message-pane table"));
    }

    [Fact]
    public void Curl_OfACallWithPassword_TakesItFromTheEnvironment()
    {
        var call = CallFacts.From(new SipStreamApp.Media.Hosting.TracedCall(
            MadeUp.Live(), new CallRequest("10'005", new SipIdentity("10006", "sip.example.org") { Port = 5080, Transport = SipTransportChoice.Tcp, RegisterRequired = true }), HasPassword: true, false));
        var curl = CallCurl.Of("http://localhost:8080/", call);
        Assert.Contains("\"sipPassword\": \"'\"$SIP_PASSWORD\"'\"", curl, StringComparison.Ordinal);
        Assert.Contains("10'\\''005", curl, StringComparison.Ordinal);
        Assert.Contains("\"sipTransport\": \"tcp\"", curl, StringComparison.Ordinal);
        Assert.StartsWith("curl -X POST http://localhost:8080/rest-api/call/startup", curl, StringComparison.Ordinal);
    }

    [Fact]
    public void CallThatCameIn_IsCalledBack_NotItself()
    {
        var incoming = MadeUp.Busy() with { Incoming = true, Caller = "10005", Callee = "10006", Domain = "sip.example.org" };
        var request = new CallRequest("10006", new SipIdentity("10006", "sip.example.org"));
        foreach (var call in (CallFacts[])[CallFacts.From(new SipStreamApp.Media.Hosting.TracedCall(incoming, request, HasPassword: false, true)), CallFacts.From(HistoryRow.Create(incoming), TimeSpan.Zero)])
        {
            Assert.True(call.Incoming);
            Assert.Equal(("Call back", "/calls/new?from=c-1&callee=10005"), CauseSteps.Of(call.End!, call)[^1]);
            Assert.Contains("\"callee\": \"10005\"", CallCurl.Of("http://localhost:8080/", call), StringComparison.Ordinal);
            Assert.Contains("\"sipLogin\": \"10006\"", CallCurl.Of("http://localhost:8080/", call), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("01:07.4", 67.4)]
    [InlineData("1:00:05", 3605.0)]
    [InlineData("12", 12.0)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Moment_OfTheAddress_IsRead(string? text, double? seconds) => Assert.Equal(seconds, CallDetailPage.ParseMoment(text));

    [Theory]
    [InlineData("m=video 0 RTP/AVP 96", "Picture: refused or switched off (port 0)")]
    [InlineData("a=fmtp:96 profile-level-id=42e01f;packetization-mode=1", "H264: constrained baseline, level 3.1, pictures may be cut into packets")]
    [InlineData("a=sendonly", "Only sends: hold with music, a camera or an announcement")]
    [InlineData("a=rtcp-fb:96 nack pli", "H264: a new keyframe may be asked for (PLI)")]
    [InlineData("b=TIAS:512000", "At most 512 kbit/s, headers not counted")]
    [InlineData("c=IN IP4 0.0.0.0", "No address: the old way to put on hold")]
    [InlineData("a=x-unheard-of:1", "An attribute this page has no words for")]
    public void Sdp_Line_IsExplained(string line, string words) =>
        Assert.Equal(words, SdpExplainer.Explain("v=0\r\na=rtpmap:96 H264/90000\r\n" + line).Last().Words);

    [Theory]
    [InlineData("wrong-password", "Fix the password")]
    [InlineData("no-reply", "Try over TCP")]
    [InlineData("no-common-codec", "Call with sound only")]
    [InlineData("no-media", "See the time line")]
    [InlineData("anything-else", "Call again")]
    public void Cause_HasANextStep(string code, string text)
    {
        var facts = CallFacts.From(HistoryRow.Create(MadeUp.Busy()), TimeSpan.Zero);
        Assert.Equal(text, CauseSteps.Of(facts.End! with { Code = code }, facts)[0].Text);
        var moved = CauseSteps.Of(facts.End! with { Code = "moved", Raw = "302 Moved (Contact: sip:10007@192.0.2.9, sip:b@c)" }, facts);
        Assert.Equal("/calls/new?from=c-1&callee=sip%3A10007%40192.0.2.9", moved[0].Link);
    }

    [Fact]
    public async Task NewCall_FromAnother_HasEverythingFilledInButThePassword()
    {
        await KeepAsync(MadeUp.Busy());
        Services.GetRequiredService<NavigationManager>().NavigateTo("/calls/new?from=c-1&sipTransport=tcp");
        var page = Page<SipStreamApp.Components.Pages.NewCall.NewCallPage>();
        page.WaitForAssertion(() => Assert.Equal("10005", page.Find("[data-field=callee]").GetAttribute("value")));
        Assert.Equal("sip.example.org", page.Find("[data-field=sipDomain]").GetAttribute("value"));
        Assert.Contains("\"sipTransport\": \"tcp\"", page.Markup.Replace("&quot;", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", page.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<IComponent> Show(string id) => Render(builder =>
    {
        builder.OpenComponent<CallDetailPage>(0);
        builder.AddComponentParameter(1, nameof(CallDetailPage.CallId), id);
        builder.CloseComponent();
    });

    private async Task KeepAsync(CallSnapshot call)
    {
        await Services.GetRequiredService<Database>().EnsureReadyAsync(CancellationToken.None);
        await using (var db = await Services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync())
        {
            db.Calls.Add(HistoryRow.Create(call));
            await db.SaveChangesAsync();
        }

        Assert.Empty(await Services.GetRequiredService<TraceTable>().WriteUntilItWorksAsync([TraceKit.Chunk(call, TraceKit.Part(1))], CancellationToken.None));
    }
}
