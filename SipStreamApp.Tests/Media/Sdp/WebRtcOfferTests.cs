using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using Xunit;

namespace SipStreamApp.Tests.Media.Sdp;

/// <summary>Our offer to a browser, and its answer.</summary>
public class WebRtcOfferTests
{
    // As Chromium answers; the candidates come by checks.
    private const string Answer = """
        v=0
        o=- 1 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0 1
        a=msid-semantic: WMS me
        m=audio 9 UDP/TLS/RTP/SAVPF 8 0
        c=IN IP4 0.0.0.0
        a=rtcp:9 IN IP4 0.0.0.0
        a=ice-ufrag:Ab/9
        a=ice-pwd:abcdefghijklmnopqrstuvwx
        a=ice-options:trickle
        a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2
        a=setup:active
        a=mid:0
        a=extmap:1 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
        a=sendrecv
        a=rtcp-mux
        a=rtcp-rsize
        a=rtpmap:8 PCMA/8000
        a=rtcp-fb:8 transport-cc
        a=rtpmap:0 PCMU/8000
        m=video 9 UDP/TLS/RTP/SAVPF 104 105 96
        c=IN IP4 0.0.0.0
        a=ice-ufrag:Ab/9
        a=ice-pwd:abcdefghijklmnopqrstuvwx
        a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2
        a=setup:active
        a=mid:1
        a=recvonly
        a=rtcp-mux
        a=rtpmap:104 H264/90000
        a=rtcp-fb:104 nack
        a=rtcp-fb:104 nack pli
        a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
        a=rtpmap:105 rtx/90000
        a=fmtp:105 apt=104
        a=rtpmap:96 VP8/90000
        """;

    private static readonly WebRtcAnswerOptions Options = WebRtcAnswerTests.Options() with
    {
        Audio = new([TrackFormat.Default(Codec.Pcmu), TrackFormat.Default(Codec.Pcma)], new Ssrc(10)),
        Video = new([TrackFormat.Default(Codec.H264) with { ProfileLevelId = "64001f" }, TrackFormat.Default(Codec.Vp8)], new Ssrc(20)) { RtxSsrc = new Ssrc(21) },
        Direction = SdpDirection.SendRecv,
        Feedback = ["nack", "nack pli", WebRtcFeedback.TransportWide],
        ExtensionUris = [WebRtcFeedback.TransportWideUri],
    };

    [Fact]
    public void Offer_WritesThis()
    {
        var text = WebRtcOfferer.Offer(Options).Sdp;
        var zeros = string.Join(':', Enumerable.Repeat("00", 32));
        Assert.Equal($"""
            v=0
            o=- 1 1 IN IP4 127.0.0.1
            s=-
            t=0 0
            a=ice-lite
            a=group:BUNDLE 0 1
            a=msid-semantic:WMS room
            m=audio 9 UDP/TLS/RTP/SAVPF 0 8
            c=IN IP4 0.0.0.0
            a=rtcp:9 IN IP4 0.0.0.0
            a=candidate:1 1 udp 2130706431 203.0.113.1 5000 typ host
            a=candidate:2 1 udp 2130706175 2001:db8::1 5000 typ host
            a=end-of-candidates
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789abcdefghijkl
            a=fingerprint:sha-256 {zeros}
            a=setup:actpass
            a=mid:0
            a=extmap:1 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=sendrecv
            a=msid:room audio
            a=rtcp-mux
            a=rtcp-rsize
            a=rtpmap:0 PCMU/8000
            a=rtcp-fb:0 transport-cc
            a=rtpmap:8 PCMA/8000
            a=rtcp-fb:8 transport-cc
            a=ssrc:10 cname:cn
            a=ssrc:10 msid:room audio
            m=video 9 UDP/TLS/RTP/SAVPF 102 103 104 105 96 97
            c=IN IP4 0.0.0.0
            a=rtcp:9 IN IP4 0.0.0.0
            a=ice-ufrag:abcd
            a=ice-pwd:0123456789abcdefghijkl
            a=fingerprint:sha-256 {zeros}
            a=setup:actpass
            a=mid:1
            a=extmap:1 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
            a=sendrecv
            a=msid:room video
            a=rtcp-mux
            a=rtcp-rsize
            a=rtpmap:102 H264/90000
            a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=64001f
            a=rtcp-fb:102 nack
            a=rtcp-fb:102 nack pli
            a=rtcp-fb:102 transport-cc
            a=rtpmap:103 rtx/90000
            a=fmtp:103 apt=102
            a=rtpmap:104 H264/90000
            a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
            a=rtcp-fb:104 nack
            a=rtcp-fb:104 nack pli
            a=rtcp-fb:104 transport-cc
            a=rtpmap:105 rtx/90000
            a=fmtp:105 apt=104
            a=rtpmap:96 VP8/90000
            a=rtcp-fb:96 nack
            a=rtcp-fb:96 nack pli
            a=rtcp-fb:96 transport-cc
            a=rtpmap:97 rtx/90000
            a=fmtp:97 apt=96
            a=ssrc-group:FID 20 21
            a=ssrc:20 cname:cn
            a=ssrc:20 msid:room video
            a=ssrc:21 cname:cn
            a=ssrc:21 msid:room video

            """.ReplaceLineEndings("\r\n"), text);
    }

