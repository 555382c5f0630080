using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Pages.Api;
using SipStreamApp.Media.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class ApiPageTests : PageTest
{
    private readonly BunitJSModuleInterop _module;

    public ApiPageTests()
    {
        _module = JSInterop.SetupModule("/api.mjs");
        _module.Mode = JSRuntimeMode.Loose;
        _module.Setup<ApiKept[]>("history").SetResult([]);
        _module.Setup<ApiKept[]>("send", _ => true).SetResult([new ApiKept("post-rest-api-call-find", "/rest-api/call/find", "{\"callId\":\"c-9\"}", []) { At = 1, Status = 404, Milliseconds = 12 }]);
        Catalog =
        [
            new("Call", "POST", "/rest-api/call/find", "Find calls", null, [new("callId", ApiPlace.Body, ApiKind.Text, false, null), new("status", ApiPlace.Body, ApiKind.Text, false, null)], "application/json")
                { NewerPath = "/rest-api/v3/call/find" },
            new("Call", "POST", "/rest-api/call/terminate", "Hang up", null, [new("callId", ApiPlace.Body, ApiKind.Text, true, null)], "application/json"),
            new("Recordings", "DELETE", "/recordings/{id}", "Delete", null, [new("id", ApiPlace.Path, ApiKind.Text, true, null)], null),
        ];
    }

    [Fact]
    public void Page_WithoutAMethod_ListsAllAndFilters()
    {
        var page = Page<ApiPage>();
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll(".api-list li").Count));
        page.Find("[data-filter]").Input("hang");
        Assert.Equal("/api?op=post-rest-api-call-terminate", Assert.Single(page.FindAll(".api-list li a")).GetAttribute("href"));
    }

    [Fact]
    public void Form_AndJson_AreOne_AndTheRequestIsSentByTheBrowser()
    {
        var page = Open("post-rest-api-call-find&status=RING");
        Assert.Equal([" Under /rest-api/v3", " With an API key, not as who is signed in here"], page.FindAll("label.check").Select(l => l.TextContent));
        Assert.Equal("RING", page.Find("[data-field=status]").GetAttribute("value"));
        page.Find("[data-field=callId]").Input("c-9");
        Assert.Contains("\"callId\": \"c-9\"", page.Find("textarea").GetAttribute("value"), StringComparison.Ordinal);
        page.Find("textarea").Input("""{"status":"HOLD"}""");
        Assert.Equal("HOLD", page.Find("[data-field=status]").GetAttribute("value"));
        Assert.Equal("", page.Find("[data-field=callId]").GetAttribute("value"));
        page.Find("textarea").Input("{");
        Assert.Contains("Line 1", page.Find("#api-json-error").TextContent, StringComparison.Ordinal);
        page.Find("textarea").Input("""{"status":"HOLD"}""");
        page.Find("input[type=checkbox]").Change(true);
        Assert.Contains("/rest-api/v3/call/find", page.Find("pre[aria-label=cURL]").TextContent, StringComparison.Ordinal);

        page.Find("form").Submit();
        var sent = Assert.IsType<ApiSend>(Assert.Single(_module.Invocations["send"]).Arguments[0]);
        Assert.Equal(("POST", "/rest-api/v3/call/find", "application/json", false), (sent.Method, sent.Address, sent.ContentType, sent.UseKey));
        page.WaitForAssertion(() => Assert.Contains("404", page.Find(".api-history").TextContent, StringComparison.Ordinal));
        page.Find(".api-history button").Click();
        Assert.Equal("c-9", page.Find("[data-field=callId]").GetAttribute("value"));
    }

    [Fact]
    public void HangingUp_IsFilledInFromWhatIsLive_AndAskedBefore()
    {
        Snapshot = new(new EngineSnapshot(true, "", 5062, 1, 1, 1, 0), [MadeUp.Live()], [MadeUp.LiveStream()]);
        var page = Open("post-rest-api-call-terminate");
        Assert.Equal("c-1", page.Find("[data-field=callId]").GetAttribute("value"));
        page.Find("form").Submit();
        Assert.DoesNotContain(_module.Invocations, i => i.Identifier == "send");
        Assert.Contains("This hangs up the call.", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);

        // Another call than the one that was asked about: asked again.
        page.Find("[data-field=callId]").Input("c-2");
        Assert.Empty(page.FindAll("[role=alert]"));
        page.Find("form").Submit();
        page.Find("form").Submit();
        Assert.Contains("c-2", Assert.IsType<ApiSend>(Assert.Single(_module.Invocations["send"]).Arguments[0]).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void PathWithoutItsName_IsNotSent()
    {
        var page = Open("delete-recordings-id");
        page.Find("form").Submit();
        Assert.Contains("Fill in id", page.Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<IComponent> Open(string op)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/api?op=" + op);
        var page = Page<ApiPage>();
        page.WaitForElement("form");
        return page;
    }
}
