using System.Net;
using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using Xunit;

namespace SipStreamApp.Tests.Media.Sdp;

public class SipOfferTests
{
    internal static readonly SipMediaOptions Options = new()
    {
        Address = IPAddress.Parse("192.0.2.1"),
        Audio = new(20000, 20001, new Ssrc(1111)),
        Video = new(20002, 20003, new Ssrc(2222)),
        SessionId = 42,
        Cname = "cn",
    };

    [Fact]
    public void CreateOffer_Defaults_WritesThis()
    {
        var text = new SipMediaNegotiator(Options).CreateOffer();
        Assert.Equal("""
            v=0
            o=- 42 1 IN IP4 192.0.2.1
            s=-
            c=IN IP4 192.0.2.1
            t=0 0
            m=audio 20000 RTP/AVP 96 0 8 9 101 97
            a=rtpmap:96 opus/48000/2
            a=fmtp:96 minptime=10;useinbandfec=1
            a=rtpmap:0 PCMU/8000
            a=rtpmap:8 PCMA/8000
            a=rtpmap:9 G722/8000
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-16
            a=rtpmap:97 telephone-event/48000
            a=fmtp:97 0-16
            a=ptime:20
            a=sendrecv
            a=rtcp:20001
            a=rtcp-mux
            a=ssrc:1111 cname:cn
            m=video 20002 RTP/AVP 98 99 100
            b=AS:2048
            a=rtpmap:98 H264/90000
            a=fmtp:98 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1
            a=rtcp-fb:98 nack pli
            a=rtcp-fb:98 ccm fir
            a=rtpmap:99 H264/90000
            a=fmtp:99 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=0
            a=rtcp-fb:99 nack pli
            a=rtcp-fb:99 ccm fir
            a=rtpmap:100 VP8/90000
            a=rtcp-fb:100 nack pli
            a=rtcp-fb:100 ccm fir
            a=sendrecv
            a=rtcp:20003
            a=rtcp-mux
            a=ssrc:2222 cname:cn

            """.ReplaceLineEndings("\r\n"), text);
    }

