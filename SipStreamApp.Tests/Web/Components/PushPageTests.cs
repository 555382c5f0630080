using Bunit;
using SipStreamApp.Components.Pages.Push;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public class PushPageTests : PageTest
{
    [Fact]
    public void Start_WithNothingFilledIn_NamesBothFields()
    {
        var page = Page<PushPage>();
        page.Find("form").Submit();
        page.WaitForAssertion(() =>
        {
            Assert.Contains("Which stream?", page.Markup, StringComparison.Ordinal);
            Assert.Contains("Where to?", page.Markup, StringComparison.Ordinal);
        });
        Assert.Contains("Nothing is pushed", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WhenTheEngineRefuses_SaysWhy()
    {
        var page = Page<PushPage>();
        page.Find("input[data-field=streamName]").Input("show");
        page.Find("input[data-field=rtmpUrl]").Input("rtmp://host/app");
        page.Find("form").Submit();
        page.WaitForAssertion(() => Assert.Contains("not running", page.Markup, StringComparison.Ordinal));
    }
}
