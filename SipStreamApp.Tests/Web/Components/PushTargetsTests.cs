using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Pages.Push;
using SipStreamApp.Data;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class PushTargetsTests : PageTest
{
    private const string Secret = "abcd-efgh-ijkl";

    private PushTargetStore Store => Services.GetRequiredService<PushTargetStore>();

    [Fact]
    public async Task Add_ByPreset_IsSavedChosenForThePush_AndTheKeyIsNowhere()
    {
        var page = Page<PushPage>();
        Sees(page, "None yet");
        page.FindAll("button").Single(b => b.TextContent == "Add target").Click();
        page.WaitForAssertion(() => page.Find("form[aria-label='New push target']"));
        Chip(page, "Twitch").Click();
        page.WaitForAssertion(() => Assert.Equal("rtmps://ingest.global-contribute.live-video.net/app", page.Find("input[data-field=Address]").GetAttribute("value")));
        Assert.Equal("true", Chip(page, "Twitch").GetAttribute("aria-pressed"));
        Chip(page, "YouTube").Click();
        page.WaitForAssertion(() => Assert.Equal("YouTube", page.Find("input[data-field=Name]").GetAttribute("value")));
        page.Find("input[data-field=Key]").Input(Secret);
        page.Find("form[aria-label='New push target']").Submit();

        page.WaitForAssertion(() => Assert.Contains("set just now", page.Find("[aria-label='Saved targets'] tbody").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, page.Markup, StringComparison.Ordinal);
        var saved = Assert.Single((await Store.ListAsync(default)).Value!.Targets);
        Assert.Equal(("YouTube", "rtmps://a.rtmps.youtube.com/live2", true), (saved.Name, saved.Address, saved.HasKey));
        Sees(page, "rtmps://a.rtmps.youtube.com/live2");
        Assert.Empty(page.FindAll("input[data-field=rtmpUrl]"));

        // The engine of this test does not run; that it says so shows that the saved target was taken.
        page.Find("input[data-field=streamName]").Input("cam");
        page.Find("form[aria-label='Push a stream']").Submit();
        Sees(page, "not running");
    }

    [Fact]
    public async Task Edit_WithoutAKey_KeepsIt_AndWrongFieldsAreSaid()
    {
        var id = await SaveAsync("Studio", "rtmp://studio.example.org/app", Secret);
        var page = Page<PushPage>();
        Sees(page, "Studio");
        page.Find("[aria-label='Edit Studio']").Click();
        page.WaitForAssertion(() => Assert.Equal("unchanged", page.Find("input[data-field=Key]").GetAttribute("placeholder")));
        page.Find("input[data-field=Address]").Input("ftp://studio.example.org");
        page.Find("form[aria-label='Edit Studio']").Submit();
        Sees(page, "The address must start with rtmp://");
        page.Find("input[data-field=Address]").Input("rtmp://studio.example.org/other");
        page.Find("form[aria-label='Edit Studio']").Submit();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("form[aria-label='Edit Studio']")));
        Assert.Equal("rtmp://studio.example.org/other/" + Secret, (await Store.RequestAsync(id, MadeUp.Stream("cam"), default)).Value!.Url);
    }

    [Fact]
    public async Task Delete_ThenUndo_BringsItBackWithItsKey()
    {
        await SaveAsync("Studio", "rtmp://studio.example.org/app", Secret);
        var page = Page<PushPage>();
        Sees(page, "Studio");
        page.Find("[aria-label='Delete Studio']").Click();
        Sees(page, "Studio deleted");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("[aria-label='Edit Studio']")));
        page.WaitForAssertion(() => page.Find("input[data-field=rtmpUrl]"));
        page.FindAll("button").Single(b => b.TextContent.Trim() == "Undo").Click();
        page.WaitForAssertion(() => page.Find("[aria-label='Edit Studio']"));
        Assert.True(Assert.Single((await Store.ListAsync(default)).Value!.Targets).HasKey);
    }

    [Fact]
    public async Task Test_OfAServerThatIsNotThere_SaysWhy_AndSrtHasNoTest()
    {
        await SaveAsync("Gone", $"rtmp://127.0.0.1:{Kit.Peers.FreePort.Next()}/app", null);
        await SaveAsync("Far", "srt://srt.example.org:9000", "streamid=x");
        var page = Page<PushPage>();
        Sees(page, "Gone");
        Assert.Empty(page.FindAll("[aria-label='Test Far']"));
        page.Find("[aria-label='Test Gone']").Click();
        Sees(page, "The server refused the connection");
    }

    private static AngleSharp.Dom.IElement Chip(IRenderedComponent<IComponent> page, string text) => page.FindAll("button.chip").Single(c => c.TextContent == text);

    private async Task<int> SaveAsync(string name, string address, string? key) =>
        (await Store.SaveAsync(new PushTargetDraft { Name = name, Address = address, Key = key }, default)).Value!.Id;
}
