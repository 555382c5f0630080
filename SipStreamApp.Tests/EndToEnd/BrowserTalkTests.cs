using System.Net;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Media;
using Xunit;
using static SipStreamApp.Tests.EndToEnd.ViewerMeasurements;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A phone in a real browser: one connection, sound and picture both ways.</summary>
[Collection(ViewerMeasurements.Name)]
public class BrowserTalkTests
{
    private const int MyBeepHz = 1400;
    private static readonly StreamName Call = Name("call"), Mine = Name("mine");

    [Fact]
    public async Task Talk_OneConnection_HearsTheCalleeAndIsHeardInItsOwnStream()
    {
        await using var app = await RunningApp.StartAsync("--Media:AudioCodecs", "PCMU");
        await using var chromium = await Chromium.StartAsync(camera: true);
        await using var page = await PublishPage.OpenAsync(chromium, app.Url, new() { Source = "canvas", Direction = "sendrecv", BeepHz = MyBeepHz });
        using var events = new BrowserEvents(app.Engine);
        await app.CallDemoAsync("call");
        var answer = await app.Engine.TalkAsync(Call, Mine, await page.OfferAsync(), IPAddress.Loopback, TestContext.Current.CancellationToken);
        Assert.True(answer.Succeeded, string.Join(", ", answer.Failures));
        await page.AcceptAsync(answer.Value.Sdp);

        await HearsBothWaysAsync(app, page);
        var (call, mine) = (app.Engine.FindStream(Call)!, app.Engine.FindStream(Mine)!);
        Assert.Equal((call.Audio!.Format.Codec, call.Video!.Format.Codec), (mine.Audio!.Format.Codec, mine.Video!.Format.Codec));
        Assert.Equal([(answer.Value.SessionId, Mine, BrowserSessionState.Connected, "")], events.Seen);

        // The callee hangs up: what was watched is over, and so is the session.
        await app.Engine.HangUpAsync(new CallId("call"));
        await Wait.ForAsync(() => events.Seen.Count == 2, TimeSpan.FromSeconds(5), () => "the end was not told");
        Assert.Null(app.Engine.FindStream(Mine));
        Assert.Equal((answer.Value.SessionId, Mine, BrowserSessionState.Ended, "stream-ended"), events.Seen[^1]);
        await Wait.ForAsync(() => app.Engine.Frames.Outstanding == 0, TimeSpan.FromSeconds(5), () => $"{app.Engine.Frames.Outstanding} frames are left behind");
    }

    [Fact]
    public async Task OfferTalk_BrowserAnswers_PlaysTheCallThatComesLater()
    {
        await using var app = await RunningApp.StartAsync("--Media:AudioCodecs", "PCMU", "--Media:VideoCodecs", "H264");
        await using var chromium = await Chromium.StartAsync(camera: true);
        await using var page = await PublishPage.OpenAsync(chromium, app.Url, new() { Source = "canvas", BeepHz = MyBeepHz });
        using var events = new BrowserEvents(app.Engine);
        var offer = await app.Engine.OfferTalkAsync(
            Call, Mine, [TrackFormat.Default(Codec.Pcmu), TrackFormat.Default(Codec.Pcma)], [TrackFormat.Default(Codec.H264)], IPAddress.Loopback, TestContext.Current.CancellationToken);
        Assert.True(offer.Succeeded, string.Join(", ", offer.Failures));
        var chosen = await app.Engine.AcceptTalkAsync(offer.Value.SessionId, await page.AnswerAsync(offer.Value.Sdp), TestContext.Current.CancellationToken);
        Assert.True(chosen.Succeeded, string.Join(", ", chosen.Failures));
        Assert.Equal((Codec.Pcmu, Codec.H264), (chosen.Value.Audio!.Codec, chosen.Value.Video!.Codec));
        await Wait.ForAsync(() => events.Seen.Count > 0, TimeSpan.FromSeconds(5), () => "not connected");

        await app.CallDemoAsync("call");
        await HearsBothWaysAsync(app, page);
        await page.CloseConnectionAsync();
        await Wait.ForAsync(() => events.Seen.Count == 2, TimeSpan.FromSeconds(5), () => "the end was not told");
        Assert.Equal([(offer.Value.SessionId, Mine, BrowserSessionState.Connected, ""), (offer.Value.SessionId, Mine, BrowserSessionState.Ended, "closed-by-peer")], events.Seen);
        Assert.Null(app.Engine.FindStream(Mine));
    }

    private static StreamName Name(string text) => StreamName.TryParse(text, out var name) ? name : throw new ArgumentException(text);

    private static async Task HearsBothWaysAsync(RunningApp app, PublishPage page)
    {
        using var ear = new StreamEar(app.Engine, Mine);
        var seen = await page.UntilAsync(f => f.FramesDecoded > 30 && f.Level(PcmTone.BeepHz) > -50, TimeSpan.FromSeconds(15));
        await Wait.ForAsync(() => ear.Hears(MyBeepHz), TimeSpan.FromSeconds(10), () => $"the browser is not heard in {ear.Samples} samples");
        Assert.False(ear.Hears(PcmTone.BeepHz), "the callee is heard in the browser's own stream");
        Say($"heard by the browser, dB: {string.Join(' ', seen.Heard)}; {seen.FramesDecoded} pictures; {app.Engine.Publishers[0]}");
    }
}
