using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Pages.Api;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>The explorer in place of a REST client: a call is placed, found and hung up from the page, by the browser.</summary>
[Collection(PagesCollection.Name)]
public class ApiExplorerTests(PagesLab lab)
{
    [Fact]
    public async Task Browser_PlacesFindsAndHangsUpACall_ByTheExplorer()
    {
        await lab.ClearAsync();
        await using var ui = await lab.OpenAsync();
        var sent = new List<string>();
        ui.Page.Request += (_, request) =>
        {
            if (request.Url.Contains("/rest-api/", StringComparison.Ordinal)) lock (sent) sent.Add($"{request.Method} {new Uri(request.Url).AbsolutePath} {request.ResourceType}");
        };
        await ui.LoadAsync("/api?op=post-rest-api-call-startup&callId=by-hand&toStream=by-hand");
        Assert.Equal("demo", await ui.Page.InputValueAsync("[data-field=callee]"));
        await ui.Page.FillAsync("[data-field=sipPassword]", "very-secret");
        await ui.Page.WaitForFunctionAsync("() => document.querySelector('textarea').value.includes('$SIP_PASSWORD')");
        await ui.Page.Keyboard.PressAsync("Control+Enter");
        await ui.Page.WaitForSelectorAsync("#api-summary:has-text('200')");
        await lab.App.UntilStatusAsync("by-hand", "ESTABLISHED", TimeSpan.FromSeconds(10));

        // The same id again: the problem in words, and the fields it is about.
        await ui.Page.ClickAsync("button:text-is('Send')");
        await ui.Page.WaitForSelectorAsync("#api-answer .cause.error");
        Assert.Contains("409", await ui.Page.InnerTextAsync("#api-summary"), StringComparison.Ordinal);
        Assert.Contains("by-hand", await ui.Page.InnerTextAsync("#api-answer .cause"), StringComparison.Ordinal);

        // What lives is filled in; the answer is readable and leads on.
        await ui.Page.ClickAsync(".api-list a[href='/api?op=post-rest-api-call-find_all']");
        await ui.Page.WaitForSelectorAsync("h2:text-is('All calls that are up')");
        await ui.Page.ClickAsync("button:text-is('Send')");
        await ui.Page.WaitForSelectorAsync("#api-answer .j-name:text-is('\"callId\"')");
        Assert.Equal("/streams/by-hand", await ui.Page.GetAttributeAsync("#api-answer a[href^='/streams/']", "href"));
        await ui.Page.ClickAsync(".api-list a[href='/api?op=post-rest-api-call-terminate']");
        await ui.Page.WaitForFunctionAsync("() => document.querySelector('[data-field=callId]')?.value === 'by-hand'");
        await ui.Page.ClickAsync("button:text-is('Send')");
        await ui.Page.WaitForSelectorAsync("text=This hangs up the call.");
        Assert.NotNull(await lab.App.FindCallAsync("by-hand"));
        await ui.Page.ClickAsync("button:text-is('Really send')");
        await ui.Page.WaitForSelectorAsync("#api-summary:has-text('200')");
        Assert.Null(await lab.App.FindCallAsync("by-hand"));

        // It was this browser that sent, and it remembers, without the password, over a reload.
        Assert.Equal(
            ["POST /rest-api/call/startup fetch", "POST /rest-api/call/startup fetch", "POST /rest-api/call/find_all fetch", "POST /rest-api/call/terminate fetch"], sent);
        var kept = await ui.Page.EvaluateAsync<string>("() => localStorage.getItem('api-history')");
        Assert.DoesNotContain("very-secret", kept, StringComparison.Ordinal);
        await ui.LoadAsync("/api?op=post-rest-api-call-find");
        await ui.Page.ClickAsync(".api-history button:has-text('/rest-api/call/startup')");
        await ui.Page.WaitForFunctionAsync("() => document.querySelector('[data-field=callId]')?.value === 'by-hand'");
        Assert.Equal("", await ui.Page.InputValueAsync("[data-field=sipPassword]"));
        ui.AssertSilent(except: "409");
    }

    [Fact]
    public async Task Key_IsSentInsteadOfTheSession_AndPicturesAndEventsAreShown()
    {
        await lab.CallAsync("pictured");
        await using var ui = await lab.OpenAsync();
        await ui.LoadAsync("/api?op=post-rest-api-stream-snapshot");
        await ui.Page.ClickAsync("text=With an API key");
        await ui.Page.FillAsync("#api-key", "sk_test-key");
        var asked = ui.Page.WaitForRequestAsync("**/rest-api/stream/snapshot");
        await ui.Page.ClickAsync("button:text-is('Send')");
        Assert.Equal("Bearer sk_test-key", (await asked).Headers["authorization"]);
        Assert.Contains("$SIPSTREAM_KEY", await ui.Page.InnerTextAsync("pre[aria-label=cURL]"), StringComparison.Ordinal);
        await ui.Page.WaitForSelectorAsync("#api-answer img");
        await ui.GoAsync("/api?op=get-live-levels&s=pictured", "API explorer");
        await ui.Page.ClickAsync("button:text-is('Send')");
        await ui.Page.WaitForSelectorAsync("#api-answer pre:has-text('data: ')");
        ui.AssertSilent();
        await lab.HangUpAsync("pictured");
    }

    [Fact]
    public async Task Catalog_HasEveryDocumentedMethod_EachOnce_AndTheNewerPaths()
    {
        var all = await lab.App.Services.GetRequiredService<ApiCatalog>().AllAsync();
        using var document = JsonDocument.Parse(await lab.App.Http.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
        var documented = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}"))
            .Where(o => !o.StartsWith("HEAD", StringComparison.Ordinal) && !o.Contains(" /mse/", StringComparison.Ordinal));
        Assert.Equal(documented.Order(StringComparer.Ordinal), all.Select(o => $"{o.Method} {o.Path}").Order(StringComparer.Ordinal));
        Assert.Equal(all.Count, all.Select(o => o.Id).Distinct().Count());
        Assert.Equal("/rest-api/v3/call/startup", all.Single(o => o.Path == "/rest-api/call/startup").NewerPath);
        Assert.Null(all.First(o => o.Path == "/rest-api/v2/links").NewerPath);

        // Only what may not be missing is marked.
        Assert.Equal(["callee", "sipLogin", "sipDomain"], all.Single(o => o.Path == "/rest-api/call/startup").Fields.Where(f => f.IsRequired).Select(f => f.Name));
        Assert.Contains(all.Single(o => o.Path == "/rest-api/recorder/startup").Fields, f => f is { Name: "config.rotation", IsRequired: false });
        foreach (var path in (string[])["/rest-api/call/terminate", "/rest-api/stream/terminate", "/rest-api/push/terminate", "/recordings/{id}", "/admin/drain"])
            Assert.Contains(all, o => o.Path == path && o.Danger is not null);
    }
}
