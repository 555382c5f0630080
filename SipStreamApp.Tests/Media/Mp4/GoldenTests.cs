using System.Buffers;
using System.Collections.Immutable;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Mp4;

public class GoldenTests
{
    [Fact]
    public void TryTake_TwoSamplesOfSound_WritesTheseBytes()
    {
        var writer = new FragmentWriter([Mp4Kit.Pcmu], FragmentOptions.Segments(TimeSpan.FromSeconds(2)) with { Origin = TimeSpan.Zero });
        var output = new ArrayBufferWriter<byte>();
        writer.SetWallClock(TimeSpan.Zero, new NtpTime(0xE0000000_00000000));
        writer.Push(2, Mp4Kit.Pcmu.Format, [0x11, 0x12], TimeSpan.FromSeconds(1), true, false);
        writer.Push(2, Mp4Kit.Pcmu.Format, [0x13, 0x14], TimeSpan.FromSeconds(1) + Mp4Kit.Ms(0.25), true, false);
        Assert.False(writer.TryTake(output, out _));
        writer.Cut();
        Assert.True(writer.TryTake(output, out var info));
        Assert.False(writer.TryTake(output, out _));
        AssertHex(
            """
            00000018 73747970 6d736468 00000000 6d736468 69736f36
            00000020 70726674 01000000 00000002 E0000001 00000000 00000000 00001f40
            00000064 6d6f6f66
              00000010 6d666864 00000000 00000001
              0000004c 74726166
                0000001c 74666864 00020038 00000002 00000002 00000002 02000000
                00000014 74666474 01000000 00000000 00001f40
                00000014 7472756e 00000001 00000002 0000006c
            0000000c 6d646174 11121314
            """,
            output.WrittenSpan);
        Assert.Equal(new FragmentInfo(1, TimeSpan.FromSeconds(1), Mp4Kit.Ms(0.5), true, true, 56, output.WrittenCount) { TrackId = 2, StartTicks = 8000, TrafNumber = 1 }, info);
    }

    [Fact]
    public void TryWrite_SampleEntries_SayWhatTheCodecBindingsDemand()
    {
        AssertEntry("00000014 76706343 01000000 00 0A 82 02 02 02 0000", Mp4Kit.Vp8);
        AssertEntry("00000013 644F7073 00 02 0000 0000BB80 0000 00", Mp4Kit.Opus);
        var aac = new Mp4Track(2, new TrackFormat(Codec.Aac, 44100, 2));
        AssertEntry("00000027 65736473 00000000 0319 0002 00 0411 40 15 000000 00000000 00000000 0502 1210 060102", aac);
        AssertEntry("00000024756C6177 000000000000 0001 0000000000000000 0001 0010 00000000 1F400000", Mp4Kit.Pcmu);
        AssertEntry("61766343 01 42C01E FF E1", Mp4Kit.H264);
        AssertEntry("6D73028F 000000000000 0001 0000000000000000 0001 0010 00000000 3E800000", new(1, TrackFormat.Default(Codec.G722)));
    }

    [Fact]
    public void TryWrite_ParameterSetsNotKnown_WritesNothing()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.False(Mp4Init.TryWrite([Mp4Kit.Opus, new(1, TrackFormat.Default(Codec.H264))], output));
        Assert.False(Mp4Init.TryWrite([], output));
        Assert.False(Mp4Init.TryWrite([new(1, new TrackFormat(Codec.Aac, 12345, 1))], output));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void MimeType_Tracks_NamesThem()
    {
        Assert.Equal("video/mp4; codecs=\"avc1.42c01e,opus\"", Mp4Codecs.MimeType([Mp4Kit.Opus, Mp4Kit.H264]));
        var he = TrackFormat.Default(Codec.Aac) with { DecoderConfig = ImmutableArray.Create<byte>(0x2B, 0x11) };
        Assert.Equal("audio/mp4; codecs=\"mp4a.40.5\"", Mp4Codecs.MimeType([new(1, he)]));
        Assert.Null(Mp4Codecs.MimeType([new(1, TrackFormat.Default(Codec.G722))]));
        Assert.Null(Mp4Codecs.MimeType([new(1, TrackFormat.Default(Codec.H264))]));
    }

    [Fact]
    public void Index_ThreeFragments_ListsThoseToStartFrom()
    {
        var index = new Mp4Index();
        index.Add(new FragmentInfo(1, default, default, true, true, 24, 500) { TrackId = 1, StartTicks = 0, TrafNumber = 1 }, 700);
        index.Add(new FragmentInfo(2, default, default, false, false, 0, 500) { TrackId = 1, StartTicks = 9, TrafNumber = 1 }, 1200);
        index.Add(new FragmentInfo(3, default, default, true, true, 24, 500) { TrackId = 1, StartTicks = 0x1000, TrafNumber = 2 }, 1700);
        var output = new ArrayBufferWriter<byte>();
        index.Write(output);
        AssertHex(
            """
            00000056 6d667261
              0000003e 74667261 01000000 00000001 00000000 00000002
                00000000 00000000 00000000 000002d4 010101
                00000000 00001000 00000000 000006bc 020101
              00000010 6d66726f 00000000 00000056
            """,
            output.WrittenSpan);
    }

    private static void AssertEntry(string hex, Mp4Track track)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(Mp4Init.TryWrite([track], output));
        Assert.Contains(Clean(hex), Convert.ToHexString(output.WrittenSpan), StringComparison.Ordinal);
    }

    private static void AssertHex(string expected, ReadOnlySpan<byte> actual) => Assert.Equal(Clean(expected), Convert.ToHexString(actual));

    private static string Clean(string hex) => string.Concat(hex.Where(char.IsAsciiHexDigit)).ToUpperInvariant();
}
