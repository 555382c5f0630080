using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc;

/// <summary>A hub, a host on a free loopback port, and browsers that connect to it.</summary>
internal sealed class WebRtcKit : IAsyncDisposable
{
    private readonly List<FakeBrowser> _browsers = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("webrtc-test-").FullName;

    public WebRtcKit(Func<WebRtcHostOptions, WebRtcHostOptions>? change = null, Action<SessionChange>? changed = null)
    {
        Hub = new StreamHub(Clock, new StreamHubOptions());
        var options = new WebRtcHostOptions { Address = "127.0.0.1", Port = 0, DataDirectory = _folder };
        Host = new WebRtcHost(change?.Invoke(options) ?? options, Clock, NullLoggerFactory.Instance) { Changed = changed };
        Assert.Null(Host.Start());
    }

    public EngineClock Clock { get; } = new(TimeProvider.System);

    public StreamHub Hub { get; }

    public WebRtcHost Host { get; }

    public StreamFeeder Feed(string name = "test", Codec? audio = Codec.Opus, bool video = true) => new(Hub, Clock, name, audio, video);

    public FakeBrowser Browser(FakeBrowserOptions? options = null)
    {
        var browser = new FakeBrowser(options);
        _browsers.Add(browser);
        return browser;
    }

    public async Task<WatchSession> AnswerAsync(StreamFeeder feeder, FakeBrowser browser)
    {
        var outcome = await Host.AnswerAsync(feeder.Stream, null, browser.Offer(), IPAddress.Loopback, CancellationToken.None);
        Assert.True(outcome.Succeeded, string.Join(", ", outcome.Failures));
        return outcome.Value;
    }

    public async Task<(FakeBrowser Browser, string SessionId)> WatchAsync(StreamFeeder feeder, FakeBrowserOptions? options = null)
    {
        var browser = Browser(options);
        var answer = await AnswerAsync(feeder, browser);
        await browser.ConnectAsync(answer.Sdp);
        await Until(() => feeder.Stream.Viewers > 0 && Host.Viewers.Any(v => v.SessionId == answer.SessionId && v.SrtpProfile != ""), "media may start");
        return (browser, answer.SessionId);
    }

    public static async Task Until(Func<bool> condition, string what, int seconds = 5)
    {
        for (var i = 0; i < seconds * 100 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition(), what);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        foreach (var browser in _browsers) browser.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
