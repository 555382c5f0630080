using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SipStreamApp.Components.Pages.Home;
using SipStreamApp.Media.Calls;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.People;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>One live call, seen by a viewer, an operator and an administrator, in a real browser.</summary>
public class RolesTests
{
    private const string Password = "correct horse battery";
    private static readonly PageWaitForFunctionOptions Patient = new() { Timeout = 20_000 };

    [Fact]
    public async Task Viewer_SeesAndPlaysALiveCall_OperatorEndsIt_AndATakenRightIsGoneAtOnce()
    {
        await using var app = await RunningApp.StartAsync("--Security:RequireLogin", "true", "--Security:AdminPassword", Password, "--Playback:Access", "user");
        var users = app.Services.GetRequiredService<UserStore>();
        await users.CreateAsync("vic", Password, Role.Viewer, false, default);
        var oli = (await users.CreateAsync("oli", Password, Role.Operator, false, default)).Value!;
        var call = app.Engine.StartCall(DemoCall.Request(app.Engine)).Value!;
        await using var chromium = await Chromium.StartAsync();

        var page = await (await chromium.Browser.NewContextAsync()).NewPageAsync();
        await page.GotoAsync(app.Url);
        await SignInAsync(page, "vic");
        Assert.Equal(app.Url + "/", page.Url);
        await Assertions.Expect(page.Locator("article.tile")).ToHaveCountAsync(1);
        Assert.Equal(["Dashboard", "Calls", "Streams", "Player", "History", "Recordings", "API explorer"], await page.Locator(".rail ul .nav-item span").AllTextContentsAsync());
        await NothingCallsAsync(page);

        // Keys and the palette know no more than the page.
        await page.Keyboard.PressAsync("n");
        await page.Keyboard.PressAsync("Control+k");
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('#palette-list [role=option]')].some(o => o.textContent.includes('demo-caller'))", null, Patient);
        Assert.DoesNotContain(await page.Locator("#palette-list").AllInnerTextsAsync(), t => t.Contains("Hang up", StringComparison.Ordinal) || t.Contains("New call", StringComparison.Ordinal) || t.Contains("Accounts", StringComparison.Ordinal));
        await page.Keyboard.PressAsync("Escape");

        // By clicks to the call's page, where the stream plays.
        await page.ClickAsync(".rail a[href='/calls']");
        await page.ClickAsync("main a[data-row-open][href^='/calls/']");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/calls/" + Regex.Escape(call.Id.Value) + "$"));
        await PlaysAsync(page);
        await NothingCallsAsync(page);
        await page.GetByRole(AriaRole.Tab, new() { Name = "SIP" }).ClickAsync();
        await Assertions.Expect(page.Locator("#panel-call")).ToContainTextAsync("INVITE");
        Assert.Equal(200, await page.EvaluateAsync<int>("async () => (await fetch(document.querySelector('.menu-items a[href$=pcap]').href)).status"));
        Assert.Equal(403, await page.EvaluateAsync<int>("async id => (await fetch('/rest-api/call/terminate', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ callId: id }) })).status", call.Id.Value));

        await page.ClickAsync(".rail a[href='/history']");
        await Assertions.Expect(page.Locator("main table.history a[data-row-open]")).ToHaveCountAsync(1);
        await NothingCallsAsync(page);

        // By address, and inside of the circuit by an address in disguise.
        Assert.Equal(403, (await page.GotoAsync(app.Url + "/accounts"))!.Status);
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("It needs the role Operator; vic has the role Viewer.");
        await Assertions.Expect(page.Locator(".shell[data-interactive=true]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.EvaluateAsync("Blazor.navigateTo('/calls/%6Eew')");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/calls/[^/]*ew$"));
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This page is not for you" })).ToBeVisibleAsync();

        // A click on a button that should not be there any more is what a forged event of the circuit is to the server.
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in as another" }).ClickAsync();
        await SignInAsync(page, "oli");
        await page.ClickAsync(".rail a[href='/calls']");
        await page.ClickAsync("main a[data-row-open][href^='/calls/']");
        var hangUp = page.GetByRole(AriaRole.Button, new() { Name = "Hang up", Exact = true });
        await Assertions.Expect(hangUp).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Assertions.Expect(page.Locator("main button[aria-label^=Record]")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".rail a[href='/accounts'], .rail a[href='/health'], .rail a[href='/push'], .topbar a[href='/calls/new']")).ToHaveCountAsync(4);
        Assert.Null(await users.SetRoleAsync(oli.Id, Role.Viewer, default));
        await hangUp.ClickAsync();
        var audit = app.Services.GetRequiredService<AuditLog>();
        IReadOnlyList<AuditRow> rows = [];
        var refused = await Wait.UntilAsync(async () => (rows = (await audit.NewestAsync(50, default)).Value?.Rows ?? []).Any(r => r is { Action: "page: EngineDoor.HangUp", Who: "oli", Status: 403 }), TimeSpan.FromSeconds(10));
        Assert.True(refused, string.Join('\n', rows.Select(r => $"{r.Who} {r.Action} {r.Target} {r.Status}")));
        Assert.Equal(CallStatus.Established, app.Engine.FindCall(call.Id)!.Status);

        // The page goes to the login by itself; a second navigation at that moment is aborted.
        await Assertions.Expect(page.GetByLabel("Password")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await SignInAsync(page, "admin");
        await page.ClickAsync(".rail a[href='/calls']");
        await Assertions.Expect(page.Locator(".rail ul a[href='/settings/users']")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Hang up " + call.Id.Value }).ClickAsync();
        Assert.True(await Wait.UntilAsync(() => app.Engine.FindCall(call.Id) is null or { IsEnded: true }, TimeSpan.FromSeconds(10)));
    }

    private static async Task SignInAsync(IPage page, string name)
    {
        await SignInTests.SignInAsync(page, name, Password);
        await Assertions.Expect(page.Locator(".shell[data-interactive=true]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
    }

    private static async Task NothingCallsAsync(IPage page)
    {
        Assert.Empty(await page.Locator("button").Filter(new() { HasTextRegex = new("hang up|record|try it", System.Text.RegularExpressions.RegexOptions.IgnoreCase) }).AllInnerTextsAsync());
        Assert.Equal(0, await page.Locator("a[href*='/calls/new'], a[href^='/push'], a[href='/accounts'], a[href^='/settings'], [data-key=h], [data-key=r], [data-key=n], [data-key=t]").CountAsync());
    }

    private static async Task PlaysAsync(IPage page) => await page.WaitForFunctionAsync(
        """
        () => {
          const all = root => [...root.querySelectorAll('*')].flatMap(e => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
          return all(document).some(e => e.tagName === 'VIDEO' && e.videoWidth > 0 && e.currentTime > 0.3);
        }
        """, null, Patient);
}
