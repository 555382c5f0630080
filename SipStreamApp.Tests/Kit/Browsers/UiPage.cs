using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using SipStreamApp.Tests.Repository;
using Xunit;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>A page of ours in a browser context of its own, with what a person may ask of it: alive, accessible, silent in the console.</summary>
internal sealed class UiPage : IAsyncDisposable
{
    private readonly string _url;
    private readonly List<string> _troubles = [];

    private UiPage(IPage page, string url, bool isPhone)
    {
        (Page, _url, IsPhone) = (page, url, isPhone);
        page.Console += (_, message) =>
        {
            if (message.Type is "error") lock (_troubles) _troubles.Add($"{new Uri(page.Url).PathAndQuery}: {message.Text} {message.Location}");
        };
        page.PageError += (_, error) =>
        {
            lock (_troubles) _troubles.Add($"{page.Url}: {error}");
        };
    }

    public IPage Page { get; }

    public bool IsPhone { get; }

    /// <summary>Errors the console has shown so far.</summary>
    public IReadOnlyList<string> Troubles
    {
        get
        {
            lock (_troubles) return [.. _troubles];
        }
    }

    /// <summary>Opens an empty page of 1400x1000, or 390x844 as on a phone.</summary>
    public static async Task<UiPage> OpenAsync(Chromium chromium, string url, bool isPhone = false, bool underPolicy = false)
    {
        var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            // WaitForFunction runs its text by eval, which the policy of the pages forbids; SignInTests looks at all pages under it.
            BypassCSP = !underPolicy,
            ViewportSize = isPhone ? new ViewportSize { Width = 390, Height = 844 } : new ViewportSize { Width = 1400, Height = 1000 },
            IsMobile = isPhone, HasTouch = isPhone, ColorScheme = ColorScheme.Dark, Permissions = ["clipboard-read", "clipboard-write"], AcceptDownloads = true,
        });
        return new UiPage(await context.NewPageAsync(), url, isPhone);
    }

    /// <summary>Loads a page and waits until it answers.</summary>
    public async Task LoadAsync(string path)
    {
        await Page.GotoAsync(_url + path);
        await Page.WaitForSelectorAsync("html[data-circuit=up] [data-interactive=true]");
    }

    /// <summary>Goes to a page as a click on a link does.</summary>
    public async Task GoAsync(string path, string head)
    {
        await Page.EvaluateAsync("path => Blazor.navigateTo(path)", path);
        await Page.WaitForSelectorAsync($"h1:text-is(\"{head}\")");
    }

    /// <summary>Waits until a player on the page has shown pictures for some time.</summary>
    public Task UntilPlayingAsync(int pictures = 5, int limitMs = 15_000) => Page.WaitForFunctionAsync(
        "n => { const p = document.querySelector('main sip-stream-player'); return p?.state === 'playing' && p.video.getVideoPlaybackQuality().totalVideoFrames >= n; }",
        pictures, new PageWaitForFunctionOptions { Timeout = limitMs, PollingInterval = 50 });

    /// <summary>Dark or light, as the button in the top bar does it.</summary>
    public Task ThemeAsync(string theme) => Page.EvaluateAsync("theme => ssaTheme.set(theme)", theme);

    /// <summary>What axe finds wrong and calls serious or critical; with <paramref name="coloursOnly"/> contrast alone, all that another theme changes.</summary>
    public async Task<IReadOnlyList<string>> SeriousAsync(bool coloursOnly = false)
    {
        var rules = coloursOnly
            ? new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] }
            : new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] };
        var result = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations], RunOnly = rules, Iframes = false });
        return [.. result.Violations.Where(v => v.Impact is "serious" or "critical").SelectMany(v => v.Nodes.Take(3).Select(n => $"{new Uri(Page.Url).PathAndQuery}: {v.Id}: {n.Html}"))];
    }

    /// <summary>Keeps a picture of the page under artifacts/screens, for people to look at.</summary>
    public Task ShootAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(SourceTree.Root, "artifacts", "screens", $"{name}-{(IsPhone ? "phone" : "desk")}.png"), Animations = ScreenshotAnimations.Disabled,
    });

    /// <summary>Nothing may reach over the right edge.</summary>
    public async Task AssertFitsAsync()
    {
        var over = await Page.EvaluateAsync<string[]>(
            """
            () => {
              const edge = document.documentElement.clientWidth + 1;
              if (document.documentElement.scrollWidth <= edge) return [];
              const over = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > edge);
              return ['it', ...over.slice(0, 5).map(e => e.outerHTML.slice(0, 120))];
            }
            """);
        Assert.True(over.Length == 0, $"{Page.Url} is wider than the {(IsPhone ? "phone" : "window")}: {string.Join(" / ", over)}");
    }

    /// <summary>No error in the console, but for those that name <paramref name="except"/>.</summary>
    public void AssertSilent(string? except = null) => Assert.DoesNotContain(Troubles, t => except is null || !t.Contains(except, StringComparison.Ordinal));

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
