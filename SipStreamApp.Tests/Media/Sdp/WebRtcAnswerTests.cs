using System.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using Xunit;

namespace SipStreamApp.Tests.Media.Sdp;

public class WebRtcAnswerTests
{
    private const string AbsSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    private const string PlayoutDelay = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";

    internal static WebRtcAnswerOptions Options(string? profile = "42e01f", Codec video = Codec.H264, Codec audio = Codec.Opus) => new()
    {
        IceUfrag = "abcd",
        IcePwd = "0123456789abcdefghijkl",
        Fingerprint = DtlsFingerprint.Sha256(new byte[32]),
        Candidates =
        [
            IceCandidateLine.HostUdp("1", 2130706431, new IPEndPoint(IPAddress.Parse("203.0.113.1"), 5000)),
            IceCandidateLine.HostUdp("2", 2130706175, new IPEndPoint(IPAddress.Parse("2001:db8::1"), 5000)),
        ],
        Audio = new([TrackFormat.Default(audio)], new Ssrc(10)),
        Video = new([TrackFormat.Default(video) with { ProfileLevelId = profile }], new Ssrc(20)),
        StreamId = "room",
        Cname = "cn",
        ExtensionUris = [AbsSendTime, PlayoutDelay],
    };

    [Fact]
    public void Answer_ChromePlayer_WritesThis()
    {
        var result = Answer(SdpSamples.ChromePlayer(), Options());
        var zeros = string.Join(':', Enumerable.Repeat("00", 32));
        Assert.Equal($"""
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=ice-lite
            a=group:BUNDLE 0 1
            a=msid-semantic:WMS room
            m=audio 9 UDP/TLS/RTP/SAVPF 111
            c=IN IP4 0.0.0.0
            a=rtcp:9 IN IP4 0.0.0.0
            a=candidate:1 1 udp 2130706431 203.0.113.1 5000 typ host
            a=candidate:2 1 udp 2130706175 2001:db8::1 5000 typ host
            a=end-of-candidates
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789abcdefghijkl
            a=fingerprint:sha-256 {zeros}
            a=setup:passive
            a=mid:0
            a=extmap:2 {AbsSendTime}
            a=sendonly
            a=msid:room audio
            a=rtcp-mux
            a=rtcp-rsize
            a=rtpmap:111 opus/48000/2
            a=fmtp:111 minptime=10;useinbandfec=1
            a=ssrc:10 cname:cn
            a=ssrc:10 msid:room audio
            m=video 9 UDP/TLS/RTP/SAVPF 109
            c=IN IP4 0.0.0.0
            a=rtcp:9 IN IP4 0.0.0.0
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789abcdefghijkl
            a=fingerprint:sha-256 {zeros}
            a=setup:passive
            a=mid:1
            a=extmap:2 {AbsSendTime}
            a=extmap:5 {PlayoutDelay}
            a=sendonly
            a=msid:room video
            a=rtcp-mux
            a=rtcp-rsize
            a=rtpmap:109 H264/90000
            a=fmtp:109 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
            a=rtcp-fb:109 nack pli
            a=ssrc:20 cname:cn
            a=ssrc:20 msid:room video

            """.ReplaceLineEndings("\r\n"), result.AnswerSdp);
        Assert.Equal(("4ZcD", DtlsSetup.ActPass, true), (result.Remote.IceUfrag, result.Remote.Setup, result.Remote.Trickle));
        Assert.Equal((114, false), (result[MediaKind.Video]!.RtxPayloadType!.Value.Value, result[MediaKind.Video]!.RtxTaken));
        Assert.Equal(5, result[MediaKind.Video]!.Extensions[PlayoutDelay]);
    }

    [Theory]
    [InlineData("42e01f", 109)]
    [InlineData("42001f", 103)]
    [InlineData("42c01e", 109)]
    [InlineData("4d0028", 39)]
    [InlineData("640028", 39)]
    [InlineData(null, 109)]
    public void Answer_H264Profile_GoesUnderTheClosestType(string? profile, int payloadType)
    {
        var video = Answer(SdpSamples.ChromePlayer(), Options(profile))[MediaKind.Video]!;
        Assert.Equal((payloadType, 1), (video.PayloadType.Value, video.PacketizationMode));
        Assert.Equal(profile, video.Format.ProfileLevelId);
    }

