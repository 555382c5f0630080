using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sdp;
using Xunit;

namespace SipStreamApp.Tests.Media.Sdp;

public class SdpParserTests
{
    public static TheoryData<string> Samples => [SdpSamples.ChromePlayer(), SdpSamples.Firefox, SdpSamples.Baresip, SdpSamples.Linphone, SdpSamples.Sipp, SdpSamples.Asterisk, SdpSamples.Cisco];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Write_WhatWasParsed_IsTheSameText(string text)
    {
        Assert.True(SdpParser.Parse(SdpSamples.Bytes(text), out var session).IsOk);
        var written = SdpWriter.Write(session);
        Assert.Equal(SortedLines(text), SortedLines(written));
        Assert.True(SdpParser.Parse(written, out var again).IsOk);
        Assert.Equal(written, SdpWriter.Write(again));
    }

    [Fact]
    public void Parse_MediaLevelConnection_WinsOverSession()
    {
        var session = Parse(SdpSamples.Cisco);
        Assert.Equal("198.51.100.2", session.ConnectionOf(session.Media[0])!.Value.HostPart);
        Assert.Equal("198.51.100.1", session.ConnectionOf(session.Media[1])!.Value.Address!.ToString());
        Assert.Null(session.Media[1].Kind);
    }

    [Fact]
    public void Parse_StaticTypesWithoutRtpmap_AreKnown()
    {
        var mappings = RtpMappings.Read(Parse("v=0\nm=audio 5000 RTP/AVP 0 8 9 9 96 200 x\nc=IN IP4 1.2.3.4\n").Media[0]);
        Assert.Equal([Codec.Pcmu, Codec.Pcma, Codec.G722], mappings.Select(m => m.Codec!.Value));
        Assert.Equal(8000, mappings[2].ToTrackFormat()!.ClockRate);
    }

    [Fact]
    public void Parse_SpropParameterSets_FillsTrackFormat()
    {
        var media = Parse(SdpSamples.Baresip).Media[1];
        var mode1 = RtpMappings.Read(media)[1];
        var format = mode1.ToTrackFormat()!;
        Assert.Equal(1, mode1.PacketizationMode);
        Assert.Equal("42001f", format.ProfileLevelId);
        Assert.Equal([0x67, 0x42, 0x00, 0x1f], format.Sps[..4]);
        Assert.Equal([0x68, 0xce, 0x3c, 0x80], format.Pps);
        Assert.True(mode1.HasFeedback("nack pli"));
        Assert.Equal(1024, media.BandwidthKbps);
    }

    [Fact]
    public void Parse_Transport_ReadsIceAndDtls()
    {
        var session = Parse(SdpSamples.Firefox);
        var transport = SdpTransport.Read(session, session.Media[0]);
        Assert.Equal(("5f5c4f0a", DtlsSetup.ActPass, true), (transport.IceUfrag, transport.Setup, transport.EndOfCandidates));
        Assert.True(transport.Trickle);
        Assert.False(transport.IceLite);
        Assert.Equal(32, Assert.Single(transport.Fingerprints).ToBytes().Length);
        Assert.Equal([true, false, true], transport.Candidates.Select(c => c.IsUdp));
        Assert.Equal(["192.168.1.20", null, "203.0.113.7"], transport.Candidates.Select(c => c.Address?.ToString()));
        Assert.Equal("tcptype active", transport.Candidates[1].Extensions);
        Assert.Equal(51372, transport.Candidates[2].RelatedPort);
        Assert.Equal(session.Media[0].Attributes.All("candidate"), transport.Candidates.Select(c => c.ToString()));
        Assert.Equal(["0", "1", "2"], session.Bundle);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("hello", 1)]
    [InlineData("v=0\ns=-\nm=audio\n", 3)]
    [InlineData("v=0\nm=audio 70000 RTP/AVP 0\n", 2)]
    [InlineData("v=0\nc=IN IP4\n", 2)]
    [InlineData("v=0\nc=IN IP6 \v\n", 2)]
    [InlineData("v=0\nm=video 4002 \v\n", 2)]
    public void Parse_Broken_NamesTheLine(string text, int line) =>
        Assert.Equal((SdpStatus.Malformed, line), SdpParser.Parse(text, out _) is var p ? (p.Status, p.Line) : default);

    [Fact]
    public void Parse_OverTheLimits_Refuses()
    {
        Assert.Equal(SdpStatus.TooLarge, SdpParser.Parse(new byte[65537], out _).Status);
        Assert.Equal(SdpStatus.TooLarge, SdpParser.Parse("v=0\n" + new string('\n', 1001), out _).Status);
        Assert.True(SdpParser.Parse("v=0\n" + Repeat("m=audio 1 RTP/AVP 0\n", 64), out _).IsOk);
        Assert.Equal((SdpStatus.TooLarge, 66), SdpParser.Parse("v=0\n" + Repeat("m=audio 1 RTP/AVP 0\n", 65), out _) is var p ? (p.Status, p.Line) : default);
    }

    [Fact]
    public void Write_ValueWithLineBreak_MakesNoLineOfItsOwn()
    {
        var session = new SdpSession();
        session.Attributes.Add("tool", "x\r\na=evil\0");
        Assert.Contains("a=tool:xa=evil\r\n", SdpWriter.Write(session), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha-256 AA")]
    [InlineData("md5 AA:BB")]
    [InlineData("sha-1 zz:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD")]
    public void Fingerprint_WrongLengthOrHash_IsRefused(string text) => Assert.False(DtlsFingerprint.TryParse(text, out _));

    [Fact]
    public void Fingerprint_FromHash_RoundTrips()
    {
        byte[] hash = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 7))];
        Assert.True(DtlsFingerprint.TryParse(DtlsFingerprint.Sha256(hash).ToString(), out var back));
        Assert.Equal(hash, back.ToBytes());
    }

    [Fact]
    public void Lines_RtcpSsrcExtmapCrypto_AreRead()
    {
        var media = Parse("""
            v=0
            m=video 5000 RTP/SAVP 96
            c=IN IP4 1.2.3.4
            a=rtcp:5555 IN IP4 5.6.7.8
            a=ssrc:77 cname:abc
            a=ssrc:nonsense
            a=extmap:3/sendonly urn:x extra
            a=extmap:15 urn:reserved
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc|2^20|1:4
            a=ptime:20.0
            """).Media[0];
        Assert.Equal(("5.6.7.8", 5555), SdpRtcp.Read(media, null) is var (a, p) ? (a!.ToString(), p) : default);
        Assert.Equal(new SdpSsrc(new Ssrc(77), "cname", "abc"), Assert.Single(SdpSsrc.Read(media)));
        Assert.Equal(new SdpExtMap(3, "urn:x"), Assert.Single(SdpExtMap.Read(media)));
        Assert.Equal("1 AES_CM_128_HMAC_SHA1_80 inline:abc|2^20|1:4", Assert.Single(SdpCrypto.Read(media)).ToString());
        Assert.Equal(20, media.PacketTimeMs);
    }

    private static SdpSession Parse(string text)
    {
        Assert.True(SdpParser.Parse(Encoding.UTF8.GetBytes(text), out var session).IsOk);
        return session;
    }

    private static string Repeat(string s, int n) => string.Concat(Enumerable.Repeat(s, n));

    // The writer puts b= before t= and so on; what counts is that no line is lost or changed.
    private static string[] SortedLines(string text) => [.. text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
