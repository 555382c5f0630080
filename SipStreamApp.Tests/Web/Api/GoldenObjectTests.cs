using System.Text.Json;
using SipStreamApp.Api;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.WebRtc.Session;
using Xunit;

namespace SipStreamApp.Tests.Web.Api;

/// <summary>The objects of the REST interface, field by field: names, order and types are what scripts were written for. The call's is in CallObjectTests.</summary>
public sealed class GoldenObjectTests
{
    private static readonly DateTimeOffset Later = MadeUp.Noon.AddSeconds(44);

    [Fact]
    public void Stream_OfACall_IsTheContractsObject() => Is(
        """
        [{"appKey":"defaultApp","sessionId":"c-1","mediaSessionId":"c-1","name":"call_stream1","published":true,"hasVideo":true,"hasAudio":true,"status":"PUBLISHING","sdp":"",
        "audioCodec":"PCMU","videoCodec":"H264","record":true,"width":640,"height":360,"bitrate":0,"minBitrate":0,"maxBitrate":0,"quality":0,"history":false,"gop":0,"fps":0,
        "audioBitrate":0,"codecImpl":"","transport":"UDP","cvoExtension":false,"createDate":1763899200000,"mediaType":"publish","mediaProvider":"Flash","callId":"c-1","viewers":2}]
        """,
        StreamView.Published(MadeUp.LiveStream(), MadeUp.Live(), null, isRecorded: true));

    [Fact]
    public void Stream_WithMetrics_HasTheFiguresOfTheEngine() => Is(
        """
        "metrics":{"VIDEO_CODEC":119,"VIDEO_WIDTH":640,"VIDEO_HEIGHT":360,"VIDEO_FPS":25,"VIDEO_RATE":800000,"VIDEO_GOP_SIZE":25,"VIDEO_K_FRAMES":4,"VIDEO_P_FRAMES":96,
        "VIDEO_B_FRAMES":0,"VIDEO_LOST":0,"VIDEO_NACK":0,"VIDEO_PLI":1,"VIDEO_SYNC":43980,"AUDIO_CODEC":0,"AUDIO_RATE":64000,"AUDIO_LOST":50,"AUDIO_SYNC":44000},"callId"
        """,
        StreamView.Published(MadeUp.LiveStream() with { AvOffset = TimeSpan.FromMilliseconds(20) }, MadeUp.Live(), null, false, Later));

    [Fact]
    public void Stream_WithoutSoundOrNotYetLive_LeavesTheCodecOut()
    {
        var silent = StreamView.Published(MadeUp.LiveStream() with { Audio = null }, MadeUp.Live(), null, false, Later);
        var reserved = StreamView.Published(MadeUp.LiveStream() with { Audio = null, Video = null, State = StreamState.Reserved }, MadeUp.Trying(), null, false);

        Assert.DoesNotContain("audioCodec", Json(silent), StringComparison.Ordinal);
        Assert.DoesNotContain("AUDIO_", Json(silent), StringComparison.Ordinal);
        Assert.Equal((false, true, "PENDING", true), (silent.HasAudio, silent.HasVideo, reserved.Status, reserved.HasVideo));
    }

    [Fact]
    public void Stream_OfABrowser_IsItsSessions() => Is(
        """
        [{"appKey":"app","sessionId":"s1","mediaSessionId":"s1-pub","name":"camera","published":true,"hasVideo":true,"hasAudio":true,"status":"PUBLISHING","sdp":"",
        "audioCodec":"PCMU","videoCodec":"H264","record":false,"width":640,"height":360,"bitrate":0,"minBitrate":0,"maxBitrate":0,"quality":0,"history":false,"gop":0,"fps":0,
        "audioBitrate":0,"codecImpl":"","transport":"UDP","cvoExtension":false,"createDate":1763899200000,"mediaType":"publish","mediaProvider":"WebRTC","callId":null,"viewers":0}]
        """,
        StreamView.Published(MadeUp.LiveStream("camera", 0) with { CallId = null }, null, Publisher("s1"), false));

    [Fact]
    public void Viewer_OfTheWebSdkAndOfWhep_PlayTheStream()
    {
        var session = FakeSessions.Session("s1");
        Is(
            """
            [{"appKey":"defaultApp","sessionId":"s1","mediaSessionId":"s1-play","name":"call_stream1","published":false,"hasVideo":true,"hasAudio":true,"status":"PLAYING","sdp":"",
            "audioCodec":"PCMU","videoCodec":"H264","record":false,"width":640,"height":360,"bitrate":0,"minBitrate":0,"maxBitrate":0,"quality":0,"history":false,"gop":0,"fps":0,
            "audioBitrate":0,"codecImpl":"","transport":"UDP","cvoExtension":false,"createDate":1763899200000,"mediaType":"play","mediaProvider":"WebRTC","callId":"c-1","viewers":2}]
            """,
            StreamView.Played(session, session.Streams[0], MadeUp.LiveStream(), null));

        var viewer = new ViewerSnapshot("w-1", MadeUp.Stream("call_stream1"), "192.0.2.9:4000", ViewerState.Playing, MadeUp.Noon, null, 2.4, 1000, 1_000_000, 7, 7, 3, "");
        var whep = StreamView.Played(viewer, MadeUp.LiveStream(), Later);
        Assert.Equal(("w-1", "w-1", "PLAYING", "play", "WebRTC"), (whep.SessionId, whep.MediaSessionId, whep.Status, whep.MediaType, whep.MediaProvider));
        Assert.Equal((7L, 3L, 2L), (whep.Metrics!.VideoNack, whep.Metrics.VideoPli, whep.Metrics.VideoLost));
        Assert.Equal("PENDING", StreamView.Played(viewer with { State = ViewerState.Secured }, null).Status);
    }