    [Fact]
    public void Answer_SafariHigh_UsesItsHighType()
    {
        var video = Answer(SdpSamples.ChromePlayer(SdpSamples.SafariVideo), Options("64001f"))[MediaKind.Video]!;
        Assert.Equal((96, "640c1f", 97), (video.PayloadType.Value, video.SignalledProfileLevelId, video.RtxPayloadType!.Value.Value));
    }

    [Fact]
    public void Answer_OnlyMode0OnOffer_ReportsIt()
    {
        var offer = SdpSamples.ChromePlayer(SdpSamples.ChromeVideo.Replace("packetization-mode=1", "packetization-mode=0", StringComparison.Ordinal));
        Assert.Equal(0, Answer(offer, Options())[MediaKind.Video]!.PacketizationMode);
    }

    [Theory]
    [InlineData(Codec.Pcmu, 0)]
    [InlineData(Codec.Pcma, 8)]
    [InlineData(Codec.G722, 9)]
    [InlineData(Codec.Opus, 111)]
    public void Answer_AudioCodec_TakesTheBrowsersNumber(Codec codec, int payloadType) =>
        Assert.Equal(payloadType, Answer(SdpSamples.ChromePlayer(), Options(audio: codec))[MediaKind.Audio]!.PayloadType.Value);

    [Fact]
    public void Answer_Firefox_TakesBundleOnlyLinesAndRefusesTheDataChannel()
    {
        var result = Answer(SdpSamples.Firefox, Options(null, Codec.Vp8));
        Assert.True(SdpParser.Parse(result.AnswerSdp!, out var answer).IsOk);
        Assert.Equal(["video 9", "audio 9", "application 0"], answer.Media.Select(m => $"{m.Type} {m.Port}"));
        Assert.Equal(["0", "1"], answer.Bundle);
        Assert.Equal((120, 109), (result[MediaKind.Video]!.PayloadType.Value, result[MediaKind.Audio]!.PayloadType.Value));
        Assert.Equal(3, result.Remote.Candidates.Length);
        Assert.True(result.Remote.EndOfCandidates);
        Assert.True(result[MediaKind.Video]!.FeedbackNack && !result[MediaKind.Video]!.FeedbackFir);
        Assert.Equal(2655508255u, Assert.Single(result[MediaKind.Video]!.RemoteSsrcs).Value);
        Assert.Equal(answer.Media[0].Attributes.Find("msid")!.Split(' ')[0], answer.Media[1].Attributes.Find("msid")!.Split(' ')[0]);
        Assert.Single(answer.Media, m => m.Attributes.Has("candidate"));
    }

    [Fact]
    public void Answer_StreamWithoutSound_KeepsTheBundlesFirstLineInactive()
    {
        var result = Answer(SdpSamples.ChromePlayer(), Options() with { Audio = null });
        Assert.True(SdpParser.Parse(result.AnswerSdp!, out var answer).IsOk);
        Assert.Equal([9, 9], answer.Media.Select(m => m.Port));
        Assert.Equal([SdpDirection.Inactive, SdpDirection.SendOnly], answer.Media.Select(answer.DirectionOf));
        Assert.Equal(["0", "1"], answer.Bundle);
        Assert.Equal(MediaKind.Video, Assert.Single(result.Media).Kind);
        Assert.True(answer.Media[0].Attributes.Has("candidate"));
    }

    [Fact]
    public void Answer_StreamWithoutPicture_RefusesTheSecondLine()
    {
        Assert.True(SdpParser.Parse(Answer(SdpSamples.ChromePlayer(), Options() with { Video = null }).AnswerSdp!, out var answer).IsOk);
        Assert.Equal([9, 0], answer.Media.Select(m => m.Port));
        Assert.Equal(["0"], answer.Bundle);
    }

