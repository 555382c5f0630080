using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using Xunit;

namespace SipStreamApp.Tests.Media.Sdp;

public class SipAnswerTests
{
    [Fact]
    public void Answer_Baresip_MirrorsNumbersAndPrefersMode1()
    {
        var result = Answer(SdpSamples.Baresip);
        Assert.Equal("""
            v=0
            o=- 42 1 IN IP4 192.0.2.1
            s=-
            c=IN IP4 192.0.2.1
            t=0 0
            m=audio 20000 RTP/AVP 96 101
            a=rtpmap:96 opus/48000/2
            a=fmtp:96 minptime=10;useinbandfec=1
            a=rtpmap:101 telephone-event/8000
            a=fmtp:101 0-16
            a=ptime:20
            a=sendrecv
            a=rtcp:20001
            a=ssrc:1111 cname:cn
            m=video 20002 RTP/AVP 98
            b=AS:2048
            a=rtpmap:98 H264/90000
            a=fmtp:98 profile-level-id=42001f;packetization-mode=1
            a=rtcp-fb:98 nack pli
            a=sendrecv
            a=rtcp:20003
            a=ssrc:2222 cname:cn

            """.ReplaceLineEndings("\r\n"), result.LocalSdp);
        var video = result[MediaKind.Video]!;
        Assert.Equal((98, 1), (video.Send!.PayloadType.Value, video.Send.PacketizationMode));
        Assert.False(video.Receive[0].Format.Sps.IsEmpty);
        Assert.Equal(1024, video.RemoteKbps);
        Assert.Equal("192.0.2.10:10053", video.RemoteRtcp!.ToString());
        Assert.Equal(1234567u, Assert.Single(result[MediaKind.Audio]!.RemoteSsrcs).Value);
    }

    [Fact]
    public void Answer_LinphoneMixedProfiles_KeepsEachAndTakesMuxWhereOffered()
    {
        var result = Answer(SdpSamples.Linphone);
        Assert.Contains("m=audio 20000 RTP/AVP 96 101\r\n", result.LocalSdp, StringComparison.Ordinal);
        Assert.Contains("m=video 20002 RTP/AVPF 96\r\n", result.LocalSdp, StringComparison.Ordinal);
        Assert.True(result[MediaKind.Audio]!.RtcpMux);
        Assert.False(result[MediaKind.Video]!.RtcpMux);
        Assert.Equal("[2001:db8::11]:9078", result[MediaKind.Video]!.RemoteRtp!.ToString());
        Assert.True(result[MediaKind.Video]!.FeedbackPli && result[MediaKind.Video]!.FeedbackFir);
        Assert.Equal(48000, Assert.Single(result[MediaKind.Audio]!.TelephoneEvents).ClockRate);
    }

    [Fact]
    public void Answer_AllCommonCodecs_ListsThemInTheOfferersOrder()
    {
        var result = Answer(SdpSamples.Linphone, SipOfferTests.Options with { AnswerWithOneCodec = false });
        Assert.Contains("m=audio 20000 RTP/AVP 96 0 8 101 99\r\n", result.LocalSdp, StringComparison.Ordinal);
        Assert.Equal([Codec.Vp8, Codec.H264], result[MediaKind.Video]!.Receive.Select(r => r.Format.Codec));
        Assert.Equal(101, result[MediaKind.Audio]!.TelephoneEventSend!.Value.Value);
    }

    [Fact]
    public void Answer_LinesWeDoNotTake_StayInPlaceWithPortZero()
    {
        var result = Answer(SdpSamples.Cisco + "m=audio 7000 RTP/AVP 8\nm=video 7002 UDP/TLS/RTP/SAVPF 96\na=rtpmap:96 VP8/90000\nm=video 7004 RTP/AVP 31\n");
        Assert.Equal(
            [MediaRefusal.None, MediaRefusal.NotWanted, MediaRefusal.Duplicate, MediaRefusal.UnsupportedTransport, MediaRefusal.NoCommonCodec],
            result.Media.Select(m => m.Refusal));
        Assert.True(SdpParser.Parse(result.LocalSdp!, out var local).IsOk);
        Assert.Equal(["audio 20000", "image 0", "audio 0", "video 0", "video 0"], local.Media.Select(m => $"{m.Type} {m.Port}"));
        Assert.Equal("t38", Assert.Single(local.Media[1].Formats));
        Assert.Equal("198.51.100.2:16552", result[MediaKind.Audio]!.RemoteRtp!.ToString());
    }

