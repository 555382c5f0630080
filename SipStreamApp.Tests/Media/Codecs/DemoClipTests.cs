using System.Runtime.InteropServices;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.Codecs;

public class DemoClipTests
{
    private static readonly DemoClip Clip = DemoClip.Load();

    [Fact]
    public void Load_Clip_LoopsWithoutASeam()
    {
        Assert.Equal((360_000, 100, 200), (Clip.LoopTicks, Clip.VideoFrameCount, Clip.OpusPacketCount));
        Assert.Equal((640, 360, "42c01e"), (Clip.VideoFormat.Width, Clip.VideoFormat.Height, Clip.VideoFormat.ProfileLevelId));
        for (var i = 0; i < 250; i++)
        {
            Assert.Equal(i * 3600L, Clip.VideoTicks(i));
            Assert.Equal(i % 50 == 0, Clip.IsKeyframe(i));
        }

        for (var i = 0; i < 200; i++) Assert.Equal(960, OpusPacket.Samples(Clip.OpusPacket(i).Span));
        Assert.True(SpsInfo.TryParse(Clip.VideoFormat.Sps.AsSpan(), out var sps));
        Assert.Equal((0, 25.0), (sps.ReorderFrames, sps.Vui.FrameRate));
    }

    [Fact]
    public void Video_OneRoundAndAHalf_DecodesWithTheLampOnEverySecond()
    {
        var units = Enumerable.Range(0, 150).Select(i => Clip.VideoFrame(i).Span.ToArray());
        // Only the lamp: a patch inside of it, one byte of brightness per frame.
        var light = FfmpegTool.Run(
            Stream(units), "-f h264", "-vf crop=64:64:544:32,scale=1:1:flags=area,format=gray -fps_mode passthrough -f rawvideo");
        Assert.Equal(150, light.Length);
        for (var i = 0; i < light.Length; i++) Assert.Equal((i, i % 25 < 2), (i, light[i] > 128));
    }

    [Fact]
    public void Opus_TwoRounds_BeepWithTheLampAndHumBetween()
    {
        var packets = Enumerable.Range(0, 400).Select(i => Clip.OpusPacket(i).Span.ToArray()).ToList();
        var pcm = MemoryMarshal.Cast<byte, short>(FfmpegTool.Run(FfmpegTool.Ogg(packets), "-f ogg", "-ac 1 -ar 48000 -f s16le")).ToArray();
        Assert.InRange(pcm.Length, 48000 * 8 - 960, 48000 * 8);
        for (var second = 1; second < 8; second++)
        {
            var start = second * 48000;
            Assert.True(Goertzel.Hears(pcm.AsSpan(start + 480, 2880), 48000, PcmTone.BeepHz, 0.4));
            Assert.True(Goertzel.Hears(pcm.AsSpan(start + 9600, 24000), 48000, PcmTone.ToneHz, 0.08));
            // The beep begins within 3 ms of the full second, at the seam too.
            Assert.False(Goertzel.Hears(pcm.AsSpan(start - 480, 336), 48000, PcmTone.BeepHz, 0.1));
            Assert.True(Goertzel.Hears(pcm.AsSpan(start + 144, 480), 48000, PcmTone.BeepHz, 0.3));
        }
    }

    [Fact]
    public void PcmTone_InPieces_IsTheSameAsAtOnce()
    {
        var (whole, pieces) = (new short[16000], new short[16000]);
        PcmTone.Fill(whole, 8000, 0);
        for (var i = 0; i < 100; i++) PcmTone.Fill(pieces.AsSpan(i * 160, 160), 8000, i * 160L);
        Assert.Equal(whole, pieces);
        Assert.True(Goertzel.Hears(whole.AsSpan(8000, 640), 8000, PcmTone.BeepHz, 0.4));
    }

    [Fact]
    public void StillPicture_BothCodecs_AreSmallAndDecode()
    {
        var still = StillPicture.Load();
        Assert.Equal((320, 180, 320, 180), (still.H264Format.Width, still.H264Format.Height, still.Vp8Format.Width, still.Vp8Format.Height));
        Assert.InRange(still.H264(0).Length, 100, 2047);
        Assert.InRange(still.Vp8.Length, 100, 2047);
        var units = Enumerable.Range(0, 6).Select(i => still.H264(i).Span.ToArray());
        Assert.Equal(6 * 320 * 180, FfmpegTool.Run(Stream(units), "-f h264", "-pix_fmt gray -fps_mode passthrough -f rawvideo").Length);
        Assert.Equal(320 * 180, FfmpegTool.Run(Ivf(still.Vp8.Span), "-f ivf", "-pix_fmt gray -f rawvideo").Length);
        Assert.NotEqual(still.H264(0).ToArray(), still.H264(1).ToArray());
    }

    [Fact]
    public void Clip_PacketizedAndPutTogether_IsTheSame()
    {
        var (packetizer, depacketizer) = (new H264Packetizer(1), Depacketizer.Create(TrackFormat.Default(Codec.H264), new MediaFramePool()));
        var packets = Enumerable.Range(0, 100)
            .SelectMany(i => CodecKit.Packetize(packetizer, Clip.VideoFormat, Clip.VideoFrame(i).ToArray(), 1200, Clip.VideoTicks(i)));
        var taken = CodecKit.Feed(depacketizer, packets);
        CodecKit.AssertSame(Enumerable.Range(0, 100).Select(i => Clip.VideoFrame(i).ToArray()), taken);
        Assert.All(taken, (t, i) => Assert.Equal(Clip.IsKeyframe(i), t.IsKeyframe));
        Assert.Equal(Clip.VideoFormat.Sps.AsSpan(), taken[0].Format.Sps.AsSpan());
    }

    private static byte[] Stream(IEnumerable<byte[]> units)
    {
        var stream = new List<byte>();
        foreach (var unit in units)
        {
            Assert.True(AnnexB.TryFromLengthPrefixed(unit, unit, out _));
            stream.AddRange(unit);
        }

        return [.. stream];
    }

    private static byte[] Ivf(ReadOnlySpan<byte> frame) =>
    [
        .. "DKIF"u8, 0, 0, 32, 0, .. "VP80"u8, 0x40, 1, 180, 0, 25, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
        .. BitConverter.GetBytes(frame.Length), 0, 0, 0, 0, 0, 0, 0, 0, .. frame,
    ];
}
