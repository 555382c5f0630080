using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Layout;
using SipStreamApp.Components.Pages.Settings;
using SipStreamApp.Data;
using SipStreamApp.Hosting.Effective;
using SipStreamApp.Webhook;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class SettingsPageTests : PageTest
{
    [Fact]
    public void Page_WithoutAWebhook_SaysWhatItIsGoodFor()
    {
        Set(null);
        var page = Page<WebhookPanel>();

        Assert.Contains("No webhook is set", page.Find(".empty").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("button.primary"));
    }

    [Fact]
    public async Task Page_WithDeliveries_ShowsEachWithItsStateAndNeverASecret()
    {
        Set("https://user:hidden-password@example.org/hooks/hidden-path?token=hidden-token");
        await AddAsync(
            Delivery("call.started", WebhookDeliveryState.Delivered, 1, 200, null), Delivery("call.ended", WebhookDeliveryState.Pending, 3, 503, "It answered 503"),
            Delivery("stream.ended", WebhookDeliveryState.Failed, 299, null, "It cannot be reached"), Delivery("push.started", WebhookDeliveryState.Pending, 0, null, null));
        var page = Page<WebhookPanel>();

        page.WaitForAssertion(() => Assert.Equal(4, page.FindAll("tbody tr").Count));
        Assert.Equal(
            ["push.started ◌ Waiting 0 – now", "stream.ended ✖ Given up 299 – –", "call.ended ⚠ Retrying 3 503 in 00:08", "call.started ✔ Delivered 1 200 –"],
            page.FindAll("tbody tr").Select(row =>
            {
                var cells = row.QuerySelectorAll("td").Select(td => td.TextContent.Trim()).ToList();
                return $"{row.QuerySelector("td.ellipsis")!.FirstChild!.TextContent.Trim()} {cells[0]} {cells[3]} {cells[4]} {cells[5]}";
            }));
        Assert.Contains("It answered 503", page.Markup, StringComparison.Ordinal);
        Assert.Contains("https://example.org/…", page.Markup, StringComparison.Ordinal);
        Assert.Contains("2 events", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-p", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-token", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TestEventAndRedeliver_PutIntoTheQueue_AndThePageFollows()
    {
        Set("http://127.0.0.1:9/");
        await AddAsync(Delivery("call.ended", WebhookDeliveryState.Failed, 299, 500, "It answered 500"));
        var page = Page<WebhookPanel>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));

        page.Find("tbody button").Click();
        page.WaitForAssertion(() => Assert.Contains("Waiting", page.Find("tbody tr").TextContent, StringComparison.Ordinal));
        page.Find("button.primary").Click();
        page.WaitForAssertion(() => Assert.Contains("webhook.test", page.Find("tbody tr").TextContent, StringComparison.Ordinal));
        Assert.Equal(2, page.FindAll("tbody tr").Count);
    }

    [Fact]
    public void Page_Section_ShowsItsSettingsWithMeaningAndOrigin()
    {
        Set(null);
        var page = Settings("sip");
        Assert.Equal("SIP", page.Find("nav a[aria-current=page]").TextContent);
        var port = page.FindAll("tbody tr").Single(r => r.TextContent.Contains("Sip:Port", StringComparison.Ordinal));
        Assert.Equal(["5070", "command line"], port.QuerySelectorAll("[data-label]").Select(c => c.TextContent.Trim()));
        Assert.Contains("Local port for UDP and TCP", port.TextContent, StringComparison.Ordinal);
        Assert.All(page.FindAll("tbody .sub"), k => Assert.StartsWith("Sip:", k.TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Filter_FindsInAllSections_AndSaysWhereThereIsNothing()
    {
        Set(null);
        var page = Settings("sip");
        page.Find("input[type=search]").Input("jitter");
        page.WaitForAssertion(() => Assert.Equal(["Media:JitterBufferMs"], page.FindAll("tbody .sub").Select(k => k.TextContent)));
        page.Find("input[type=search]").Input("no such thing");
        page.WaitForAssertion(() => Assert.Equal("No setting has \"no such thing\" in its name, value or explanation.", page.Find("[role=status]").TextContent));
        page.Find("input[type=search]").Input("hidden-9");
        Sees(page, "No setting has");
        page.Find("input[type=search]").Input("adminpassword");
        page.WaitForAssertion(() => Assert.Equal(SettingWords.Hidden, page.Find(".setting-value").TextContent));
        Assert.DoesNotContain("hidden-9", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("about", "SQLite")]
    [InlineData("appearance", "As the system")]
    [InlineData("webhook", "No webhook is set")]
    [InlineData("nonsense", "Data:Directory")]
    public void Page_OtherSections_ShowTheirs(string slug, string text)
    {
        Set(null);
        Sees(Settings(slug), text);
    }

    private IRenderedComponent<SettingsPage> Settings(string slug)
    {
        CommandLine = ["--Sip:Port", "5070", "--Security:AdminPassword", "hidden-9-characters"];
        return Render<SettingsPage>(p => p.Add(s => s.Slug, slug));
    }

    [Fact]
    public void Rail_LeadsToTheSettings()
    {
        Set(null);
        var layout = Render<MainLayout>();

        Assert.Equal("Settings", layout.Find("nav a[href='/settings']").TextContent.Trim());
    }

    private static WebhookDelivery Delivery(string type, WebhookDeliveryState state, int attempts, int? status, string? problem) => new()
    {
        EventId = "evt_" + type, Type = type, ObjectKey = "call:" + type, Body = "{}", CreatedAt = MadeUp.Noon, ExpiresAt = MadeUp.Noon.AddDays(1), State = state, Attempts = attempts,
        NextAttemptAt = MadeUp.Noon.AddSeconds(attempts == 0 ? 0 : 70), LastStatus = status, LastProblem = problem,
    };

    private void Set(string? url) => Webhook = new WebhookSettings { Url = url is null ? null : new Uri(url), Secret = "top-secret" };

    private async Task AddAsync(params WebhookDelivery[] deliveries)
    {
        await Services.GetRequiredService<Database>().EnsureReadyAsync(default);
        await using var db = await Services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync();
        db.WebhookDeliveries.AddRange(deliveries);
        await db.SaveChangesAsync();
    }
}
