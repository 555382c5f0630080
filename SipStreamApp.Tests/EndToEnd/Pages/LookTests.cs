using SipStreamApp.Data;
using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>
/// Every page on a desk and on a phone, dark and light, empty, live and in trouble: a picture for people to look at (artifacts/screens),
/// nothing serious by axe, nothing wider than the window, no error in the console.
/// </summary>
[Collection(PageMeasurements.Name)]
public class LookTests(PagesLab lab)
{
    private static readonly (string Path, string Head)[] All =
    [
        ("/", "Dashboard"), ("/calls", "Calls"), ("/calls/new", "New call"), ("/streams", "Streams"), ("/streams/nobody", "nobody"), ("/player", "Player"),
        ("/history", "History"), ("/recordings", "Recordings"), ("/push", "Push"), ("/accounts", "Accounts"), ("/api", "API explorer"), ("/health", "Health"),
        ("/settings", "Settings"), ("/settings/users", "Users & API keys"), ("/not-found", "Nothing here"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Empty_EveryPage_IsAccessibleAndFits(bool isPhone)
    {
        await using var app = await RunningApp.StartAsync();
        await using var ui = await UiPage.OpenAsync(lab.Chromium, app.Url, isPhone);
        await ui.LoadAsync("/");
        await ui.Page.WaitForSelectorAsync(".first-time");
        await LookAsync(ui, "empty", All);
        await ui.Page.EvaluateAsync("() => document.querySelector(innerWidth < 761 ? '[data-open=more]' : '[data-open=help]').click()");
        Assert.Empty(await ui.SeriousAsync());
        await ui.ShootAsync("empty-dialog");
        ui.AssertSilent();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Live_EveryPage_IsAccessibleAndFits(bool isPhone)
    {
        string[] calls = isPhone ? ["front-desk", "hotline"] : ["front-desk", "hotline", "door-camera", "studio-2"];
        await using var app = await RunningApp.StartAsync("--Recording:MinFreeMegabytes", "1");
        foreach (var id in calls)
        {
            await app.CallDemoAsync(id);
            await app.UntilStatusAsync(id, "ESTABLISHED", TimeSpan.FromSeconds(10));
        }

        // One that only rings, and one that was refused: rows of every length.
        await app.CallDemoAsync("back-office-with-a-long-name", "demo-ring");
        await app.CallDemoAsync("sales", "demo-busy");
        var accounts = app.Services.GetRequiredService<AccountStore>();
        await accounts.SaveAsync(new AccountDraft { Login = "10006", Domain = "sip.example.org", Password = "x", Transport = SipTransportChoice.Tcp, RegisterRequired = true }, default);
        await accounts.SaveAsync(new AccountDraft { Name = "Door", Login = "door", Domain = "127.0.0.1", AnswersCalls = true }, default);
        await accounts.SaveAsync(new AccountDraft { Name = "Hotline", Login = "hotline", Domain = "sip.invalid", Password = "x", RegisterRequired = true, AnswersCalls = true, AnswerStream = "hotline-{caller}" }, default);
        await using var ui = await UiPage.OpenAsync(lab.Chromium, app.Url, isPhone);
        await ui.LoadAsync("/player?stream=front-desk");
        await ui.UntilPlayingAsync();
        await ui.Page.EvaluateAsync("() => { document.querySelector('main sip-stream-player').figures = true; }");
        await ui.Page.WaitForSelectorAsync(".figures dd");
        await LookAsync(ui, "live", [("", "Player")]);
        await ui.GoAsync("/streams/front-desk", "front-desk");
        await ui.UntilPlayingAsync();
        await ui.Page.WaitForSelectorAsync("tbody button:text-is('Kick')");
        await LookAsync(ui, "live", [("", "front-desk")]);
        await ui.GoAsync("/", "Dashboard");
        await ui.Page.WaitForFunctionAsync("n => document.querySelectorAll('.tile img[data-shown]').length === n", calls.Length);
        await ui.Page.ClickAsync(".tile button:has-text('Record') >> nth=0");
        await LookAsync(ui, "live", [("", "Dashboard"), ("/calls", "Calls"), ("/streams", "Streams"), ("/recordings", "Recordings"), ("/history", "History")]);
        await ui.GoAsync("/accounts", "Accounts");
        await ui.Page.WaitForSelectorAsync("tbody >> text=Listening");
        await ui.Page.WaitForSelectorAsync("tbody .cause.error");
        await LookAsync(ui, "live", [("", "Accounts")]);
        await ui.Page.ClickAsync("[aria-label='Edit Door']");
        await ui.Page.WaitForSelectorAsync("[data-field=AnswerStream]");
        await LookAsync(ui, "live-edit", [("", "Accounts")]);

        // A call that the account answers, while it is up and afterwards.
        await app.CallDemoAsync("visitor", "door");
        await app.UntilStatusAsync("visitor", "ESTABLISHED", TimeSpan.FromSeconds(10));
        var incoming = app.Engine.Calls.First(c => c.Incoming);
        await ui.GoAsync($"/calls/{incoming.Id.Value}", $"{incoming.Caller} → door");
        await LookAsync(ui, "live-incoming", [("", "Call")]);
        await app.Engine.HangUpAsync(incoming.Id);
        await ui.Page.WaitForSelectorAsync("main >> text=Call back");
        await LookAsync(ui, "past-incoming", [("", "Call"), ("/history", "History")]);
        await ui.GoAsync("/calls/new", "New call");
        await LookAsync(ui, "live", [("", "New call")]);
        await ui.Page.ClickAsync("text=Use the test number");
        await ui.Page.ClickAsync("main button[type=submit]");
        await ui.UntilPlayingAsync();
        await LookAsync(ui, "live-playing", [("", "New call")]);
        await ui.Page.EvaluateAsync("() => document.querySelector('[data-open=palette]').click()");
        await ui.Page.WaitForSelectorAsync("#palette-list [role=option]:has-text('Hang up')");
        Assert.Empty(await ui.SeriousAsync());
        await ui.ShootAsync("live-palette");
        await ui.Page.Keyboard.PressAsync("Escape");
        await ui.GoAsync("/api?op=post-rest-api-call-find_all", "API explorer");
        await ui.Page.ClickAsync("button:text-is('Send')");
        await ui.Page.WaitForSelectorAsync("#api-answer .j-name");
        await LookAsync(ui, "live", [("", "API explorer")]);
        await ui.GoAsync("/health", "Health");
        await ui.Page.ClickAsync("main .btn.primary");
        await ui.Page.WaitForSelectorAsync("button:text-is('Check again')");
        await LookAsync(ui, "live", [("", "Health")]);
        ui.AssertSilent();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Trouble_IsSaidWhereItHappens(bool isPhone)
    {
        await using var app = await RunningApp.StartAsync();
        await using var ui = await UiPage.OpenAsync(lab.Chromium, app.Url, isPhone);
        await ui.LoadAsync("/calls/new");

        // What is missing is said at the fields, and the first of them has the cursor.
        await ui.Page.ClickAsync("main button[type=submit]");
        await ui.Page.WaitForSelectorAsync("text=Whom to call");
        Assert.Equal("callee", await ui.Page.EvaluateAsync<string>("() => document.activeElement.dataset.field"));
        await LookAsync(ui, "trouble-fields", [("", "New call")]);

        // A server that is not there: the cause in plain words, with what to do.
        await ui.Page.FillAsync("[data-field=callee]", "10005");
        await ui.Page.FillAsync("[data-field=sipLogin]", "10006");
        await ui.Page.FillAsync("[data-field=sipDomain]", "127.0.0.1");
        await ui.Page.FillAsync("[data-field=sipPort]", $"{Kit.Peers.FreePort.Next()}");
        await ui.Page.ClickAsync("main button[type=submit]");
        await ui.Page.WaitForSelectorAsync(".cause.error");
        await ui.Page.WaitForSelectorAsync("text=Try again over TCP");
        await LookAsync(ui, "trouble-call", [("", "New call"), ("/calls", "Calls")]);
        await ui.GoAsync("/", "Dashboard");
        await ui.Page.WaitForSelectorAsync("section[aria-labelledby=attention-head] >> text=1×");
        await LookAsync(ui, "trouble", [("", "Dashboard"), ("/history", "History")]);
        await app.Engine.StopAsync(default);
        await ui.Page.WaitForSelectorAsync("text=The media engine is not running");
        await LookAsync(ui, "trouble-engine", [("", "History")]);

        ui.AssertSilent();
    }

    private static async Task LookAsync(UiPage ui, string state, (string Path, string Head)[] pages)
    {
        var found = new List<string>();
        foreach (var (path, head) in pages)
        {
            if (path.Length > 0) await ui.GoAsync(path, head);
            await ui.Page.WaitForFunctionAsync("() => !document.querySelector('main [aria-busy=true], main tr.placeholder') && (!document.querySelector('main .history') || document.querySelector('main .history tr[data-row]'))");
            await ui.AssertFitsAsync();
            foreach (var theme in (string[])["light", "dark"])
            {
                await ui.ThemeAsync(theme);
                await ui.ShootAsync($"{state}-{head.ToLowerInvariant().Replace(' ', '-')}-{theme}");
                found.AddRange(await ui.SeriousAsync(coloursOnly: theme == "dark"));
            }
        }

        Assert.Empty(found);
    }
}
