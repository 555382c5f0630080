using System.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc;

/// <summary>A browser that publishes, and a reader of its stream.</summary>
internal sealed class PublishKit : IDisposable
{
    private readonly Subscription _subscription;

    private PublishKit(FakeBrowser browser, string sessionId, StreamPublisher publisher)
    {
        (Browser, SessionId, Stream) = (browser, sessionId, publisher.Stream);
        _subscription = Stream.Subscribe("test", replay: false, () => { });
    }

    public FakeBrowser Browser { get; }

    public string SessionId { get; }

    public LiveStream Stream { get; }

    /// <summary>Pictures as they left the hub.</summary>
    public List<byte[]> Pictures { get; } = [];

    public List<byte[]> Sounds { get; } = [];

    /// <summary>Where on the stream's time line each picture lies.</summary>
    public List<TimeSpan> PictureTimes { get; } = [];

    public List<TimeSpan> SoundTimes { get; } = [];

    public static async Task<PublishKit> StartAsync(WebRtcKit kit, FakeBrowserOptions? options = null, string name = "cam")
    {
        var (outcome, browser, publisher) = await AnswerAsync(kit, options, name);
        Assert.True(outcome.Succeeded, string.Join(", ", outcome.Failures));
        var publish = new PublishKit(browser, outcome.Value.SessionId, publisher!);
        await browser.ConnectAsync(outcome.Value.Sdp);
        return publish;
    }

    public static async Task<(Outcome<WatchSession> Outcome, FakeBrowser Browser, StreamPublisher? Publisher)> AnswerAsync(
        WebRtcKit kit, FakeBrowserOptions? options = null, string name = "cam", LiveStream? watched = null)
    {
        var browser = kit.Browser((options ?? new FakeBrowserOptions()) with { Direction = options is { Direction: not "recvonly" } ? options.Direction : "sendonly" });
        Assert.True(StreamName.TryParse(name, out var streamName));
        Assert.True(kit.Hub.TryReserve(streamName, null, out var publisher));
        var request = new PublishRequest(publisher, kit.Hub.Frames, [TrackFormat.Default(Codec.Opus)], [TrackFormat.Default(Codec.Vp8)]);
        return (await kit.Host.AnswerAsync(watched, request, browser.Offer(), IPAddress.Loopback, CancellationToken.None), browser, publisher);
    }

    /// <summary>So many pictures with sound, with a pause after each; every <paramref name="keyEvery"/>th is a keyframe, 0: none.</summary>
    public async Task RunAsync(int frames, int keyEvery = 1000, int pauseMs = 4)
    {
        for (var i = 0; i < frames; i++)
        {
            Browser.SendVideo(key: keyEvery > 0 && i % keyEvery == 0);
            Browser.SendAudio();
            await Task.Delay(pauseMs);
        }
    }

    /// <summary>Reads what is there.</summary>
    public void Read()
    {
        while (_subscription.TryRead(out var item))
        {
            var isVideo = item.Frame.Format.Kind == MediaKind.Video;
            (isVideo ? Pictures : Sounds).Add(item.Frame.Data.ToArray());
            (isVideo ? PictureTimes : SoundTimes).Add(item.Frame.StreamTime);
            item.Frame.Release();
        }
    }

    public Task UntilPictures(int count) => WebRtcKit.Until(
        () =>
        {
            Read();
            return Pictures.Count >= count;
        },
        $"{count} pictures");

    public void Dispose()
    {
        Read();
        _subscription.Dispose();
    }
}
