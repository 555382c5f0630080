using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SipStreamApp.Components.Layout;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.People;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The pages of a server that requires users, in a real browser, under the content security policy they are served with.</summary>
public class SignInTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task Person_SignsInCallsWatchesAndSignsOut_AndItIsInTheAuditTable()
    {
        await using var app = await RunningApp.StartAsync("--Security:RequireLogin", "true", "--Security:AdminPassword", Password, "--Playback:Access", "link");
        await app.Services.GetRequiredService<UserStore>().CreateAsync("vic", Password, Role.Viewer, false, default);
        await using var chromium = await Chromium.StartAsync();
        var context = await chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, line) =>
        {
            if (line.Text.Contains("Content Security Policy", StringComparison.Ordinal) || line.Text.Contains("Refused to", StringComparison.Ordinal)) complaints.Add(line.Text);
        };

        await page.GotoAsync(app.Url + "/calls");
        Assert.EndsWith("/login?return=%2Fcalls", page.Url, StringComparison.Ordinal);
        await SignInAsync(page, "admin", "wrong password");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Name or password is wrong");
        await SignInAsync(page, "admin", Password);
        await Assertions.Expect(page.Locator(".shell[data-interactive=true]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.EndsWith("/calls", page.Url, StringComparison.Ordinal);

        foreach (var entry in NavPages.All)
        {
            await page.GotoAsync(app.Url + entry.Href);
            await Assertions.Expect(page.Locator(".shell[data-interactive=true]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
            await Assertions.Expect(page.Locator("main h1").First).ToBeVisibleAsync();
        }

        await page.GotoAsync(app.Url);
        await Assertions.Expect(page.Locator(".shell[data-interactive=true]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("try it", System.Text.RegularExpressions.RegexOptions.IgnoreCase) }).ClickAsync();
        var video = page.Locator("video").First;
        await video.WaitForAsync(new() { Timeout = 30_000 });
        Assert.True(await Wait.UntilAsync(() => video.EvaluateAsync<bool>("v => v.videoWidth > 0 && v.currentTime > 0.5"), TimeSpan.FromSeconds(30)), string.Join('\n', complaints));

        var audit = app.Services.GetRequiredService<AuditLog>();
        IReadOnlyList<AuditRow> rows = [];
        var noted = await Wait.UntilAsync(async () => (rows = (await audit.NewestAsync(50, default)).Value?.Rows ?? []).Any(r => r is { Action: "page: call.start", Who: "admin", Status: 200 }), TimeSpan.FromSeconds(10));
        Assert.True(noted, string.Join('\n', rows.Select(r => $"{r.Who} {r.Action} {r.Target} {r.Status}")));

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        // Not WaitForURLAsync with Commit: come too late, it waits for a state that has been.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/login$"), new() { Timeout = 20_000 });

        // Inside of a circuit no request is made for a page: the table of rights decides there, too.
        await SignInAsync(page, "vic", Password);
        await Assertions.Expect(page).ToHaveURLAsync(app.Url + "/", new() { Timeout = 20_000 });
        await Assertions.Expect(page.Locator(".shell[data-interactive=true]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await page.EvaluateAsync("Blazor.navigateTo('/accounts')");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This page is not for you" })).ToBeVisibleAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Person_Deleted_LosesTheOpenPage_AndOthersKeepTheirs()
    {
        await using var app = await RunningApp.StartAsync("--Security:RequireLogin", "true", "--Security:AdminPassword", Password);
        var users = app.Services.GetRequiredService<UserStore>();
        var gone = (await users.CreateAsync("gone", Password, Role.Operator, false, default)).Value!;
        await users.CreateAsync("stays", Password, Role.Operator, false, default);
        await using var chromium = await Chromium.StartAsync();
        var pages = new List<IPage>();
        foreach (var name in (string[])["gone", "stays"])
        {
            var page = await (await chromium.Browser.NewContextAsync()).NewPageAsync();
            await page.GotoAsync(app.Url + "/login?return=%2Fcalls");
            await SignInAsync(page, name, Password);
            await Assertions.Expect(page.Locator(".shell[data-interactive=true]")).ToBeVisibleAsync(new() { Timeout = 20_000 });
            pages.Add(page);
        }

        Assert.Null(await users.DeleteAsync(gone.Id, default));
        await Assertions.Expect(pages[0]).ToHaveURLAsync(app.Url + "/login?return=%2Fcalls", new() { Timeout = 15_000 });
        Assert.Equal("up", await pages[1].EvaluateAsync<string>("() => document.documentElement.dataset.circuit"));
        Assert.EndsWith("/calls", pages[1].Url, StringComparison.Ordinal);
    }

    /// <summary>Fills the form of the login and sends it.</summary>
    internal static async Task SignInAsync(IPage page, string name, string password)
    {
        await page.GetByLabel("User").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
