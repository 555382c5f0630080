using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>Somebody who has just started the program: a fresh database, no account, no manual.</summary>
[Collection(PageMeasurements.Name)]
public class FirstCallTests(PagesLab lab)
{
    // From the click, which Enter on a button is, too, to the first decoded picture: that is when the player says "playing".
    private const string Clock = """
        addEventListener('click', e => { window.pressedAt ??= e.timeStamp; }, true);
        addEventListener('statechange', e => { if (e.detail.state === 'playing') window.pictureAt ??= performance.now(); }, true);
        """;

    [Fact]
    public async Task FreshProgram_OneClick_ShowsThePictureWithinThreeSeconds()
    {
        await using var app = await RunningApp.StartAsync();
        await using var ui = await UiPage.OpenAsync(lab.Chromium, app.Url);
        await ui.Page.AddInitScriptAsync(Clock);
        await ui.LoadAsync("/");
        await ui.Page.WaitForSelectorAsync(".first-time");
        await ui.Page.ClickAsync("text=Try it");
        await AssertSoonAsync(ui, "One click");
        await ui.Page.ClickAsync("text=Hang up the test call");
        await ui.Page.WaitForSelectorAsync("text=Try it again");
        ui.AssertSilent();
    }

    [Fact]
    public async Task FreshProgram_KeyboardAlone_CallsPlaysAndHangsUp()
    {
        await using var app = await RunningApp.StartAsync();
        await using var ui = await UiPage.OpenAsync(lab.Chromium, app.Url);
        await ui.Page.AddInitScriptAsync(Clock);
        await ui.LoadAsync("/");
        await ui.Page.WaitForSelectorAsync(".first-time");

        // The skip link is the first stop, and behind it the button is the next one in the page.
        await ui.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await FocusedAsync(ui));
        await ui.Page.Keyboard.PressAsync("Enter");
        await ui.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Try it", await FocusedAsync(ui));
        await ui.Page.EvaluateAsync("() => { window.pressedAt = undefined; }"); // The skip link was a click.
        await ui.Page.Keyboard.PressAsync("Enter");
        await AssertSoonAsync(ui, "Enter");

        // To the calls by a chord, to the row by j, and h twice hangs up.
        await ui.Page.Keyboard.PressAsync("g");
        await ui.Page.Keyboard.PressAsync("c");
        await ui.Page.WaitForSelectorAsync("h1:text-is('Calls')");
        await ui.Page.WaitForSelectorAsync("tbody tr[data-row] .status.live");
        await ui.Page.Keyboard.PressAsync("j");
        await ui.Page.Keyboard.PressAsync("h");
        await ui.Page.WaitForSelectorAsync("#key-line:has-text('Press h again')");
        Assert.Single(app.Engine.Calls, c => !c.IsEnded);
        await ui.Page.Keyboard.PressAsync("h");
        await Wait.ForAsync(() => app.Engine.Calls.All(c => c.IsEnded), TimeSpan.FromSeconds(5), () => "the call is still up");

        // The palette finds a page by a word it is known by; the sheet opens by ?, and letters typed into a field stay letters.
        await ui.Page.Keyboard.PressAsync("Control+k");
        await ui.Page.WaitForSelectorAsync("#palette[open]");
        await ui.Page.Keyboard.TypeAsync("cdr");
        await ui.Page.WaitForFunctionAsync("() => document.querySelectorAll('#palette-list [role=option]').length === 1");
        await ui.Page.Keyboard.PressAsync("Enter");
        await ui.Page.WaitForSelectorAsync("h1:text-is('History')");
        await ui.Page.Keyboard.PressAsync("?");
        await ui.Page.WaitForSelectorAsync("#help[open]");
        await ui.Page.Keyboard.PressAsync("Escape");
        await ui.Page.Keyboard.PressAsync("/");
        await ui.Page.Keyboard.TypeAsync("gcn?");
        Assert.Equal("gcn?", await ui.Page.InputValueAsync("[data-field=search]"));
        ui.AssertSilent();
    }

    private static async Task AssertSoonAsync(UiPage ui, string what)
    {
        await ui.UntilPlayingAsync();
        var took = await ui.Page.EvaluateAsync<double>("() => pictureAt - pressedAt");
        TestContext.Current.SendDiagnosticMessage($"{what} to the first decoded picture: {took:F0} ms");
        Assert.InRange(took, 1, 3000);
    }

    private static Task<string> FocusedAsync(UiPage ui) => ui.Page.EvaluateAsync<string>("() => document.activeElement.textContent.trim()");
}
