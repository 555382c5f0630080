using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Components.Pages.Users;
using SipStreamApp.Security.People;
using SipStreamApp.Tests.Web.Components;
using Xunit;

namespace SipStreamApp.Tests.Web.Security;

public sealed class UsersPageTests : PageTest
{
    [Fact]
    public async Task Page_UsersAndKeys_AreMadeShownOnceAndRevoked()
    {
        var page = Page<UsersPage>();
        Sees(page, "nobody has to sign in");
        page.Find("input[name=Name]").Input("Ben");
        page.Find("input[name=Password]").Input("short");
        page.Find("form[aria-labelledby=new-user]").Submit();
        Sees(page, "The password must have 10 to 256 characters");
        page.Find("input[name=Password]").Input("long enough for all");
        page.Find("form[aria-labelledby=new-user]").Submit();
        page.WaitForAssertion(() => Assert.Contains("ben", page.Find("[aria-label=Users]").TextContent, StringComparison.Ordinal));

        page.Find("input[name=KeyName]").Input("monitoring");
        page.Find("form[aria-labelledby=new-key]").Submit();
        page.WaitForAssertion(() => Assert.StartsWith(ApiKeyStore.Prefix, page.Find("[data-secret]").TextContent, StringComparison.Ordinal));
        var secret = page.Find("[data-secret]").TextContent;
        Assert.NotNull(await Services.GetRequiredService<ApiKeyStore>().FindAsync(secret, default));
        page.FindAll("button").Single(b => b.TextContent == "Done").Click();
        page.WaitForAssertion(() => Assert.DoesNotContain(secret, page.Markup, StringComparison.Ordinal));

        page.Find("[aria-label='Revoke monitoring']").Click();
        Sees(page, "revoked");
        Assert.Null(await Services.GetRequiredService<ApiKeyStore>().FindAsync(secret, default));
    }
}
