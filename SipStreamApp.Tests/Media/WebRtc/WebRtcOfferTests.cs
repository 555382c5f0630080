using System.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc;

/// <summary>The server offers, the browser answers: from the offer to its end.</summary>
public class WebRtcOfferTests
{
    private static readonly StreamName Call = Name("call"), Mine = Name("mine");

    [Fact]
    public async Task Accept_BrowserPublishesAtOnce_AndWatchesWhatComesLater()
    {
        await using var kit = new WebRtcKit();
        var (offer, publisher) = await OfferAsync(kit);
        var browser = kit.Browser(new() { Direction = "sendrecv" });
        var accepted = await kit.Host.AcceptAsync(offer.SessionId, AnswerOf(browser), CancellationToken.None);
        Assert.True(accepted.Succeeded, string.Join(", ", accepted.Failures));
        Assert.Equal((Codec.Opus, Codec.Vp8, Call), (accepted.Value.Audio!.Codec, accepted.Value.Video!.Codec, accepted.Value.Watch));
        await browser.ConnectAsync(offer.Sdp);
        await WebRtcKit.Until(() => publisher.Stream.State == StreamState.Live, "live");
        browser.SendVideo(key: true);
        await WebRtcKit.Until(() => publisher.Stream.VideoFormat is { Width: 640 }, "the picture");
        Assert.Empty(kit.Host.Viewers);

        var feeder = kit.Feed("call", video: false);
        Assert.True(await kit.Host.WatchLaterAsync(offer.SessionId, feeder.Stream));
        Assert.False(await kit.Host.WatchLaterAsync(offer.SessionId, feeder.Stream));
        Assert.Equal(1, feeder.Stream.Viewers);
        feeder.Audio();
        await WebRtcKit.Until(() => browser.Of(FakeBrowser.OpusType).Count == 1, "the call's sound");
        Assert.Equal(offer.SessionId, Assert.Single(kit.Host.Viewers).SessionId);

        browser.CloseDtls();
        await WebRtcKit.Until(() => !kit.Host.Has(offer.SessionId) && feeder.Stream.Viewers == 0, "over");
        Assert.Equal(StreamEndReason.PublisherStopped, publisher.Stream.EndReason);
        Assert.False(await kit.Host.WatchLaterAsync(offer.SessionId, feeder.Stream));
    }

    [Fact]
    public async Task Accept_WhatCannotBeUsed_LeavesTheOfferOpen()
    {
        await using var kit = new WebRtcKit();
        var (offer, _) = await OfferAsync(kit);
        var browser = kit.Browser(new() { Direction = "sendrecv" });
        Assert.Equal("bad-answer", await CodeAsync(offer.SessionId, "nonsense"));
        // The browser wants us to open the connection, which we do not.
        Assert.Equal("bad-answer", await CodeAsync(offer.SessionId, AnswerOf(browser).Replace("setup:active", "setup:passive", StringComparison.Ordinal)));
        Assert.Equal("no-common-codec", await CodeAsync(offer.SessionId, AnswerOf(kit.Browser(new() { Audio = "0 8", Video = false }))));
        Assert.Equal("session-not-found", await CodeAsync("nobody", AnswerOf(browser)));
        Assert.Null(await CodeAsync(offer.SessionId, AnswerOf(browser)));
        Assert.Equal("session-not-found", await CodeAsync(offer.SessionId, AnswerOf(browser)));

        async Task<string?> CodeAsync(string id, string answer)
        {
            var outcome = await kit.Host.AcceptAsync(id, answer, CancellationToken.None);
            return outcome.Succeeded ? null : outcome.Failures[0].Code;
        }
    }

    [Fact]
    public async Task Offer_TakenBackOrNeverAnswered_FreesItsNameAndPlace()
    {
        var changes = new List<string>();
        await using var kit = new WebRtcKit(o => o with { MaxViewers = 1, OfferTimeout = TimeSpan.FromMilliseconds(300) }, c => { lock (changes) changes.Add(c.Detail); });
        var (offer, publisher) = await OfferAsync(kit);
        Assert.True(kit.Host.Close(offer.SessionId));
        Assert.False(kit.Host.Close(offer.SessionId));
        Assert.Equal(StreamState.Ended, publisher.Stream.State);
        // The only place is free again, or this would be refused.
        (_, publisher) = await OfferAsync(kit);
        await WebRtcKit.Until(() => publisher.Stream.State == StreamState.Ended, "timed out");
        Assert.Empty(kit.Hub.Streams);
        await OfferAsync(kit);
        await kit.Host.DisposeAsync();
        Assert.Equal(["requested", "ice-timeout", "shutdown"], changes);
    }

    private static async Task<(WatchSession Offer, StreamPublisher Publisher)> OfferAsync(WebRtcKit kit)
    {
        Assert.True(kit.Hub.TryReserve(Mine, null, out var publisher));
        var request = new PublishRequest(publisher, kit.Hub.Frames, [TrackFormat.Default(Codec.Opus)], [TrackFormat.Default(Codec.Vp8)]);
        var outcome = await kit.Host.OfferAsync(Call, request, IPAddress.Loopback);
        Assert.True(outcome.Succeeded, string.Join(", ", outcome.Failures));
        return (outcome.Value, publisher);
    }

    // What this browser would offer is, with another role, also what it would answer.
    private static string AnswerOf(FakeBrowser browser) => browser.Offer().Replace("setup:actpass", "setup:active", StringComparison.Ordinal);

    private static StreamName Name(string text) => StreamName.TryParse(text, out var name) ? name : throw new ArgumentException(text);
}
