using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class BitstreamTests
{
    // Made with x264 through ffmpeg from testsrc2 pictures.
    [Theory]
    [InlineData("6742c01ed900a02ff97011000003000100000300320f162e48", "42c01e", 640, 360, 25.0, 0)]
    [InlineData("674d401feca02802dd8088000003000800000301e078c18cb0", "4d401f", 1280, 720, 30.0, 2)]
    [InlineData("67640028acd940780227e5c044000003000400000300f03c60c658", "640028", 1920, 1080, 30.0, 2)]
    [InlineData("677a000db6cd9416096c0440000003004000000c83c50a6580", "7a000d", 352, 288, 25.0, 2)]
    [InlineData("67f4000d919b282a33c7c5e022000003000200000300641e28532c", "f4000d", 322, 182, 25.0, 2)]
    [InlineData("6764001eacd940b424d8088000000300800000193130007a12000f427261807c50a658", "64001e", 720, 576, 25.0, 2)]
    public void SpsInfo_X264Vectors_GiveSizeProfileAndTiming(string hex, string profile, int width, int height, double rate, int reorder)
    {
        Assert.True(SpsInfo.TryParse(Convert.FromHexString(hex), out var sps));
        Assert.Equal((profile, width, height), (sps.ProfileLevelId, sps.Width, sps.Height));
        Assert.Equal(rate, sps.Vui.FrameRate, 3);
        Assert.True(sps.Vui.HasRestrictions);
        Assert.Equal(reorder, sps.ReorderFrames);
        Assert.Equal(hex.StartsWith("6764001e", StringComparison.Ordinal), !sps.FramesOnly);
        Assert.Equal(profile == "7a000d" ? 10 : 8, sps.BitDepthLuma);
        Assert.Equal(profile switch { "7a000d" => 2, "f4000d" => 3, _ => 1 }, sps.ChromaFormat);
    }

    [Fact]
    public void SpsInfo_EveryTruncationAndMutation_NeverThrowsAndStaysInBounds()
    {
        var random = new Random(4);
        for (var round = 0; round < 50_000; round++)
        {
            var nal = CodecKit.Sps.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) nal[random.Next(1, nal.Length)] = (byte)random.Next(256);
            if (!SpsInfo.TryParse(nal.AsSpan(0, random.Next(nal.Length + 1)), out var sps)) continue;
            Assert.InRange(sps.Width, 1, 16384);
            Assert.InRange(sps.Height, 1, 32768);
        }
    }

    [Fact]
    public void BitReader_ExpGolombWithEmulationPrevention_ReadsValues()
    {
        // 1 | 010 | 011 | 00100 | 00101 -> 0 1 2 3 4; signed: 0 1 -1 2 -2 (H.264 table 9-3)
        byte[] codes = [0b1010_0110, 0b0100_0010, 0b1000_0000];
        var unsigned = new BitReader(codes);
        Assert.Equal([0u, 1, 2, 3, 4], new[] { unsigned.Ue(), unsigned.Ue(), unsigned.Ue(), unsigned.Ue(), unsigned.Ue() });
        var signed = new BitReader(codes);
        Assert.Equal([0, 1, -1, 2, -2], new[] { signed.Se(), signed.Se(), signed.Se(), signed.Se(), signed.Se() });
        var escaped = new BitReader([0, 0, 3, 1, 0, 0, 3]);
        Assert.Equal(0x000001u, escaped.Bits(24));
        Assert.Equal(0u, escaped.Bits(16));
        Assert.False(escaped.Failed);
        Assert.Equal(0, escaped.Bit());
        Assert.True(escaped.Failed);
    }

    [Fact]
    public void AnnexB_ThereAndBack_GivesTheSameUnits()
    {
        var slice = CodecKit.Slice(new Random(2), 50, idr: true);
        byte[] stream = [0, 0, 0, 1, .. CodecKit.Sps, 0, 0, 1, .. CodecKit.Pps, 0, 0, 0, 0, 1, .. slice, 0, 0];
        var prefixed = new byte[AnnexB.MaxPrefixedLength(stream.Length)];
        Assert.True(AnnexB.TryToLengthPrefixed(stream, prefixed, out var length));
        Assert.Equal(CodecKit.Frame(CodecKit.Sps, CodecKit.Pps, slice), prefixed[..length]);
        Assert.True(AnnexB.TryFromLengthPrefixed(prefixed.AsSpan(0, length), prefixed, out var back));
        Assert.Equal([0, 0, 0, 1, .. CodecKit.Sps, 0, 0, 0, 1, .. CodecKit.Pps, 0, 0, 0, 1, .. slice], prefixed[..back]);
        Assert.False(AnnexB.TryToLengthPrefixed(stream, new byte[40], out _));
        Assert.False(AnnexB.TryFromLengthPrefixed([0, 0, 0, 9, 1], prefixed, out _));
    }

    [Fact]
    public void AnnexB_OneByteUnits_FitTheAnnouncedRoom()
    {
        var stream = Enumerable.Repeat(new byte[] { 0, 0, 1, 9 }, 100).SelectMany(b => b).ToArray();
        Assert.True(AnnexB.TryToLengthPrefixed(stream, new byte[AnnexB.MaxPrefixedLength(stream.Length)], out var length));
        Assert.Equal(500, length);
    }

    [Fact]
    public void AvcConfiguration_BaselineAndHigh_MatchTheRecordLayout()
    {
        var format = H264Format.Describe(TrackFormat.Default(Codec.H264), [.. CodecKit.Sps], [.. CodecKit.Pps]);
        var record = new byte[AvcConfiguration.Length(format)];
        Assert.True(AvcConfiguration.TryWrite(format, record, out var length));
        Assert.Equal([1, 0x42, 0xC0, 0x1E, 0xFF, 0xE1, 0, (byte)CodecKit.Sps.Length, .. CodecKit.Sps, 1, 0, 5, .. CodecKit.Pps],
            record[..length]);
        Assert.Equal("avc1.42c01e", H264Format.CodecString(format));
        Assert.False(AvcConfiguration.TryWrite(format, new byte[length - 1], out _));

        var high = format with { Sps = [.. Convert.FromHexString("67640028acd940780227e5c044000003000400000300f03c60c658")] };
        record = new byte[AvcConfiguration.Length(high)];
        Assert.True(AvcConfiguration.TryWrite(high, record, out length));
        Assert.Equal(record.Length, length);
        Assert.Equal([0xFD, 0xF8, 0xF8, 0], record[^4..]);
        Assert.Equal(0, AvcConfiguration.Length(TrackFormat.Default(Codec.H264)));
    }

    [Theory]
    [InlineData("42e01f", "ConstrainedBaseline", 31)]
    [InlineData("42001f", "Baseline", 31)]
    [InlineData("4d001f", "Main", 31)]
    [InlineData("4de01f", "ConstrainedBaseline", 31)]
    [InlineData("640c28", "ConstrainedHigh", 40)]
    [InlineData("640028", "High", 40)]
    [InlineData("42f00b", "ConstrainedBaseline", 10.5)]
    [InlineData(null, "Baseline", 10)]
    public void ProfileLevelId_KnownValues_AreUnderstood(string? text, string profile, double level)
    {
        Assert.True(ProfileLevelId.TryParse(text, out var id));
        Assert.Equal((profile, level), (id.Profile.ToString(), id.Level));
        if (text is not null) Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData("42c01e", 1)]
    [InlineData("4d401f", 2)]
    [InlineData("640028", 3)]
    [InlineData("42001f", 0)]
    [InlineData("7a0028", -1)]
    public void ProfileLevelId_Closest_PrefersTheSameProfile(string stream, int expected)
    {
        var offers = new[] { "42001f", "42e01f", "4d001f", "64001f" }.Select(t => ProfileLevelId.TryParse(t, out var id) ? id : default).ToList();
        Assert.True(ProfileLevelId.TryParse(stream, out var wanted));
        Assert.Equal(expected, ProfileLevelId.Closest(offers, wanted));
        Assert.False(ProfileLevelId.TryParse("42e0", out _));
        Assert.False(ProfileLevelId.TryParse("xxe01f", out _));
    }
}
