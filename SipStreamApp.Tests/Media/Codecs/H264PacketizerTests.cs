using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class H264PacketizerTests
{
    private static readonly TrackFormat Format = TrackFormat.Default(Codec.H264);

    [Fact]
    public void Mode1_SetsAndBigSlice_MakesOneAggregateThenEqualFragments()
    {
        var slice = CodecKit.Slice(new Random(1), 10_000, idr: true);
        var packets = CodecKit.Packetize(new H264Packetizer(1), Format, CodecKit.Frame(CodecKit.Sps, CodecKit.Pps, slice), 1200);
        Assert.Equal(0x78, packets[0].Bytes[0]);
        Assert.Equal(1 + 2 + CodecKit.Sps.Length + 2 + CodecKit.Pps.Length, packets[0].Bytes.Length);
        var fragments = packets.Skip(1).Select(p => p.Bytes).ToList();
        Assert.Equal(9, fragments.Count);
        Assert.Equal((0x7C, 0x85), (fragments[0][0], fragments[0][1]));
        Assert.Equal((0x7C, 0x45), (fragments[^1][0], fragments[^1][1]));
        Assert.Single(fragments.SkipLast(1).Select(f => f.Length).Distinct());
        Assert.InRange(fragments[^1].Length, fragments[0].Length - 9, fragments[0].Length);
        Assert.Equal([.. Enumerable.Repeat(false, 9), true], packets.Select(p => p.Marker));
    }

    [Fact]
    public void Mode0_SmallUnits_AreSentAlone()
    {
        var slice = CodecKit.Slice(new Random(1), 100, idr: true);
        var packets = CodecKit.Packetize(new H264Packetizer(0), Format, CodecKit.Frame(CodecKit.Sps, CodecKit.Pps, slice), 1200);
        Assert.Equal([CodecKit.Sps, CodecKit.Pps, slice], packets.Select(p => p.Bytes));
        Assert.Equal([false, false, true], packets.Select(p => p.Marker));
    }

    [Fact]
    public void UnitOfExactlyTheLimit_IsSentWhole()
    {
        var slice = CodecKit.Slice(new Random(2), 1200, idr: false);
        Assert.Equal(slice, Assert.Single(CodecKit.Packetize(new H264Packetizer(1), Format, CodecKit.Frame(slice), 1200)).Bytes);
        Assert.Equal(2, CodecKit.Packetize(new H264Packetizer(1), Format, CodecKit.Frame(slice), 1199).Count);
    }

    [Fact]
    public void EmptyUnitsAndBrokenTail_EndTheFrameWithAMarker()
    {
        var slice = CodecKit.Slice(new Random(2), 20, idr: false);
        byte[] frame = [0, 0, 0, 0, .. CodecKit.Frame(slice), 0, 0, 0, 0, 0, 0, 9, 9, 1];
        var packet = Assert.Single(CodecKit.Packetize(new H264Packetizer(1), Format, frame, 100));
        Assert.True(packet.Marker);
        Assert.Equal(slice, packet.Bytes);
    }
}
