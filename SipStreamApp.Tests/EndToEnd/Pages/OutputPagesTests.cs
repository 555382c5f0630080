using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SipStreamApp.Components.Pages.Home;
using SipStreamApp.Data;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Kit.Recordings;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>What comes out of a stream, on its pages: a recording with its waveform, a push to a saved target, settings, links.</summary>
[Collection(PagesCollection.Name)]
public class OutputPagesTests(PagesLab lab)
{
    [Fact]
    public async Task Recording_PlaysInPlace_AndItsWaveformCoversItAllAndSeeks()
    {
        const string Stream = "to-be-seen";
        await lab.CallAsync(Stream);
        (await lab.App.PostAsync("/recorder/startup", new { mediaSessionId = Stream })).Dispose();
        await Wait.UntilAsync(() => lab.App.Engine.Recordings.Any(r => r.StreamName.Value == Stream && r.Duration.TotalSeconds >= 4), TimeSpan.FromSeconds(20));
        await lab.HangUpAsync(Stream);
        var recording = await lab.App.ReadyAsync(Stream);

        await using var ui = await lab.OpenAsync();
        await ui.LoadAsync("/recordings");
        await ui.Page.WaitForSelectorAsync(".disk-bar");
        await ui.Page.ClickAsync($"[aria-label='Play {recording.FileName}']");
        await ui.Page.WaitForSelectorAsync("sip-waveform[data-state=ready]");
        await ui.Page.WaitForFunctionAsync("() => document.querySelector('video')?.duration > 3");
        var length = await ui.Page.EvaluateAsync<double>("() => document.querySelector('video').duration");

        // The demo's tone sounds all the time: there is something to see from one end to the other, and the steps cover what the file is long.
        var seen = await ui.Page.EvaluateAsync<double[]>("""
            async () => {
              const wave = document.querySelector('sip-waveform'), { seconds, peaks } = await (await fetch(wave.getAttribute('src'))).json();
              return [seconds, peaks.findIndex(p => p > 8) / peaks.length, peaks.findLastIndex(p => p > 8) / peaks.length, Number(wave.dataset.drawn)];
            }
            """);
        Assert.InRange(seen[0], length - 1, length + 1);
        Assert.InRange(seen[1], 0, 0.3);
        Assert.InRange(seen[2], 0.7, 1);
        Assert.True(seen[3] > 100, $"{seen[3]} steps were drawn");

        // By the mouse and by keys.
        await ui.Page.EvaluateAsync("() => document.querySelector('video').pause()");
        var box = (await ui.Page.Locator("sip-waveform").BoundingBoxAsync())!;
        await ui.Page.Mouse.ClickAsync(box.X + box.Width * 0.75f, box.Y + 20);
        await AtAsync(ui, length * 0.75, 0.2);
        await ui.Page.Keyboard.PressAsync("Home");
        await AtAsync(ui, 0, 0.01);
        await ui.Page.Keyboard.PressAsync("ArrowRight");
        await AtAsync(ui, Math.Min(5, length), 0.1);
        Assert.EndsWith($"of 00:{Math.Floor(length):00}", await ui.Page.GetAttributeAsync("sip-waveform", "aria-valuetext"), StringComparison.Ordinal);
        await ui.Page.Keyboard.PressAsync("Home");
        await LookAsync(ui, "recording", "Recordings");

        // Deleted for good by REST: the waveform goes with it.
        var kept = Path.Combine(lab.App.Engine.RecordingDirectory, ".peaks", recording.Id + ".json");
        Assert.True(File.Exists(kept));
        (await lab.App.Http.DeleteAsync($"/recordings/{recording.Id}")).Dispose();
        Assert.False(File.Exists(kept));
        ui.AssertSilent();
    }

