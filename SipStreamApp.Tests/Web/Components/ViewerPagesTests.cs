using System.Reflection;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components;
using SipStreamApp.Components.Layout;
using SipStreamApp.Components.Pages.Api;
using SipStreamApp.Data;
using SipStreamApp.Live;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

/// <summary>Every page a viewer may open, as a viewer: no link leads where he may not go, and no button does what he may not do.</summary>
public sealed class ViewerPagesTests : PageTest
{
    public static TheoryData<string> ForViewers =>
    [
        .. typeof(Routes).Assembly.GetTypes()
            .Where(t => t.GetCustomAttributes<RouteAttribute>().Select(r => r.Template).ToList() is { Count: > 0 } templates && (AccessRules.OfPage(templates) & ~Scopes.Read) == Scopes.None)
            .Select(t => t.FullName!),
        typeof(Rail).FullName!, typeof(PhoneBar).FullName!, typeof(TopBar).FullName!, typeof(HelpDialog).FullName!, typeof(CommandPalette).FullName!,
    ];

    [Theory]
    [MemberData(nameof(ForViewers))]
    public async Task Page_ForViewers_OffersNothingThatWouldBeRefused(string name)
    {
        Security = new SecuritySettings { LoginRequired = true, Playback = PlaybackAccess.Link };
        await SignInAsync(Role.Viewer);
        var audit = Services.GetRequiredService<AuditLog>();
        await audit.StartAsync(default);
        await LiveAsync();

        var page = Open(name);
        var routes = page.FindAll("a[href^='/']").Select(a => a.GetAttribute("href")!).Where(h => AccessRules.Of("GET", h.Split('?', '#')[0], false).Scope is not (Scopes.None or Scopes.Read or Scopes.Play));
        Assert.Empty(routes);
        foreach (var selector in (string[])["input[type=text]", "input[type=search]"])
            foreach (var field in page.FindAll(selector + "[blazor\\:onfocus]")) await field.TriggerEventAsync("onfocus", new());
        var buttons = page.FindAll("button[blazor\\:onclick]:not([disabled])").Count;
        for (var i = 0; i < buttons; i++)
            if (page.FindAll("button[blazor\\:onclick]:not([disabled])").ElementAtOrDefault(i) is { } button) await button.ClickAsync(new());
        await audit.StopAsync(default);
        Assert.DoesNotContain((await audit.NewestAsync(100, default)).Value!.Rows, r => r.Status != 200);
    }

    [Fact]
    public async Task PagesOfOperators_ShowHimWhatViewersDoNotSee()
    {
        Security = new SecuritySettings { LoginRequired = true };
        await SignInAsync(Role.Operator);
        await LiveAsync();
        foreach (var (page, selector) in new[] { ("Home.HomePage", "[data-key=h]"), ("Calls.CallsPage", "[data-key=h]"), ("Calls.CallsPage", "[data-key=x]"), ("Streams.StreamsPage", "[data-key=r]"), ("Streams.StreamPage", "[data-key=h]"), ("Recordings.RecordingsPage", "[aria-label='Delete first.mp4']") })
            Open("SipStreamApp.Components.Pages." + page).WaitForElement(selector);
    }

    [Theory]
    [InlineData(Role.Viewer, "post-rest-api-call-terminate", "To send it takes the role Operator")]
    [InlineData(Role.Operator, "post-rest-api-v2-admin-drain", "To send it takes the role Admin")]
    [InlineData(Role.Viewer, "post-rest-api-call-find", null)]
    [InlineData(Role.Admin, "post-rest-api-v2-admin-drain", null)]
    public async Task Explorer_SendsOnlyWhatTheRoleAllows_AndSaysSo(object role, string operation, string? reason)
    {
        Security = new SecuritySettings { LoginRequired = true };
        await SignInAsync((Role)role);
        Catalog = [Post("/rest-api/call/terminate"), Post("/rest-api/call/find"), Post("/rest-api/v2/admin/drain")];
        Services.GetRequiredService<NavigationManager>().NavigateTo("/api?op=" + operation);
        var page = Page<ApiPage>();
        var send = page.WaitForElement("form button[type=submit]");
        Assert.Equal(reason is not null, send.HasAttribute("disabled"));
        if (reason is null) return;
        Sees(page, reason);
        page.FindAll("label.check input")[^1].Change(true); // With a key of other rights.
        Assert.False(page.Find("form button[type=submit]").HasAttribute("disabled"));
    }

    private static ApiOperation Post(string path) => new("Test", "POST", path, path, null, [], "application/json");

    private async Task LiveAsync()
    {
        Snapshot = Snapshot with { Calls = [MadeUp.Live()], Streams = [MadeUp.LiveStream()] };
        await using var db = await Services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        db.Recordings.Add(MadeUp.Recording("first", MadeUp.Noon.AddHours(-2)));
        await db.SaveChangesAsync();
    }

    private IRenderedComponent<IComponent> Open(string name)
    {
        var type = typeof(Routes).Assembly.GetType(name, throwOnError: true)!;
        var parameters = new Dictionary<string, object>();
        foreach (var (parameter, value) in new[] { ("CallId", "c-1"), ("Name", "call_stream1") })
            if (type.GetProperty(parameter)?.IsDefined(typeof(ParameterAttribute)) == true) parameters[parameter] = value;
        return Render(builder =>
        {
            builder.OpenComponent<DynamicComponent>(0);
            builder.AddComponentParameter(1, nameof(DynamicComponent.Type), type);
            builder.AddComponentParameter(2, nameof(DynamicComponent.Parameters), parameters);
            builder.CloseComponent();
        });
    }
}