    [Theory]
    [InlineData("sendrecv", "sendrecv", "sendrecv", false)]
    [InlineData("sendonly", "sendrecv", "recvonly", true)]
    [InlineData("recvonly", "sendrecv", "sendonly", false)]
    [InlineData("inactive", "sendrecv", "inactive", true)]
    [InlineData("sendrecv", "recvonly", "recvonly", false)]
    [InlineData("recvonly", "recvonly", "inactive", false)]
    public void Answer_Direction_IsReversedAndCut(string offered, string wanted, string expected, bool hold)
    {
        var result = new SipMediaNegotiator(SipOfferTests.Options).Answer(SdpSamples.Bytes(SdpSamples.Sipp + $"a={offered}\n"), Enum.Parse<SdpDirection>(wanted, true));
        Assert.Equal((expected, hold), (result.Media[0].Direction.ToAttribute(), result.Media[0].RemoteHold));
        Assert.Contains($"a={expected}\r\n", result.LocalSdp, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_ZeroAddress_IsHoldWithoutAPlaceToSendTo()
    {
        var audio = Answer(SdpSamples.Sipp.Replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0", StringComparison.Ordinal)).Media[0];
        Assert.Equal((true, SdpDirection.RecvOnly), (audio.RemoteHold, audio.Direction));
        Assert.Null(audio.RemoteRtp);
        Assert.Null(audio.RemoteRtcp);
    }

    [Fact]
    public void Answer_HoldThenResume_KeepsPortsAndRaisesVersionOnlyOnChange()
    {
        var negotiator = new SipMediaNegotiator(SipOfferTests.Options);
        string Go(string sdp) => negotiator.Answer(SdpSamples.Bytes(sdp)).LocalSdp!;
        var first = Go(SdpSamples.Baresip);
        Assert.Equal(first, Go(SdpSamples.Baresip));
        var hold = Go(SdpSamples.Baresip.Replace("sendrecv", "sendonly", StringComparison.Ordinal));
        Assert.Contains("o=- 42 2 ", hold, StringComparison.Ordinal);
        Assert.Contains("m=video 20002 RTP/AVP 98\r\n", hold, StringComparison.Ordinal);
        Assert.Equal(first.Replace("o=- 42 1 ", "o=- 42 3 ", StringComparison.Ordinal), Go(SdpSamples.Baresip));
    }

    [Fact]
    public void Answer_BadReInvite_ChangesNothing()
    {
        var negotiator = new SipMediaNegotiator(SipOfferTests.Options);
        var first = negotiator.Answer(SdpSamples.Bytes(SdpSamples.Baresip)).LocalSdp;
        Assert.Equal(SdpStatus.NoCommonCodec, negotiator.Answer("v=0\nc=IN IP4 1.1.1.1\nm=audio 4 RTP/AVP 18\n"u8).Problem.Status);
        Assert.Equal(first, negotiator.Answer(SdpSamples.Bytes(SdpSamples.Baresip)).LocalSdp);
    }

    [Fact]
    public void Answer_AllLinesTakenAwayInMidCall_IsAnswered()
    {
        var negotiator = new SipMediaNegotiator(SipOfferTests.Options);
        negotiator.Answer(SdpSamples.Bytes(SdpSamples.Sipp));
        var result = negotiator.Answer("v=0\nc=IN IP4 1.1.1.1\nm=audio 0 RTP/AVP 0\n"u8);
        Assert.Equal(SdpStatus.NoMedia, result.Problem.Status);
        Assert.Contains("m=audio 0 RTP/AVP 0\r\n", result.LocalSdp, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateOffer_AfterAnIncomingCall_UsesThePeersNumbers()
    {
        var negotiator = new SipMediaNegotiator(SipOfferTests.Options);
        negotiator.Answer(SdpSamples.Bytes(SdpSamples.Linphone));
        var offer = negotiator.CreateOffer();
        Assert.Contains("m=audio 20000 RTP/AVP 96 101\r\n", offer, StringComparison.Ordinal);
        Assert.Contains("m=video 20002 RTP/AVPF 96\r\n", offer, StringComparison.Ordinal);
        Assert.True(negotiator.ReadAnswer(SdpSamples.Bytes(SdpSamples.Linphone)).IsOk);
    }

    [Fact]
    public void Offer_ReadByOurselves_AgreesOnTheFirstCodecs()
    {
        var (caller, callee) = (new SipMediaNegotiator(SipOfferTests.Options), new SipMediaNegotiator(SipOfferTests.Options));
        var answer = callee.Answer(SdpSamples.Bytes(caller.CreateOffer()));
        var result = caller.ReadAnswer(SdpSamples.Bytes(answer.LocalSdp!));
        Assert.Equal((Codec.Opus, Codec.H264), (result[MediaKind.Audio]!.Send!.Format.Codec, result[MediaKind.Video]!.Send!.Format.Codec));
        Assert.True(result[MediaKind.Audio]!.RtcpMux && result[MediaKind.Video]!.FeedbackFir);
        Assert.Equal(1, result[MediaKind.Video]!.Send!.PacketizationMode);
    }

    [Fact]
    public void Answer_Sdes_TakesTheFirstSuiteWeHave()
    {
        var options = SipOfferTests.Options with { Audio = SipOfferTests.Options.Audio! with { Crypto = [new(0, "AES_CM_128_HMAC_SHA1_80", "inline:ours")] } };
        const string Offer = "v=0\nc=IN IP4 1.1.1.1\nm=audio 4 RTP/SAVP 0\na=crypto:1 F8_128_HMAC_SHA1_80 inline:x\na=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:theirs\n";
        var result = Answer(Offer, options);
        Assert.Contains("a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:ours\r\n", result.LocalSdp, StringComparison.Ordinal);
        Assert.Equal("inline:theirs", result.Media[0].RemoteCrypto!.Value.KeyParams);
        Assert.Equal(SdpStatus.UnsupportedTransport, Answer(Offer).Problem.Status);
    }

    private static SipNegotiation Answer(string offer, SipMediaOptions? options = null) =>
        new SipMediaNegotiator(options ?? SipOfferTests.Options).Answer(SdpSamples.Bytes(offer));
}
