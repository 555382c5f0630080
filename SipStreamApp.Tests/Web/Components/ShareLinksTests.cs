using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Pages.Streams;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class ShareLinksTests : PageTest
{
    [Theory]
    [InlineData(false, "Link", "everybody may play")]
    [InlineData(true, "Public", "Playback:Access is public")]
    [InlineData(true, "User", "Playback:Access is user")]
    public void WhereNoLinkHelps_ItSaysSoAndMakesNone(bool login, string access, string said)
    {
        var share = Share(login, Enum.Parse<PlaybackAccess>(access));
        Assert.Contains(said, share.Markup, StringComparison.Ordinal);
        Assert.Empty(share.FindAll("form"));
    }

    [Fact]
    public async Task Link_IsMadeWithItsBounds_OpensThatStream_AndIsTakenBack()
    {
        Security = new SecuritySettings { LoginRequired = true, Playback = PlaybackAccess.Link };
        await SignInAsync(Role.Operator);
        var share = Share(true, PlaybackAccess.Link);
        var store = Services.GetRequiredService<PlayLinkStore>();
        await store.CreateAsync("another", TimeSpan.FromHours(1), null, "not here", "x", default);
        share.WaitForAssertion(() => Assert.Contains("No link opens this stream", share.Markup, StringComparison.Ordinal));
        share.Find("input[data-field=label]").Input("Front desk");
        share.Find("form").Submit();
        share.WaitForAssertion(() => Assert.Equal("Front desk", share.Find(".share-list strong").TextContent));
        var link = (await store.ListAsync(default)).Value!.Links.Single(l => l.Link.StreamName == "cam");
        Assert.Equal((MadeUp.Noon.AddSeconds(62).AddDays(1), null), (link.Link.ExpiresAt, link.Link.MaxViewers));
        Assert.Equal($"http://localhost/embed/cam?k={Uri.EscapeDataString(link.Token)}", share.Find(".share-list code").TextContent);
        Assert.True((await store.CheckAsync(link.Token, "cam", default)).Succeeded);
        Assert.DoesNotContain("not here", share.Markup, StringComparison.Ordinal);

        share.Find("[aria-label='Take back link Front desk']").Click();
        share.WaitForAssertion(() => Assert.Contains("taken back", share.Find(".share-list .gone").TextContent, StringComparison.Ordinal));
        Assert.Empty(share.FindAll(".share-list code"));
        Assert.Equal("link-revoked", (await store.CheckAsync(link.Token, "cam", default)).Failures[0].Code);
    }

    private IRenderedComponent<ShareLinks> Share(bool login, PlaybackAccess access)
    {
        Security = new SecuritySettings { LoginRequired = login, Playback = access };
        Render<MudBlazor.MudPopoverProvider>();
        return Render<ShareLinks>(p => p.Add(s => s.Stream, "cam"));
    }
}