    [Fact]
    public async Task Push_ToASavedTarget_SaysWhyItRetries_AndRetriesNow()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await lab.CallAsync("to-be-pushed");
        await using var ui = await lab.OpenAsync();
        await ui.LoadAsync("/push?stream=to-be-pushed");
        await ui.Page.ClickAsync("button:text-is('Add target')");
        await ui.Page.FillAsync("[data-field=Name]", "Studio");
        await ui.Page.FillAsync("[data-field=Address]", nginx.Url + "/secret-key");
        await ui.Page.ClickAsync("form[aria-label='New push target'] button[type=submit]");
        await ui.Page.ClickAsync("[aria-label='Test Studio']");
        await ui.Page.WaitForSelectorAsync("text=The server answers and knows the application");
        await nginx.StopAsync();
        await ui.Page.ClickAsync("[aria-label='Push to Studio']");
        await ui.Page.ClickAsync("text=Push stream");
        await ui.Page.WaitForSelectorAsync("text=The server refused the connection");
        await ui.Page.WaitForSelectorAsync("text=/Attempt [3-9] in \\d+ s/", new() { Timeout = 30_000 });
        await LookAsync(ui, "push", "Push");
        Assert.DoesNotContain("secret-key", await ui.Page.ContentAsync(), StringComparison.Ordinal);
        // With time left, or the next attempt comes by itself before the button is found.
        await ui.Page.WaitForSelectorAsync("text=/Attempt \\d+ in ([6-9]|[1-9]\\d) s/");
        await nginx.StartAgainAsync();
        await ui.Page.ClickAsync("[aria-label='Retry now: the push of to-be-pushed']");
        await ui.Page.WaitForSelectorAsync("[aria-label=Pushes] .status.live", new() { Timeout = 20_000 });
        Assert.Contains(lab.App.Engine.Pushes, p => p.Stream.Value == "to-be-pushed" && p.State == PushState.Publishing);
        ui.AssertSilent();
        await lab.HangUpAsync("to-be-pushed");
        foreach (var target in (await lab.App.Services.GetRequiredService<PushTargetStore>().ListAsync(default)).Value!.Targets)
            await lab.App.Services.GetRequiredService<PushTargetStore>().DeleteAsync(target.Id, default);
    }

    [Fact]
    public async Task Settings_AreFoundReadAndFit()
    {
        await using var ui = await lab.OpenAsync();
        await ui.LoadAsync("/settings");
        await ui.Page.ClickAsync("nav[aria-label=Sections] a:text-is('Recording')");
        await ui.Page.WaitForSelectorAsync("text=Recording:MinFreeMegabytes");
        Assert.Contains("command line", await ui.Page.InnerTextAsync("tr:has-text('Recording:MinFreeMegabytes')"), StringComparison.Ordinal);
        await LookAsync(ui, "settings", "Settings");
        await ui.Page.FillAsync("[data-filter]", "jitter");
        await ui.Page.WaitForSelectorAsync("text=1 setting");
        await ui.GoAsync("/settings/appearance", "Settings");
        await ui.Page.ClickAsync("[data-theme-set=light]");
        Assert.Equal("light", await ui.Page.GetAttributeAsync("html", "data-theme"));
        await ui.AssertFitsAsync();
        await ui.ShootAsync("output-settings-appearance");
        Assert.Empty(await ui.SeriousAsync());
        await ui.GoAsync("/settings/about", "Settings");
        await ui.Page.WaitForSelectorAsync("text=SQLite");
        await ui.AssertFitsAsync();
        await ui.ShootAsync("output-settings-about");
        ui.AssertSilent();
    }

    [Fact]
    public async Task Link_MadeOnThePage_OpensTheStreamToWhoHasNoLogin()
    {
        const string Password = "correct horse battery";
        await using var app = await RunningApp.StartAsync("--Security:RequireLogin", "true", "--Security:AdminPassword", Password, "--Playback:Access", "link");
        app.Engine.StartCall(DemoCall.Request(app.Engine) with { ToStream = "shared" });
        await using var ui = await UiPage.OpenAsync(lab.Chromium, app.Url);
        await ui.Page.GotoAsync(app.Url + "/streams/shared");
        await ui.Page.GetByLabel("User").FillAsync("admin");
        await ui.Page.GetByLabel("Password").FillAsync(Password);
        await ui.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await ui.Page.WaitForSelectorAsync("html[data-circuit=up] [data-interactive=true]");
        await ui.Page.FillAsync("[data-field=label]", "Front desk");
        await ui.Page.ClickAsync("text=Make link");
        var address = await ui.Page.InnerTextAsync(".share-list code");
        await LookAsync(ui, "share", "shared");

        await using var guest = await UiPage.OpenAsync(lab.Chromium, app.Url);
        await guest.Page.GotoAsync(address);
        await guest.Page.WaitForFunctionAsync("() => document.querySelector('sip-stream-player')?.state === 'playing'", null, new() { Timeout = 15_000 });
        await ui.Page.ClickAsync("[aria-label='Take back link Front desk']");
        await ui.Page.WaitForSelectorAsync("text=taken back");
        await guest.Page.WaitForFunctionAsync("() => document.querySelector('sip-stream-player').state !== 'playing'", null, new() { Timeout = 15_000 });
        var again = await guest.Page.GotoAsync(address);
        Assert.Equal(403, again!.Status);
    }

    private static Task AtAsync(UiPage ui, double seconds, double within) =>
        ui.Page.WaitForFunctionAsync("([at, within]) => Math.abs(document.querySelector('video').currentTime - at) <= within", new[] { seconds, within }, new() { Timeout = 5000 });

    // On a desk also as a phone shows it: the same page in another window needs no other call.
    private static async Task LookAsync(UiPage ui, string name, string head)
    {
        await ui.Page.WaitForSelectorAsync($"h1:text-is(\"{head}\")");
        await ui.AssertFitsAsync();
        foreach (var theme in (string[])["light", "dark"])
        {
            await ui.ThemeAsync(theme);
            await ui.ShootAsync($"output-{name}-{theme}");
            Assert.Empty(await ui.SeriousAsync(coloursOnly: theme == "dark"));
        }

        await ui.Page.SetViewportSizeAsync(390, 844);
        await ui.AssertFitsAsync();
        await ui.ShootAsync($"output-{name}-narrow");
        await ui.Page.SetViewportSizeAsync(1400, 1000);
    }
}