    [Fact]
    public void CreateOffer_CallersOrder_IsKept()
    {
        var options = Options with { Video = null, AudioCodecs = [Codec.G722, Codec.Pcma], RtcpMux = false, Cname = "" };
        var text = new SipMediaNegotiator(options).CreateOffer(SdpDirection.RecvOnly);
        Assert.Contains("m=audio 20000 RTP/AVP 9 8 101\r\n", text, StringComparison.Ordinal);
        Assert.Contains("a=recvonly\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("m=video", text, StringComparison.Ordinal);
        Assert.DoesNotContain("rtcp-mux", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAnswer_Asterisk_TakesAudioRefusesVideo()
    {
        var result = Read(SdpSamples.Asterisk);
        Assert.True(result.IsOk);
        var audio = result[MediaKind.Audio]!;
        Assert.Equal(Codec.Pcma, audio.Send!.Format.Codec);
        Assert.Equal([8, 0], audio.Receive.Select(r => (int)r.PayloadType.Value));
        Assert.Equal("203.0.113.5:17344", audio.RemoteRtp!.ToString());
        Assert.Equal(17345, audio.RemoteRtcp!.Port);
        Assert.False(audio.RtcpMux);
        Assert.Equal((20, 150), (audio.PacketTimeMs, audio.MaxPacketTimeMs));
        Assert.Equal(101, audio.TelephoneEventSend!.Value.Value);
        Assert.Equal(MediaRefusal.ByPeer, result.Media[1].Refusal);
    }

    [Fact]
    public void ReadAnswer_OtherNumbers_AreUsedForSendingAndTakenWhenReceived()
    {
        var result = Read("""
            v=0
            o=- 1 1 IN IP4 10.0.0.9
            s=-
            c=IN IP4 10.0.0.9
            t=0 0
            m=audio 4000 RTP/AVP 107 105
            a=rtpmap:107 OPUS/48000/2
            a=rtpmap:105 telephone-event/48000
            m=video 4002 RTP/AVP 120
            a=rtpmap:120 H264/90000
            a=fmtp:120 packetization-mode=1;profile-level-id=42e01f;sprop-parameter-sets=Z0LgH9oBQBbpUgAAAwACAAADAGQ,aM48gA==
            a=rtcp-fb:* ccm fir
            a=rtcp-mux
            m=audio 4004 RTP/AVP 0
            """);
        var (audio, video) = (result[MediaKind.Audio]!, result[MediaKind.Video]!);
        Assert.Equal(107, audio.Send!.PayloadType.Value);
        Assert.Equal([96, 107], audio.Receive.Select(r => (int)r.PayloadType.Value));
        Assert.Equal([new(new PayloadType(97), 48000), new TelephoneEventMapping(new PayloadType(105), 48000)], audio.TelephoneEvents);
        Assert.Equal(105, audio.TelephoneEventSend!.Value.Value);
        Assert.Equal([98, 120], video.Receive.Select(r => (int)r.PayloadType.Value));
        Assert.Equal(1, video.Send!.PacketizationMode);
        Assert.Equal((0x67, 0x68), (video.Receive[0].Format.Sps[0], video.Receive[0].Format.Pps[0]));
        Assert.True(video.RtcpMux && video.FeedbackFir && !video.FeedbackPli);
        Assert.Equal(video.RemoteRtp, video.RemoteRtcp);
        Assert.Equal(2, result.Media.Length);
    }

    [Fact]
    public void ReadAnswer_RepeatsOurNumberWithoutRtpmap_MeansOurType()
    {
        var audio = Read("v=0\nc=IN IP4 10.0.0.9\nm=audio 4000 RTP/AVP 0 101\n")[MediaKind.Audio]!;
        Assert.Equal(Codec.Pcmu, audio.Send!.Format.Codec);
        Assert.Equal(101, audio.TelephoneEventSend!.Value.Value);
    }

    [Theory]
    [InlineData("v=0\nc=IN IP4 10.0.0.9\nm=audio 4000 RTP/AVP 18\n", nameof(SdpStatus.NoCommonCodec), 3)]
    [InlineData("v=0\nm=audio 4000 RTP/AVP 0\n", nameof(SdpStatus.MissingConnection), 2)]
    [InlineData("v=0\nc=IN IP4 10.0.0.9\n", nameof(SdpStatus.NoMedia), 0)]
    [InlineData("v=0\nc=IN IP4 10.0.0.9\nm=audio 0 RTP/AVP 0\n", nameof(SdpStatus.NoMedia), 0)]
    [InlineData("v=0\nc=IN IP4 10.0.0.9\nm=audio 1 RTP/SAVP 0\n", nameof(SdpStatus.UnsupportedTransport), 3)]
    [InlineData("garbage", nameof(SdpStatus.Malformed), 1)]
    public void ReadAnswer_NotUsable_SaysWhyAndWhere(string text, string status, int line)
    {
        var problem = Read(text).Problem;
        Assert.Equal((status, line), (problem.Status.ToString(), problem.Line));
    }

    [Fact]
    public void ReadAnswer_FewerLinesOrOtherKind_RefusesThose()
    {
        Assert.Equal(MediaRefusal.MissingInAnswer, Read(SdpSamples.Sipp).Media[1].Refusal);
        var swapped = Read("v=0\nc=IN IP4 10.0.0.9\nm=video 4000 RTP/AVP 100\na=rtpmap:100 VP8/90000\nm=video 4002 RTP/AVP 100\na=rtpmap:100 VP8/90000\n");
        Assert.Equal([MediaRefusal.MissingInAnswer, MediaRefusal.None], swapped.Media.Select(m => m.Refusal));
    }

    [Fact]
    public void ReadAnswer_WithoutOffer_IsAnError() =>
        Assert.Equal(SdpStatus.NoOfferOpen, new SipMediaNegotiator(Options).ReadAnswer(SdpSamples.Bytes(SdpSamples.Sipp)).Problem.Status);

    [Fact]
    public void ReadAnswer_TwiceForOneOffer_GivesTheSame()
    {
        var negotiator = new SipMediaNegotiator(Options);
        negotiator.CreateOffer();
        var early = negotiator.ReadAnswer(SdpSamples.Bytes(SdpSamples.Asterisk));
        var final = negotiator.ReadAnswer(SdpSamples.Bytes(SdpSamples.Asterisk));
        Assert.Equal(early[MediaKind.Audio]!.RemoteRtp, final[MediaKind.Audio]!.RemoteRtp);
    }

    [Fact]
    public void ReadAnswer_HostName_IsHandedToTheCaller()
    {
        var audio = Read("v=0\nc=IN IP4 media.example.net\nm=audio 4000 RTP/AVP 0\n")[MediaKind.Audio]!;
        Assert.Null(audio.RemoteRtp);
        Assert.Equal(("media.example.net", 4000, false), (audio.RemoteHost, audio.RemotePort, audio.RemoteHold));
    }

    [Fact]
    public void ReOffer_HoldAndResume_KeepsLinesAndCountsVersions()
    {
        var negotiator = new SipMediaNegotiator(Options);
        negotiator.CreateOffer();
        negotiator.ReadAnswer(SdpSamples.Bytes(SdpSamples.Asterisk));
        var hold = negotiator.CreateOffer(SdpDirection.SendOnly);
        Assert.Contains("o=- 42 2 ", hold, StringComparison.Ordinal);
        Assert.Contains("m=audio 20000 RTP/AVP 8 0 101\r\n", hold, StringComparison.Ordinal);
        Assert.Contains("m=video 0 RTP/AVP 98 99 100\r\n", hold, StringComparison.Ordinal);
        var held = negotiator.ReadAnswer(SdpSamples.Bytes(SdpSamples.Asterisk.Replace("sendrecv", "recvonly", StringComparison.Ordinal)));
        Assert.Equal(SdpDirection.SendOnly, held[MediaKind.Audio]!.Direction);
        Assert.Equal(hold, negotiator.CreateOffer(SdpDirection.SendOnly));
        negotiator.Rollback();
        Assert.Contains("o=- 42 3 ", negotiator.CreateOffer(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sdes_Offered_TakesTheAnsweredSuite()
    {
        var options = Options with { Video = null, Audio = Options.Audio! with { Crypto = [new(0, "AEAD_AES_128_GCM", "inline:aaa"), new(0, "AES_CM_128_HMAC_SHA1_80", "inline:bbb")] } };
        var negotiator = new SipMediaNegotiator(options);
        var offer = negotiator.CreateOffer();
        Assert.Contains("RTP/SAVP", offer, StringComparison.Ordinal);
        Assert.Contains("a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:bbb", offer, StringComparison.Ordinal);
        var audio = negotiator.ReadAnswer(Encoding.ASCII.GetBytes(
            "v=0\nc=IN IP4 1.2.3.4\nm=audio 5 RTP/SAVP 0\na=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:ccc\n"))[MediaKind.Audio]!;
        Assert.Equal(("inline:bbb", "inline:ccc"), (audio.LocalCrypto!.Value.KeyParams, audio.RemoteCrypto!.Value.KeyParams));
        Assert.Equal(SdpStatus.UnsupportedTransport, negotiator.ReadAnswer("v=0\nc=IN IP4 1.2.3.4\nm=audio 5 RTP/SAVP 0\n"u8).Problem.Status);
    }

    private static SipNegotiation Read(string answer)
    {
        var negotiator = new SipMediaNegotiator(Options);
        negotiator.CreateOffer();
        return negotiator.ReadAnswer(SdpSamples.Bytes(answer));
    }
}
