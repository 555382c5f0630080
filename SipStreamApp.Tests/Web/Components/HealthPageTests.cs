using System.Diagnostics;
using Bunit;
using Bunit.Extensions.WaitForHelpers;
using SipStreamApp.Components.Pages.Health;
using SipStreamApp.Data;
using SipStreamApp.Telemetry.Checks;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public sealed class HealthPageTests : PageTest
{
    private readonly TaskCompletionSource<CheckResult> _slow = new();

    [Fact]
    public async Task Page_ShowsEachCheckAsItComes_WithCauseAndAdvice_AndAMaskedReport()
    {
        Checks = [new Made("quick", Task.FromResult(CheckResult.Good("1 ms"))), new Made("slow", _slow.Task)];
        await Accounts.SaveAsync(new AccountDraft { Login = "10006", Domain = "sip.example.org" }, default);
        var page = Page<HealthPage>();
        Assert.Equal(2, page.FindAll(".check-row").Count);
        Assert.Contains("Not looked at", page.Find("#check-slow").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("pre"));
        Assert.Equal("By REST: POST /rest-api/v2/health (try it). For load balancers: GET /health/ready.", page.FindAll("p.muted")[^1].TextContent);

        page.Find("button.primary").Click();
        Tick(page, () => Assert.Equal("good", page.Find("#check-quick").GetAttribute("data-verdict")));
        Assert.Contains("Checking", page.Find("#check-slow").TextContent, StringComparison.Ordinal);
        Assert.True(page.Find("button.primary").HasAttribute("disabled"));

        _slow.SetResult(CheckResult.Failed("0 of 1", "10006 is refused.", "Mend the password."));
        Tick(page, () => Assert.Contains("Mend the password.", page.Find("#check-slow").TextContent, StringComparison.Ordinal));
        Tick(page, () => Assert.Contains("Something does not work", page.Find(".health-sum").TextContent, StringComparison.Ordinal));
        Tick(page, () => Assert.Contains("1… is refused.", page.Find("pre").TextContent, StringComparison.Ordinal));
        Assert.Equal("Check again", page.Find("button.primary").TextContent);
    }

    // The checks end on their own threads, and the page looks at them once a tick: ticks until it has seen them.
    private void Tick(IRenderedComponent<Microsoft.AspNetCore.Components.IComponent> page, Action assert)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            Show(Snapshot);
            try
            {
                page.WaitForAssertion(assert, TimeSpan.FromMilliseconds(50));
                return;
            }
            catch (WaitForFailedException) when (patience.Elapsed < DefaultWaitTimeout)
            {
                // Not yet.
            }
        }
    }

    private sealed class Made(string id, Task<CheckResult> result) : IServerCheck
    {
        public string Id => id;

        public string Title => id;

        public Task<CheckResult> RunAsync(CancellationToken cancel) => result;
    }
}
