using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>The page Health in a browser, on a server that works.</summary>
[Collection(PagesCollection.Name)]
public class HealthLookTests(PagesLab lab)
{
    [Fact]
    public async Task RunAll_ByKeyboard_ShowsEveryCheck_AndCopiesTheReport()
    {
        await using var ui = await lab.OpenAsync();
        await ui.LoadAsync("/");
        await ui.Page.Keyboard.PressAsync("g");
        await ui.Page.Keyboard.PressAsync("k");
        await ui.Page.WaitForSelectorAsync("h1:text-is('Health')");
        await ui.Page.WaitForSelectorAsync("[data-key=r]:enabled");
        await ui.Page.Keyboard.PressAsync("r");
        await ui.Page.WaitForSelectorAsync("button:text-is('Check again')", new() { Timeout = 60_000 });
        Assert.Equal(14, await ui.Page.Locator(".check-row[data-verdict]").CountAsync());

        // Other tests of this lab save accounts at servers that do not exist.
        Assert.Equal(0, await ui.Page.Locator(".check-row[data-verdict=failed]:not(#check-accounts):not(#check-dns)").CountAsync());
        await ui.Page.ClickAsync("button:text-is('Copy report')");
        await ui.Page.WaitForSelectorAsync("button:text-is('Copied')");
        var report = await ui.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.Contains("] Media engine: sip ", report, StringComparison.Ordinal);
        Assert.DoesNotContain(lab.App.DataFolder, report, StringComparison.Ordinal);
        ui.AssertSilent();
    }
}