    [Fact]
    public void Push_IsTheContractsObjectWithOurFieldsBehind()
    {
        var push = new PushSnapshot
        {
            Id = "k2t7r0", Stream = MadeUp.Stream("call_stream1"), Name = "rtmp_call_stream1", Target = "rtmp://localhost:1935/live", State = PushState.Publishing,
            CreatedAt = MadeUp.Noon, BytesSent = 1000, BitrateKbps = 8, Width = 320, Height = 240,
        };

        Assert.Equal(
            """
            [{"mediaSessionId":"k2t7r0","streamName":"rtmp_call_stream1","rtmpUrl":"rtmp://localhost:1935/live","width":320,"height":240,"muted":false,"soundEnabled":false,"options":{},
            "sourceStream":"call_stream1","status":"PUBLISHING","info":null,"infoCode":null,"bytesSent":1000,"bitrateKbps":8,"reconnects":0,"dropped":0,"createDate":1763899200000,"retryDate":null}]
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize([PushObject.From(push)], ApiJson.Default.PushObjectArray));
    }

    [Fact]
    public void Recorder_IsTheContractsObjectWithOurFieldsBehind()
    {
        var recording = new RecordingSnapshot
        {
            Id = "r-1", StreamName = MadeUp.Stream("call_stream1"), CallId = new CallId("c-1"), State = RecordingState.Recording, StartedAt = MadeUp.Noon,
            Duration = TimeSpan.FromSeconds(3), Bytes = 42, FileName = "x-{endTime}.mp4",
        };

        Assert.Equal(
            """[{"fileName":"x-{endTime}.mp4","mediaSessionId":"c-1","id":"r-1","streamName":"call_stream1","state":"RECORDING","bytes":42,"durationMs":3000}]""",
            JsonSerializer.Serialize([RecorderObject.From(recording)], ApiJson.Default.RecorderObjectArray));
    }

    [Fact]
    public void Connection_IsTheContractsObjectWithoutItsSecrets()
    {
        var json = JsonSerializer.Serialize([ConnectionObject.From(FakeSessions.Session("s1"), "token@192.0.2.1")], ApiJson.Default.ConnectionObjectArray);

        Assert.Equal(
            """
            [{"custom":{"user":"a"},"nodeId":"token@192.0.2.1","appKey":"defaultApp","sessionId":"s1","sipRegisterRequired":true,"sipLogin":"10006","sipAuthenticationName":"10006",
            "sipPassword":null,"sipVisibleName":null,"sipDomain":"sip.example.org","sipOutboundProxy":"proxy.example.org","sipPort":5060,"sipContactParams":null,"width":0,"height":0,
            "supportedResolutions":null,"useProxy":false,"useDTLS":true,"useWsTunnel":false,"status":"ESTABLISHED","remoteAddress":"192.0.2.7:50123","createDate":1763899200000,
            "mediaProviders":["WebRTC","MSE"],"clientVersion":"2.0","clientBrowserVersion":"Browser/1","streams":1}]
            """.ReplaceLineEndings(""),
            json);
        Assert.DoesNotContain("secret", json, StringComparison.Ordinal);
    }

    [Fact]
    public void StatText_IsReadByTheRuleOfTheWebSdk()
    {
        var text = StatPage.Text([new("Connection", [("connections", "3")]), new("Stream", [("streams_webrtc_out", "2")])]);

        Assert.Equal("-----Connection Stats-----\nconnections=3\n-----Stream Stats-----\nstreams_webrtc_out=2\n", text);
    }

    private static (SipStreamApp.Signalling.ClientSessionInfo, SipStreamApp.Signalling.ClientStreamInfo) Publisher(string id)
    {
        var session = FakeSessions.Session(id, publishes: "camera", appKey: "app");
        return (session, session.Streams[1]);
    }

    private static void Is(string golden, StreamObject stream)
    {
        golden = golden.ReplaceLineEndings("");
        if (golden.StartsWith('[')) Assert.Equal(golden, Json(stream));
        else Assert.Contains(golden, Json(stream), StringComparison.Ordinal);
    }

    private static string Json(StreamObject stream) => JsonSerializer.Serialize([stream], ApiJson.Default.StreamObjectArray);
}
