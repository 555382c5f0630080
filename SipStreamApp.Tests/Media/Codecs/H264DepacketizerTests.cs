using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class H264DepacketizerTests
{
    private static readonly TrackFormat Format = TrackFormat.Default(Codec.H264);
    private static readonly Random Random = new(11);
    private static readonly byte[] Idr = CodecKit.Slice(Random, 40, idr: true);
    private static readonly byte[] Inter = CodecKit.Slice(Random, 30, idr: false);
    private static readonly byte[] Key = CodecKit.Frame(CodecKit.Sps, CodecKit.Pps, Idr);

    private readonly MediaFramePool _pool = new();

    [Fact]
    public void StapA_WithSetsAndSlice_GivesOneKeyframe()
    {
        byte[] packet = [0x78, .. Sized(CodecKit.Sps), .. Sized(CodecKit.Pps), .. Sized(Idr)];
        var frame = Assert.Single(Feed(New(), (packet, true, 0)));
        Assert.Equal(Key, frame.Bytes);
        Assert.True(frame.IsKeyframe);
        Assert.Equal((640, 360), (frame.Format.Width, frame.Format.Height));
        Assert.Equal("42c01e", frame.Format.ProfileLevelId);
        Assert.Equal(CodecKit.Sps, frame.Format.Sps);
        Assert.Equal(CodecKit.Pps, frame.Format.Pps);
    }

    [Fact]
    public void FuA_ThreeFragments_RebuildsTheUnitWithItsHeader()
    {
        byte[] a = [0x7C, 0x85, .. Idr[1..10]], b = [0x7C, 0x05, .. Idr[10..20]], c = [0x7C, 0x45, .. Idr[20..]];
        var frames = Feed(New(), (CodecKit.Sps, false, 0), (CodecKit.Pps, false, 0), (a, false, 0), (b, false, 0), (c, true, 0));
        Assert.Equal(Key, Assert.Single(frames).Bytes);
    }

    [Fact]
    public void ParameterSets_OnlyInSdp_ArePutBeforeEveryIdr()
    {
        var depacketizer = New(Format with { Sps = [.. CodecKit.Sps], Pps = [.. CodecKit.Pps] });
        Assert.Equal(640, depacketizer.Format.Width);
        var frames = Feed(depacketizer, (Idr, true, 0), (Inter, true, 1), (Idr, true, 2));
        CodecKit.AssertSame([Key, CodecKit.Frame(Inter), Key], frames);
        Assert.Same(depacketizer.Format, frames[0].Format);
        Assert.Same(frames[0].Format, frames[2].Format);
    }

    [Fact]
    public void ParameterSets_WithOwnTimestampAndMarker_AreAbsorbedIntoTheNextFrame()
    {
        var depacketizer = New();
        var frames = Feed(depacketizer, (CodecKit.Sps, true, 0), (CodecKit.Pps, true, 0), (Idr, true, 3000));
        Assert.Equal(Key, Assert.Single(frames).Bytes);
        Assert.Equal((0, 0), (depacketizer.FramesIncomplete, depacketizer.FramesWithheld));
    }

    [Fact]
    public void ParameterSets_Changed_MakeANewFormatAndRepeatedOnesDoNot()
    {
        var frames = Feed(New(), (CodecKit.Sps, false, 0), (CodecKit.Pps, false, 0), (Idr, true, 0), (CodecKit.Sps, false, 1), (Idr, true, 1),
            (CodecKit.OtherSps, false, 2), (Idr, true, 2));
        Assert.Same(frames[0].Format, frames[1].Format);
        Assert.NotSame(frames[1].Format, frames[2].Format);
        Assert.Equal((1280, 720), (frames[2].Format.Width, frames[2].Format.Height));
        Assert.Equal(CodecKit.Frame(CodecKit.OtherSps, CodecKit.Pps, Idr), frames[2].Bytes);
    }

    [Fact]
    public void Idr_WithoutKnownParameterSets_IsWithheldAndAsksForAKeyframe()
    {
        var depacketizer = New();
        Assert.Empty(Feed(depacketizer, (Idr, true, 0)));
        Assert.True(depacketizer.KeyframeWanted);
        Assert.Equal(1, depacketizer.FramesIncomplete);
    }

    [Fact]
    public void InterFrame_BeforeAnyKeyframe_IsWithheldAndAsksForOne()
    {
        var depacketizer = New();
        Assert.False(depacketizer.KeyframeWanted);
        Assert.Empty(Feed(depacketizer, (Inter, true, 0)));
        Assert.True(depacketizer.KeyframeWanted);
        Assert.Single(Feed(depacketizer, (CodecKit.Sps, false, 1), (CodecKit.Pps, false, 1), (Idr, true, 1)));
        Assert.False(depacketizer.KeyframeWanted);
    }

    [Fact]
    public void IntraSlicesWithSps_WithoutIdr_CountAsKeyframe()
    {
        var intra = CodecKit.Slice(Random, 50, idr: false, sliceType: 7);
        var frames = Feed(New(), (CodecKit.Sps, false, 0), (CodecKit.Pps, false, 0), (intra, true, 0), (Inter, true, 1), (intra, true, 2));
        Assert.Equal([true, false, false], frames.Select(f => f.IsKeyframe));
    }

    [Fact]
    public void DispensableUnits_AreTakenOut()
    {
        byte[] aud = [0x09, 0x10], filler = [0x0C, 0xFF, 0xFF, 0x80], end = [0x0A], sei = [0x06, 0x05, 0x01, 0x00, 0x80];
        var frames = Feed(New(), (aud, false, 0), (CodecKit.Sps, false, 0), (CodecKit.Pps, false, 0), (sei, false, 0), (Idr, false, 0),
            (filler, false, 0), (end, true, 0));
        Assert.Equal(CodecKit.Frame(CodecKit.Sps, CodecKit.Pps, sei, Idr), Assert.Single(frames).Bytes);
    }

    [Theory]
    [InlineData(25)]
    [InlineData(26)]
    [InlineData(27)]
    [InlineData(29)]
    public void InterleavedPackets_AreRefusedAndTheirFrameDropped(int type)
    {
        var depacketizer = New();
        var bad = new byte[40];
        bad[0] = (byte)(0x60 | type);
        var frames = Feed(depacketizer, (CodecKit.Sps, false, 0), (CodecKit.Pps, false, 0), (Idr, false, 0), (bad, true, 0));
        Assert.Empty(frames);
        Assert.Equal((1, 1), (depacketizer.PacketsRefused, depacketizer.FramesIncomplete));
    }

    [Fact]
    public void MarkerOnEverySlice_IsNoticedAndFramesThenEndAtTheTimestamp()
    {
        byte[] first = CodecKit.Slice(Random, 30, true), second = CodecKit.Slice(Random, 30, true, firstMb: 400);
        var depacketizer = New(Format with { Sps = [.. CodecKit.Sps], Pps = [.. CodecKit.Pps] });
        var packets = Enumerable.Range(0, 4).SelectMany(t => new[] { (first, true, (long)t), (second, true, (long)t) }).ToArray();
        var frames = Feed(depacketizer, packets);
        // Frame 0 shows the habit (its halves cannot be joined any more); 1 and 2 are whole, 3 still waits for its end.
        Assert.Equal([0L, 1, 2], frames.Select(f => f.Ticks));
        var whole = CodecKit.Frame(CodecKit.Sps, CodecKit.Pps, first, second);
        CodecKit.AssertSame([whole, whole], frames.Skip(1).ToList());
    }

    [Fact]
    public void GapBeforeALaterSlice_DropsTheFrameWhoseStartIsMissing()
    {
        var depacketizer = New(Format with { Sps = [.. CodecKit.Sps], Pps = [.. CodecKit.Pps] });
        depacketizer.Push(CodecKit.Slice(Random, 30, true, firstMb: 200), true, 0, true, Instant.Zero);
        Assert.Empty(CodecKit.Drain(depacketizer));
        depacketizer.Push(Idr, true, 1, true, Instant.Zero);
        Assert.True(Assert.Single(CodecKit.Drain(depacketizer)).AfterGap);
    }

    [Fact]
    public void LostSets_WhenEveryKeyframeBringsThem_DropTheKeyframe()
    {
        var depacketizer = New();
        Feed(depacketizer, (CodecKit.Sps, false, 0), (CodecKit.Pps, false, 0), (Idr, true, 0));
        depacketizer.Push(Idr, true, 1, true, Instant.Zero);
        Assert.Empty(CodecKit.Drain(depacketizer));
        Assert.True(depacketizer.KeyframeWanted);
    }

    [Fact]
    public void OversizeFrame_IsDroppedAndCountedWithoutGrowing()
    {
        var options = new DepacketizerOptions { MaxFrameBytes = 1000 };
        var depacketizer = Depacketizer.Create(Format with { Sps = [.. CodecKit.Sps], Pps = [.. CodecKit.Pps] }, _pool, options);
        depacketizer.Push([0x7C, 0x85, .. Idr[1..]], false, 0, false, Instant.Zero);
        for (var i = 0; i < 100; i++) depacketizer.Push([0x7C, 0x05, .. Inter], false, 0, false, Instant.Zero);
        depacketizer.Push([0x7C, 0x45, .. Inter], true, 0, false, Instant.Zero);
        Assert.Empty(CodecKit.Drain(depacketizer));
        Assert.Equal((1, 1), (depacketizer.FramesOversize, depacketizer.FramesIncomplete));
    }

    [Fact]
    public void Restart_InTheMiddleOfAFrame_ForgetsItAndMarksTheNext()
    {
        var depacketizer = New(Format with { Sps = [.. CodecKit.Sps], Pps = [.. CodecKit.Pps] });
        depacketizer.Push([0x7C, 0x85, .. Idr[1..]], false, 0, false, Instant.Zero);
        depacketizer.Restart();
        var frame = Assert.Single(Feed(depacketizer, (Idr, true, 9)));
        Assert.Equal(Key, frame.Bytes);
        Assert.True(frame.AfterGap);
    }

    [Fact]
    public void UndrainedFrames_AreBoundedAndReturnedToThePool()
    {
        var depacketizer = New(Format with { Sps = [.. CodecKit.Sps], Pps = [.. CodecKit.Pps] });
        for (var i = 0; i < 1000; i++) depacketizer.Push(Idr, true, i, false, Instant.Zero);
        Assert.Equal(16, _pool.Outstanding);
        Assert.Equal(984, CodecKit.Drain(depacketizer)[0].Ticks);
        Assert.Equal(0, _pool.Outstanding);
    }

    [Fact]
    public void EmptyPayload_BelongsToNoFrameButItsGapCounts()
    {
        var depacketizer = New(Format with { Sps = [.. CodecKit.Sps], Pps = [.. CodecKit.Pps] });
        Feed(depacketizer, (Idr, true, 0), ([], true, 0));
        depacketizer.Push([], true, 0, true, Instant.Zero);
        Assert.Empty(Feed(depacketizer, (Inter, true, 1)));
        Assert.True(depacketizer.KeyframeWanted);
    }

    private Depacketizer New(TrackFormat? format = null) => Depacketizer.Create(format ?? Format, _pool);

    private static byte[] Sized(byte[] nal) => [(byte)(nal.Length >> 8), (byte)nal.Length, .. nal];

    private static List<Taken> Feed(Depacketizer depacketizer, params (byte[] Bytes, bool Marker, long Ticks)[] packets) =>
        CodecKit.Feed(depacketizer, packets.Select(p => new Payload(p.Bytes, p.Marker, p.Ticks)));
}
