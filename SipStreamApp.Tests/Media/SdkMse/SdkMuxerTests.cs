using System.Buffers;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.SdkMse;
using SipStreamApp.Media.Streams;
using Xunit;

namespace SipStreamApp.Tests.Media.SdkMse;

public class SdkMuxerTests
{
    private static readonly DemoClip Clip = DemoClip.Load();
    private static readonly StillPicture Still = StillPicture.Load();
    private static readonly TrackFormat Aac = AacFormat.For(TrackFormat.Default(Codec.Pcmu));

    private readonly MediaFramePool _pool = new();
    private readonly ArrayBufferWriter<byte> _output = new();
    private int _keyframesWanted;

    [Fact]
    public void Packets_OfPictureAndSound_AreThoseOfTheContract()
    {
        var muxer = Muxer();
        Picture(muxer, 0, 1000);
        Sound(muxer, [0x21, 0x22], 1000);
        Picture(muxer, 1, 1040);
        var bytes = _output.WrittenSpan.ToArray();
        var pieces = Take();

        Assert.Equal([(9, 0, true), (9, 0, false), (8, 0, true), (8, 0, false), (9, 40, false)], pieces.Select(p => ((int)p.Type, p.Ms, p.IsConfig)));
        var sps = Clip.VideoFormat.Sps.AsSpan().ToArray();
        Assert.Equal([9, 0, 0, 0, 0, 0, 0], bytes[..7]);
        Assert.Equal([0x17, 0, 0, 0, 0, 1, sps[1], sps[2], sps[3], 0xFF, 0xE1, 0, (byte)sps.Length, .. sps, 1, 0, (byte)Clip.VideoFormat.Pps.Length, .. Clip.VideoFormat.Pps], pieces[0].Body);
        Assert.Equal([0x17, 1, 0, 0, 0, 0], pieces[1].Body[..6]);
        Assert.Equal(0x65, pieces[1].Body[9] & 0x7F);
        Assert.Equal([0, .. Aac.DecoderConfig], pieces[2].Body);
        Assert.Equal([1, 0x21, 0x22], pieces[3].Body);
        Assert.Equal([0x27, 1, 0, 0, 0, 0], pieces[4].Body[..6]);
    }

    [Fact]
    public void HighProfile_HasNothingBehindItsParameterSets()
    {
        var muxer = Muxer();
        byte[] sps = [.. Clip.VideoFormat.Sps];
        sps[1] = 100;
        Picture(muxer, 0, 0, Clip.VideoFormat with { Sps = [.. sps] });
        Assert.Equal(5 + 11 + sps.Length + Clip.VideoFormat.Pps.Length, Take()[0].Body.Length);
    }

    [Fact]
    public void FirstFrames_BeforeAKeyframe_AreLeftOutAndOneIsAskedFor()
    {
        var muxer = Muxer();
        Picture(muxer, 1, 0);
        Sound(muxer, [1], 20);
        Assert.Empty(Take());
        Assert.Equal(1, _keyframesWanted);
        Picture(muxer, 0, 40);
        Assert.Equal([true, false], Take().Select(p => p.IsConfig));
    }

    [Fact]
    public void SoundThatBeginsLate_IsSilenceFromTheFirstPictureOn()
    {
        var muxer = Muxer();
        Picture(muxer, 0, 0);
        Take();
        Sound(muxer, [1, 2, 3], 640);
        var sound = Take();
        Assert.True(sound[0].IsConfig);
        // 640 ms are 30 frames of 21.33 ms.
        Assert.Equal(30, sound.Count(p => p.Body.AsSpan(1).SequenceEqual(AacSilence.Frame(1))));
        Assert.Equal((0, 640), (sound[1].Ms, sound[^1].Ms));
        Assert.Equal([1, 1, 2, 3], sound[^1].Body);
    }

    [Fact]
    public void SoundThatDoesNotCome_IsSilenceAndWhatComesThenForThatTimeIsNot()
    {
        var muxer = Muxer();
        Picture(muxer, 0, 0);
        Picture(muxer, 1, 2000);
        Take();
        muxer.FillSilence(TimeSpan.FromMilliseconds(500), Aac, _output);
        var filled = Take();
        Assert.InRange(filled[^1].Ms, 1460, 1500);
        Sound(muxer, [9], 1000);
        Assert.Empty(Take());
        Sound(muxer, [9], muxer.SoundEnd!.Value.TotalMilliseconds);
        Assert.Equal([1, 9], Assert.Single(Take()).Body);
    }

    [Fact]
    public void PauseOfThePicture_LongerThanTheSdkBears_GoesOnWithAConfiguration()
    {
        var muxer = Muxer();
        Picture(muxer, 0, 0);
        Picture(muxer, 1, 4000);
        Assert.Equal(3, Take().Count);
        Picture(muxer, 2, 9000);
        Assert.Empty(Take());
        Assert.Equal(1, _keyframesWanted);
        Picture(muxer, 0, 9040);
        Assert.Equal([(9040, true), (9040, false)], Take().Select(p => (p.Ms, p.IsConfig)));
    }

    [Fact]
    public void OtherSize_MidStream_HasItsOwnConfiguration()
    {
        var muxer = Muxer();
        Picture(muxer, 0, 0);
        var first = Take()[0];
        Push(muxer, Still.H264Format, Still.H264(0).Span, true, 40);
        var second = Take();
        Assert.Equal([true, false], second.Select(p => p.IsConfig));
        Assert.NotEqual(first.Body, second[0].Body);
    }

    private static List<SdkPiece> Read(ReadOnlyMemory<byte> bytes) => [.. SdkFlv.Read(bytes)];

    private SdkMuxer Muxer() => new(hasAudio: true, hasVideo: true, () => _keyframesWanted++);

    private List<SdkPiece> Take()
    {
        var pieces = Read(_output.WrittenSpan.ToArray());
        _output.ResetWrittenCount();
        return pieces;
    }

    private void Picture(SdkMuxer muxer, int index, double ms, TrackFormat? format = null) => Push(muxer, format ?? Clip.VideoFormat, Clip.VideoFrame(index).Span, Clip.IsKeyframe(index), ms);

    private void Sound(SdkMuxer muxer, byte[] data, double ms) => Push(muxer, Aac, data, true, ms);

    private void Push(SdkMuxer muxer, TrackFormat format, ReadOnlySpan<byte> data, bool key, double ms)
    {
        var frame = _pool.Rent(data.Length, out var room);
        data.CopyTo(room);
        frame.Complete(format, data.Length, key, 0, TimeSpan.FromMilliseconds(ms), Instant.Zero);
        muxer.Push(new StreamItem(frame, false, false), _output);
        frame.Release();
    }
}