    [Fact]
    public void Answer_SecondVideoLine_IsRefused()
    {
        var second = "\n" + SdpSamples.ChromeVideo.Replace("a=mid:1", "a=mid:2", StringComparison.Ordinal);
        var offer = SdpSamples.ChromePlayer(tail: second).Replace("BUNDLE 0 1", "BUNDLE 0 1 2", StringComparison.Ordinal);
        Assert.Equal([MediaRefusal.None, MediaRefusal.None, MediaRefusal.Duplicate], Answer(offer, Options()).Refusals);
    }

    [Fact]
    public void Answer_OutsideOfTheBundle_IsRefused()
    {
        var offer = SdpSamples.ChromePlayer().Replace("BUNDLE 0 1", "BUNDLE 0", StringComparison.Ordinal);
        Assert.Equal([MediaRefusal.None, MediaRefusal.UnsupportedTransport], Answer(offer, Options()).Refusals);
    }

    [Fact]
    public void Answer_Rtx_IsWrittenWhenWeHaveAnSsrcForIt()
    {
        var options = Options() with { Video = new([TrackFormat.Default(Codec.Vp8)], new Ssrc(20)) { RtxSsrc = new Ssrc(21) } };
        var result = Answer(SdpSamples.ChromePlayer(), options);
        Assert.Contains("m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n", result.AnswerSdp, StringComparison.Ordinal);
        Assert.Contains("a=ssrc-group:FID 20 21\r\n", result.AnswerSdp, StringComparison.Ordinal);
        Assert.True(result[MediaKind.Video]!.RtxTaken);
    }

    [Fact]
    public void Answer_Publisher_ReceivesTheFirstFormatWeLike()
    {
        var options = Options() with
        {
            Direction = SdpDirection.RecvOnly,
            Video = new([TrackFormat.Default(Codec.H264), TrackFormat.Default(Codec.Vp8)], new Ssrc(20)),
        };
        var result = Answer(SdpSamples.Firefox, options);
        Assert.Equal((126, SdpDirection.RecvOnly), (result[MediaKind.Video]!.PayloadType.Value, result[MediaKind.Video]!.Direction));
        Assert.DoesNotContain("a=ssrc:", result.AnswerSdp, StringComparison.Ordinal);
        Assert.Equal(SdpStatus.NoMedia, Answer(SdpSamples.ChromePlayer(), options).Problem.Status);
    }

    [Theory]
    [InlineData("a=ice-pwd:2/1muCWoOi3uLifh0NuRHlbN", "a=x", nameof(SdpStatus.MissingTransport))]
    [InlineData("a=fingerprint:", "a=y:", nameof(SdpStatus.MissingTransport))]
    [InlineData("setup:actpass", "setup:passive", nameof(SdpStatus.UnsupportedTransport))]
    [InlineData("a=extmap-allow-mixed", "a=ice-lite", nameof(SdpStatus.UnsupportedTransport))]
    [InlineData("a=rtcp-mux", "a=z", nameof(SdpStatus.UnsupportedTransport))]
    [InlineData("m=video 9", "m=video x", nameof(SdpStatus.Malformed))]
    public void Answer_TransportWeCannotServe_IsAValue(string find, string replace, string status)
    {
        var result = Answer(SdpSamples.ChromePlayer().Replace(find, replace, StringComparison.Ordinal), Options());
        Assert.Equal(status, result.Problem.Status.ToString());
        Assert.True(result.Problem.Line > 0);
        Assert.Null(result.AnswerSdp);
    }

    [Fact]
    public void Answer_NothingInCommon_SaysSo()
    {
        var offer = SdpSamples.ChromePlayer().Replace("opus/", "lyra/", StringComparison.Ordinal).Replace("H264/", "H266/", StringComparison.Ordinal);
        Assert.Equal(SdpStatus.NoCommonCodec, Answer(offer, Options()).Problem.Status);
        Assert.Equal([MediaRefusal.NoCommonCodec, MediaRefusal.None], Answer(offer, Options(null, Codec.Vp8)).Refusals);
    }

    private static WebRtcNegotiation Answer(string offer, WebRtcAnswerOptions options) => WebRtcAnswerer.Answer(SdpSamples.Bytes(offer), options);
}