    [Fact]
    public void ReadAnswer_OfABrowser_SaysWhatItChose()
    {
        var result = Read(Answer);
        Assert.True(result.IsOk, result.Problem.ToString());
        var (audio, video) = (result[MediaKind.Audio]!, result[MediaKind.Video]!);
        Assert.Equal((Codec.Pcma, 8, SdpDirection.SendRecv, true, true), (audio.Format.Codec, audio.PayloadType.Value, audio.Direction, audio.FeedbackTransportWide, audio.ReducedSize));
        // It only receives the picture, in the second profile on offer; the format is the one that was asked for.
        Assert.Equal((Codec.H264, 104, SdpDirection.SendOnly, "42e01f"), (video.Format.Codec, video.PayloadType.Value, video.Direction, video.SignalledProfileLevelId));
        Assert.Equal(("64001f", 105, true, true), (video.Format.ProfileLevelId, video.RtxPayloadType!.Value.Value, video.RtxTaken, video.FeedbackNack));
        Assert.Equal(("Ab/9", DtlsSetup.Active, 1), (result.Remote.IceUfrag, result.Remote.Setup, result.Remote.Fingerprints.Length));
    }

    [Theory]
    [InlineData("m=video 9", "m=video 0", nameof(SdpStatus.Ok))]
    [InlineData("a=setup:active", "a=setup:passive", nameof(SdpStatus.UnsupportedTransport))]
    [InlineData("a=setup:active", "a=setup:actpass", nameof(SdpStatus.UnsupportedTransport))]
    [InlineData("a=ice-pwd:abcdefghijklmnopqrstuvwx", "a=x", nameof(SdpStatus.MissingTransport))]
    [InlineData("a=fingerprint:", "a=nothing:", nameof(SdpStatus.MissingTransport))]
    [InlineData("9 UDP/TLS", "0 UDP/TLS", nameof(SdpStatus.NoMedia))]
    [InlineData("v=0", "nonsense", nameof(SdpStatus.Malformed))]
    public void ReadAnswer_WhatCannotBeUsed_IsRefused(string find, string replace, string status) =>
        Assert.Equal(status, Read(Answer.Replace(find, replace, StringComparison.Ordinal)).Problem.Status.ToString());

    [Fact]
    public void ReadAnswer_NothingThatWasOffered_IsNoCommonCodec()
    {
        var text = Answer.Replace("PCMA", "GSM", StringComparison.Ordinal).Replace("PCMU", "G728", StringComparison.Ordinal)
            .Replace("H264", "H265", StringComparison.Ordinal).Replace("VP8", "VP9", StringComparison.Ordinal);
        Assert.Equal(SdpStatus.NoCommonCodec, Read(text).Problem.Status);
    }

    private static WebRtcNegotiation Read(string answer) => WebRtcOfferer.ReadAnswer(SdpSamples.Bytes(answer), WebRtcOfferer.Offer(Options), Options);
}
