using SipStreamApp.Hooks;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Signalling.Session;
using Xunit;

namespace SipStreamApp.Tests.Web.Signalling;

/// <summary>Streams in the order of the protocol, field by field.</summary>
public class StreamMessageTests
{
    private static readonly Failure NotFound = new("stream-not-found", Blame.Caller, "no");
    private static readonly Failure NotReady = new("stream-not-ready", Blame.Caller, "no");

    [Fact]
    public void Play_AnswersThenPlaysThenStops()
    {
        var kit = SessionKit.Established();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "call_stream1"));
        var watch = kit.Command<WatchStream>();
        Assert.Equal(("call_stream1", "v=0 offer"), (watch.Name.Value, watch.Offer));
        kit.AssertQuiet();

        kit.Do(s => s.BrowserAnswered(watch.Ticket, "b1", "v=0\r\na=x+y\r\n", kit.Now));
        Assert.Equal("""{"message":"setRemoteSDP","data":["m1","v=0\r\na=x+y\r\n"]}""", kit.Frame());
        kit.AssertQuiet();

        kit.Do(s => s.BrowserConnected("b1", new StreamMedia("opus", "H264", 640, 480), kit.Now));
        Assert.Equal(
            """
            {"message":"notifyStreamStatusEvent","data":[{"mediaSessionId":"m1","name":"call_stream1","published":false,"hasVideo":true,"hasAudio":true,"status":"PLAYING","info":"","audioCodec":"opus","videoCodec":"H264","width":640,"height":480,"mediaProvider":"WebRTC","audioState":{"muted":false},"videoState":{"muted":false}}]}
            """,
            kit.Frame());
        Assert.Equal(
            """
            {"nodeId":"node@10.0.0.2","appKey":"defaultApp","sessionId":"s1","mediaSessionId":"m1","name":"call_stream1","published":false,"hasVideo":true,"hasAudio":true,"status":"PLAYING","audioCodec":"opus","videoCodec":"H264","width":640,"height":480,"record":false,"mediaType":"play","mediaProvider":"WebRTC","createDate":1795424400000,"audioState":{"muted":false},"videoState":{"muted":false}}
            """,
            Assert.Single(kit.Told).Payload.ToJsonString());

        kit.Receive("stopStream", """{"mediaSessionId":"m1","name":"call_stream1","published":false,"hasVideo":true,"hasAudio":true,"status":"PLAYING","record":false}""");
        Assert.Equal("b1", kit.Command<CloseBrowser>().BrowserId);
        Assert.Contains("\"status\":\"STOPPED\",\"info\":\"Stopped by user\"", kit.Frame(), StringComparison.Ordinal);
        kit.Do(s => s.BrowserEnded("b1", BrowserEnd.ClosedByBrowser, kit.Now));
        kit.AssertQuiet();
        Assert.Empty(kit.Session.Describe().Streams);
    }

    [Fact]
    public void Play_SoundOnly_SaysSo()
    {
        var kit = SessionKit.Established();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        kit.Do(s => s.BrowserAnswered(kit.Command<WatchStream>().Ticket, "b1", "v=0", kit.Now));
        kit.Frame();
        kit.Do(s => s.BrowserConnected("b1", new StreamMedia("PCMA", null, 0, 0), kit.Now));
        Assert.Contains("\"hasVideo\":false,\"hasAudio\":true,\"status\":\"PLAYING\",\"info\":\"\",\"audioCodec\":\"PCMA\",\"mediaProvider\"", kit.Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Play_UnknownName_FailsAtOnce()
    {
        var kit = SessionKit.Established();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "nobody"));
        kit.Do(s => s.MediaFailed(kit.Command<WatchStream>().Ticket, NotFound, wasReserved: false, kit.Now));
        Assert.Contains("\"mediaSessionId\":\"m1\",\"name\":\"nobody\",\"published\":false,\"hasVideo\":true,\"hasAudio\":true,\"status\":\"FAILED\",\"info\":\"Stream not found\"", kit.Frame(), StringComparison.Ordinal);
        kit.AssertQuiet();
        kit.Receive("playStream", SessionKit.PlayBody("m2", "rtsp://camera/1"));
        Assert.Contains("Stream not found", kit.Frame(), StringComparison.Ordinal);
        kit.AssertQuiet();
    }

    [Theory]
    [InlineData("no-common-codec", "No common codecs")]
    [InlineData("viewer-limit", "Failed by error")]
    [InlineData("bad-offer", "Failed by error")]
    public void Play_EngineCannot_FailsWithThatInfo(string code, string info)
    {
        var kit = SessionKit.Established();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        kit.Do(s => s.MediaFailed(kit.Command<WatchStream>().Ticket, new Failure(code, Blame.Peer, ""), wasReserved: true, kit.Now));
        Assert.Contains($"\"status\":\"FAILED\",\"info\":\"{info}\"", kit.Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Play_ReservedStream_StaysPendingAndIsAskedForAgain()
    {
        var kit = SessionKit.Established();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        kit.Do(s => s.MediaFailed(kit.Command<WatchStream>().Ticket, NotReady, wasReserved: true, kit.Now));
        kit.AssertQuiet();
        Assert.Equal("PENDING", Assert.Single(kit.Session.Describe().Streams).Status);
        kit.Pass(TimeSpan.FromSeconds(1));
        var again = kit.Command<WatchStream>();
        kit.Do(s => s.MediaFailed(again.Ticket, NotFound, wasReserved: true, kit.Now));
        Assert.Contains("\"status\":\"FAILED\",\"info\":\"Publish stream is not ready\"", kit.Frame(), StringComparison.Ordinal);
        kit.Pass(TimeSpan.FromSeconds(3));
        kit.AssertQuiet();
    }

    [Fact]
    public void Stop_WhilePending_GivesUpAndUndoesALateAnswer()
    {
        var kit = SessionKit.Established();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        var watch = kit.Command<WatchStream>();
        kit.Receive("stopStream", """{"mediaSessionId":"m1"}""");
        Assert.Equal(watch.Ticket, kit.Command<GiveUp>().Ticket);
        Assert.Contains("STOPPED", kit.Frame(), StringComparison.Ordinal);
        kit.Do(s => s.BrowserAnswered(watch.Ticket, "b1", "v=0", kit.Now));
        Assert.Equal("b1", kit.Command<CloseBrowser>().BrowserId);
        kit.AssertQuiet();
    }

    [Fact]
    public void MediaSessionId_InUse_IsRefusedAcrossSessions()
    {
        var ids = new MediaIds();
        var first = new SessionKit(ids: ids);
        var second = new SessionKit(ids: ids);
        foreach (var kit in new[] { first, second })
        {
            kit.Receive("connection", "{}");
            kit.Frame();
            kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        }

        Assert.Equal("""{"message":"notifyStreamStatusEvent","data":[{"mediaSessionId":"m1","status":"FAILED","info":"MediaSessionId is already in use"}]}""", second.Frame());
        Assert.Single(first.Commands);
        first.Do(s => s.Disconnected(first.Now));
        second.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        second.Command<WatchStream>();
    }

    [Fact]
    public void MediaSessionId_Missing_OrNoSession_IsRefused()
    {
        var kit = new SessionKit();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        Assert.Contains("\"mediaSessionId\":\"m1\",\"status\":\"FAILED\",\"info\":\"Session not ready\"", kit.Frame(), StringComparison.Ordinal);
        kit.Receive("playStream", """{"name":"x"}""");
        Assert.Contains("MediaSessionId is null", kit.Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void Disconnect_ReleasesAllStreams()
    {
        var kit = SessionKit.Established();
        kit.Play("m1", "x", "b1");
        kit.Play("m2", "y", "b2");
        kit.Receive("playStream", SessionKit.PlayBody("m3", "z"));
        var pending = kit.Command<WatchStream>();
        kit.Told.Clear();
        kit.Do(s => s.Disconnected(kit.Now));
        Assert.Equal(["b1", "b2"], kit.Commands.OfType<CloseBrowser>().Select(c => c.BrowserId));
        Assert.Equal(pending.Ticket, kit.Commands.OfType<GiveUp>().Single().Ticket);
        Assert.Empty(kit.Frames);
        Assert.Equal(["StreamStatusEvent", "StreamStatusEvent", "StreamStatusEvent", "ConnectionStatusEvent"], kit.Told.Select(t => t.Hook));
        Assert.Equal("DISCONNECTED", kit.Told[^1].Payload["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(BrowserEnd.StreamEnded, "STOPPED", "Stopped by publisher stop")]
    [InlineData(BrowserEnd.StreamSilent, "FAILED", "Failed by RTP activity")]
    [InlineData(BrowserEnd.StreamFailed, "FAILED", "Stream failed")]
    [InlineData(BrowserEnd.Lost, "FAILED", "Failed by ICE keep alive")]
    [InlineData(BrowserEnd.HandshakeFailed, "FAILED", "Failed by DTLS error")]
    [InlineData(BrowserEnd.WrongFingerprint, "FAILED", "Failed by DTLS fingerprint error")]
    [InlineData(BrowserEnd.Terminated, "STOPPED", "Stopped by rest /terminate")]
    internal void BrowserEnds_StreamGetsItsFinalStatus(BrowserEnd end, string status, string info)
    {
        var kit = SessionKit.Established();
        kit.Play("m1", "x", "b1");
        kit.Do(s => s.BrowserEnded("b1", end, kit.Now));
        if (end == BrowserEnd.StreamEnded) kit.Pass(TimeSpan.FromSeconds(1));
        Assert.Contains($"\"status\":\"{status}\",\"info\":\"{info}\"", kit.Frame(), StringComparison.Ordinal);
        kit.AssertQuiet();
    }

    [Fact]
    public void BrowserNeverHeard_FailsByIceTimeout()
    {
        var kit = SessionKit.Established();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        kit.Do(s => s.BrowserAnswered(kit.Command<WatchStream>().Ticket, "b1", "v=0", kit.Now));
        kit.Frame();
        kit.Do(s => s.BrowserEnded("b1", BrowserEnd.Lost, kit.Now));
        Assert.Contains("\"status\":\"FAILED\",\"info\":\"Failed by ICE timeout\"", kit.Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void StreamEnds_AllWhoPlayItEnd_AndOthersPlayOn()
    {
        var kit = SessionKit.Established();
        kit.Play("m1", "x", "b1");
        kit.Play("m2", "y", "b2");
        Assert.True(StreamName.TryParse("x", out var x));
        // The next call of that name is awaited already.
        kit.Receive("playStream", SessionKit.PlayBody("m3", "x"));
        kit.Command<WatchStream>();
        kit.Do(s => s.SourceEnded(x, BrowserEnd.StreamEnded, kit.Now));
        Assert.Contains("\"mediaSessionId\":\"m1\",\"name\":\"x\",\"published\":false,\"hasVideo\":true,\"hasAudio\":true,\"status\":\"STOPPED\",\"info\":\"Stopped by publisher stop\"", kit.Frame(), StringComparison.Ordinal);
        Assert.Empty(kit.Frames);
        Assert.Equal(["m2", "m3"], kit.Session.Describe().Streams.Select(s => s.MediaSessionId));
    }

    [Fact]
    public void StreamEnds_TheReasonCountsWhicheverEventComesFirst()
    {
        var kit = SessionKit.Established();
        kit.Play("m1", "x", "b1");
        Assert.True(StreamName.TryParse("x", out var x));
        kit.Do(s => s.BrowserEnded("b1", BrowserEnd.StreamEnded, kit.Now));
        kit.AssertQuiet();
        kit.Do(s => s.SourceEnded(x, BrowserEnd.StreamSilent, kit.Now));
        Assert.Contains("\"status\":\"FAILED\",\"info\":\"Failed by RTP activity\"", kit.Frame(), StringComparison.Ordinal);
        kit.Pass(TimeSpan.FromSeconds(2));
        kit.AssertQuiet();
    }

    [Fact]
    public void StreamEndsBeforeItsAnswerIsKnown_IsToldStill()
    {
        var kit = SessionKit.Established();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        var watch = kit.Command<WatchStream>();
        kit.Do(s => s.BrowserEnded("b1", BrowserEnd.StreamEnded, kit.Now));
        kit.Do(s => s.BrowserAnswered(watch.Ticket, "b1", "v=0", kit.Now));
        Assert.Contains("setRemoteSDP", kit.Frame(), StringComparison.Ordinal);
        kit.Pass(TimeSpan.FromSeconds(1));
        Assert.Contains("Stopped by publisher stop", kit.Frame(), StringComparison.Ordinal);
        Assert.Empty(kit.Session.Describe().Streams);
    }

    [Fact]
    public void Hooks_MayRefuseAndRename()
    {
        var kit = new SessionKit(answersHooks: false);
        kit.Receive("connection", "{}");
        var connect = kit.Command<AskHook>();
        kit.Do(s => s.HookAnswered(connect.Ticket, new HookReply(true, connect.Payload), kit.Now));
        kit.Frame();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x"));
        var ask = kit.Command<AskHook>();
        Assert.Equal("playStream", ask.Hook);
        Assert.Equal("v=0 offer", ask.Payload["sdp"]!.GetValue<string>());
        kit.Do(s => s.HookAnswered(ask.Ticket, new HookReply(false, ask.Payload, "no"), kit.Now));
        Assert.Contains("\"status\":\"FAILED\",\"info\":\"Restricted access\"", kit.Frame(), StringComparison.Ordinal);

        kit.Receive("playStream", SessionKit.PlayBody("m2", "alias"));
        ask = kit.Command<AskHook>();
        ask.Payload["name"] = "real";
        kit.Do(s => s.HookAnswered(ask.Ticket, new HookReply(true, ask.Payload), kit.Now));
        Assert.Equal("real", kit.Command<WatchStream>().Name.Value);

        kit.Receive("stopStream", """{"mediaSessionId":"m2"}""");
        ask = kit.Command<AskHook>();
        Assert.Equal("stopStream", ask.Hook);
        kit.Do(s => s.HookAnswered(ask.Ticket, new HookReply(false, ask.Payload), kit.Now));
        Assert.Single(kit.Session.Describe().Streams);
    }

    [Fact]
    public void Publish_PublishesAndUnpublishes()
    {
        var kit = SessionKit.Established();
        kit.Receive("publishStream", """{"mediaSessionId":"m1","name":"cam","published":true,"hasVideo":true,"hasAudio":true,"mediaProvider":"WebRTC","sdp":"v=0 offer","record":false}""");
        var publish = kit.Command<PublishStream>();
        Assert.Equal("cam", publish.Name.Value);
        kit.Do(s => s.BrowserAnswered(publish.Ticket, "b1", "v=0", kit.Now));
        kit.Frame();
        kit.Do(s => s.BrowserConnected("b1", new StreamMedia("opus", "VP8", 0, 0), kit.Now));
        Assert.Contains("\"published\":true,\"hasVideo\":true,\"hasAudio\":true,\"status\":\"PUBLISHING\",\"info\":\"\",\"audioCodec\":\"opus\",\"videoCodec\":\"VP8\",\"mediaProvider\"", kit.Frame(), StringComparison.Ordinal);
        kit.Receive("unPublishStream", """{"mediaSessionId":"m1"}""");
        Assert.Contains("\"status\":\"UNPUBLISHED\",\"info\":\"Stopped by user\"", kit.Frame(), StringComparison.Ordinal);
        kit.Receive("publishStream", """{"mediaSessionId":"m2","name":"cam","sdp":"v=0 offer"}""");
        kit.Command<CloseBrowser>();
        kit.Do(s => s.MediaFailed(kit.Command<PublishStream>().Ticket, new Failure("stream-taken", Blame.Caller, ""), wasReserved: true, kit.Now));
        Assert.Contains("\"status\":\"FAILED\",\"info\":\"Stream name is already in use\"", kit.Frame(), StringComparison.Ordinal);
    }

    [Fact]
    public void AvailableStream_IsAnsweredInWords()
    {
        var kit = SessionKit.Established();
        kit.Receive("availableStream", """{"mediaSessionId":"m1","name":"x"}""");
        var look = kit.Command<LookUpStream>();
        kit.Do(s => s.StreamLookedUp(look.MediaSessionId, null, kit.Now));
        Assert.Equal("""{"message":"availableStream","data":[{"id":"m1","status":"true","info":""}]}""", kit.Frame());
        kit.Do(s => s.StreamLookedUp(look.MediaSessionId, StreamInfo.NotFound, kit.Now));
        Assert.Equal("""{"message":"availableStream","data":[{"id":"m1","status":"false","info":"Stream not found"}]}""", kit.Frame());
    }

    [Fact]
    public void StreamEvent_ReachesThoseWhoPlay()
    {
        var kit = SessionKit.Established();
        kit.Play("m1", "x", "b1");
        Assert.True(StreamName.TryParse("x", out var x));
        Assert.True(StreamName.TryParse("y", out var y));
        var told = new List<bool>();
        kit.Do(s => told.Add(s.StreamEvent(x, "data", SessionKit.Json("""{"count":1}"""), kit.Now)));
        kit.Do(s => told.Add(s.StreamEvent(y, "data", null, kit.Now)));
        Assert.Equal([true, false], told);
        Assert.Equal("""{"message":"notifyStreamEvent","data":[{"mediaSessionId":"m1","type":"data","payload":{"count":1}}]}""", kit.Frame());
        kit.AssertQuiet();
    }

    [Fact]
    public void RestTerminates_StreamStopsWithThatInfo()
    {
        var kit = SessionKit.Established();
        kit.Play("m1", "x", "b1");
        var found = false;
        kit.Do(s => found = s.StopStream("m1", StreamInfo.StoppedByRest, kit.Now));
        Assert.True(found);
        Assert.Contains("\"status\":\"STOPPED\",\"info\":\"Stopped by rest /terminate\"", kit.Frame(), StringComparison.Ordinal);
        Assert.Equal("b1", kit.Command<CloseBrowser>().BrowserId);
    }

    [Theory]
    [InlineData("WSPlayer")]
    [InlineData("Flash")]
    public void Provider_WhoseFormatIsNotMade_IsToldSo(string provider)
    {
        var kit = SessionKit.Established();
        kit.Receive("playStream", SessionKit.PlayBody("m1", "x", provider));
        Assert.Contains("\"status\":\"FAILED\",\"info\":\"Transcoding required, but disabled\"", kit.Frame(), StringComparison.Ordinal);
    }
}
