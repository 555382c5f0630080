using Microsoft.Playwright;

namespace SipStreamApp.Tests.Kit.Browsers;

/// <summary>The system's Chromium, driven through its path; nothing is downloaded. One process for a test class, one context for a test.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    /// <summary>Where the browser is; the environment variable SIPSTREAM_CHROMIUM overrides the usual places.</summary>
    public static string Path =>
        Environment.GetEnvironmentVariable("SIPSTREAM_CHROMIUM") ??
        new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists) ??
        throw new InvalidOperationException("No Chromium was found; install it or set SIPSTREAM_CHROMIUM.");

    /// <summary>With <paramref name="camera"/> it has a fake camera (a Pac-Man, 640x480) and microphone (beeps), and allows pages to use them.</summary>
    public static async Task<Chromium> StartAsync(bool camera = false)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
                .. camera ? (string[])["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"] : [],
            ],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>Ends the browser on the spot, as a crash does: no page gets to say good-bye.</summary>
    public async Task KillAsync()
    {
        var gone = new TaskCompletionSource();
        Browser.Disconnected += (_, _) => gone.TrySetResult();
        var session = await Browser.NewBrowserCDPSessionAsync();
        // There is nobody left to answer.
        _ = session.SendAsync("Browser.crash").ContinueWith(t => t.Exception, TaskScheduler.Default);
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.CloseAsync();
        _playwright.Dispose();
    }
}
