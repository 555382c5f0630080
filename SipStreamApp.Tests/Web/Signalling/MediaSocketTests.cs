using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Session;
using Xunit;

namespace SipStreamApp.Tests.Web.Signalling;

/// <summary>The media provider MSE: the answer, the media socket, and every way to its end.</summary>
public class MediaSocketTests
{
    private static readonly StreamMedia Both = new("mpeg4-generic", "H264", 640, 480);

    // What the SDK's provider offers, whatever the stream is.
    private const string Offer = "v=0\\r\\nm=video 0 RTP/AVP 112\\r\\nm=audio 0 RTP/AVP 108\\r\\n";

    [Fact]
    public void Play_AnswersThenWaitsForTheSocketThenPlays()
    {
        var kit = SessionKit.Established();
        var feed = Ask(kit, "m1");
        Assert.True(feed.Audio && feed.Video);
        kit.Do(s => s.FeedReady(feed.Ticket, "f1", Both, kit.Now));
        var answer = kit.Frame();
        Assert.StartsWith("""{"message":"setRemoteSDP","data":["m1","v=0""", answer, StringComparison.Ordinal);
        Assert.Contains("m=video 9 ", answer, StringComparison.Ordinal);
        Assert.Contains("m=audio 9 ", answer, StringComparison.Ordinal);
        kit.AssertQuiet();

        string? taken = null;
        kit.Do(s => taken = s.TakeMediaSocket(kit.Now));
        Assert.Equal("f1", taken);
        kit.Do(s => s.FeedBegun("f1", kit.Now));
        Assert.Equal(
            """{"message":"notifyStreamStatusEvent","data":[{"mediaSessionId":"m1","name":"cam","published":false,"hasVideo":true,"hasAudio":true,"status":"PLAYING","info":"","audioCodec":"mpeg4-generic","videoCodec":"H264","width":640,"height":480,"mediaProvider":"MSE","audioState":{"muted":false},"videoState":{"muted":false}}]}""",
            kit.Frame());
        kit.Receive("stopStream", """{"mediaSessionId":"m1"}""");
        Assert.Equal("f1", kit.Command<CloseBrowser>().BrowserId);
        Assert.Contains("\"status\":\"STOPPED\",\"info\":\"Stopped by user\"", kit.Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_NamesPortZeroForWhatDoesNotCome()
    {
        var kit = SessionKit.Established();
        var feed = Ask(kit, "m1");
        kit.Do(s => s.FeedReady(feed.Ticket, "f1", new StreamMedia(null, "H264", 0, 0), kit.Now));
        var answer = kit.Frame();
        Assert.Contains("m=video 9 ", answer, StringComparison.Ordinal);
        Assert.Contains("m=audio 0 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v=0\r\nm=video 0 RTP/AVP 112\r\nm=audio 0 RTP/AVP 108\r\n", true, true)]
    [InlineData("v=0\r\nm=audio 0 RTP/AVP 108\r\n", true, false)]
    [InlineData("v=0\r\nm=video 0 RTP/AVP 112\r\n", false, true)]
    [InlineData("", false, false)]
    public void Offer_SaysWhatIsWanted(string offer, bool audio, bool video) =>
        Assert.Equal((audio, video), (MediaSocketSdp.Offers(offer, "audio"), MediaSocketSdp.Offers(offer, "video")));

    [Fact]
    public void Sockets_AreServedInTheOrderOfTheAnswers()
    {
        var kit = SessionKit.Established();
        foreach (var id in (string[])["m1", "m2", "m3"])
        {
            var feed = Ask(kit, id);
            kit.Do(s => s.FeedReady(feed.Ticket, "f-" + id, Both, kit.Now));
        }

        // The second is stopped before its socket comes.
        kit.Receive("stopStream", """{"mediaSessionId":"m2"}""");
        List<string?> taken = [];
        for (var i = 0; i < 3; i++) kit.Do(s => taken.Add(s.TakeMediaSocket(kit.Now)));
        Assert.Equal(["f-m1", "f-m3", null], taken);
    }

    [Fact]
    public void SocketThatDoesNotCome_FailsTheStream()
    {
        var kit = SessionKit.Established();
        var feed = Ask(kit, "m1");
        kit.Do(s => s.FeedReady(feed.Ticket, "f1", Both, kit.Now));
        kit.Frames.Clear();
        kit.Pass(TimeSpan.FromSeconds(14));
        Assert.DoesNotContain(kit.Frames, f => f.Contains("FAILED", StringComparison.Ordinal));
        kit.Frames.Clear();
        kit.Pass(TimeSpan.FromSeconds(2));
        Assert.Contains(kit.Frames, f => f.Contains("\"status\":\"FAILED\"", StringComparison.Ordinal));
        Assert.Equal("f1", kit.Command<CloseBrowser>().BrowserId);
    }

    [Fact]
    public void StoppedWhileTheEngineIsAsked_LetsGoOfWhatComesAfter()
    {
        var kit = SessionKit.Established();
        var feed = Ask(kit, "m1");
        kit.Receive("stopStream", """{"mediaSessionId":"m1"}""");
        Assert.Equal(feed.Ticket, kit.Command<GiveUp>().Ticket);
        kit.Do(s => s.FeedReady(feed.Ticket, "f1", Both, kit.Now));
        Assert.Equal("f1", kit.Command<CloseBrowser>().BrowserId);
    }

    [Theory]
    [InlineData("no-common-codec", "No common codecs")]
    [InlineData("needs-ffmpeg", "No available transcoders")]
    [InlineData("stream-not-found", "Stream not found")]
    public void Refusal_IsToldInTheWordsOfTheProtocol(string code, string info)
    {
        var kit = SessionKit.Established();
        var feed = Ask(kit, "m1");
        kit.Do(s => s.MediaFailed(feed.Ticket, new Failure(code, Blame.Server, "no"), wasReserved: false, kit.Now));
        Assert.Contains($"\"status\":\"FAILED\",\"info\":\"{info}\"", kit.Frame(), StringComparison.Ordinal);
    }

    private static FeedStream Ask(SessionKit kit, string id)
    {
        kit.Receive("playStream", SessionKit.PlayBody(id, "cam", "MSE").Replace("v=0 offer", Offer, StringComparison.Ordinal));
        return kit.Command<FeedStream>();
    }
}
