using System.Diagnostics;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>Form, JSON and shell command are one thing.</summary>
[Collection(PagesCollection.Name)]
public class NewCallTwinTests(PagesLab lab)
{
    [Fact]
    public async Task CopiedCurl_InAShell_PlacesTheCallOfTheForm()
    {
        await using var ui = await lab.OpenAsync();
        await ui.LoadAsync("/calls/new");
        await ui.Page.ClickAsync("text=Use the test number");
        await ui.Page.FillAsync("[data-field=sipPassword]", "very-secret");

        // Edited as JSON, the form follows; what is no JSON yet is pointed at and changes nothing.
        await ui.Page.ClickAsync("button:text-is('JSON')");
        var json = await ui.Page.InputValueAsync("textarea");
        Assert.Contains("\"sipPassword\": \"$SIP_PASSWORD\"", json, StringComparison.Ordinal);
        await ui.Page.FillAsync("textarea", json.Replace("\"hasAudio\"", "\"visibleName\": \"O'Brien\",\n  \"toStream\": \"by-curl\",\n  \"hasAudio\"", StringComparison.Ordinal));
        await ui.Page.WaitForFunctionAsync("() => document.querySelector('[data-field=toStream]').value === 'by-curl'");
        await ui.Page.ClickAsync("details.more summary");
        Assert.Equal("O'Brien", await ui.Page.InputValueAsync("[data-field=visibleName]"));
        await ui.Page.FillAsync("textarea", "{\n  \"callee\": }");
        await ui.Page.WaitForSelectorAsync("text=Line 2: this is not JSON yet");
        Assert.Equal("by-curl", await ui.Page.InputValueAsync("[data-field=toStream]"));

        await ui.Page.ClickAsync("button:text-is('cURL')");
        await ui.Page.ClickAsync("button:text-is('Copy cURL')");
        await ui.Page.WaitForSelectorAsync("button:text-is('Copied')");
        var command = await ui.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.DoesNotContain("very-secret", command, StringComparison.Ordinal);
        ui.AssertSilent();

        var (exit, output) = await ShellAsync(command + " -sS -f");
        Assert.True(exit == 0, output);
        var call = Assert.Single(lab.App.Engine.Calls, c => c.StreamName.Value == "by-curl");
        Assert.Equal(("O'Brien", "demo"), (call.VisibleName, call.Callee));
        await lab.App.UntilStatusAsync(call.Id.Value, "ESTABLISHED", TimeSpan.FromSeconds(10));
        await lab.HangUpAsync(call.Id.Value);
    }

    private static async Task<(int Exit, string Output)> ShellAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["SIP_PASSWORD"] = "from the environment" },
        })!;
        var output = await shell.StandardOutput.ReadToEndAsync() + await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, output);
    }
}
