using System.Buffers;
using System.Buffers.Binary;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Media.Codecs;
using Xunit;

namespace SipStreamApp.Tests.Media.Mp4;

public class FragmentWriterTests
{
    [Fact]
    public void TryTake_Segments_StartWithKeyframesAndHoldEverySampleOnce()
    {
        var samples = Mp4Kit.ClipVideo(250).Concat(Mp4Kit.ClipOpus(500)).ToList();
        var file = Mp4Kit.File([Mp4Kit.H264, Mp4Kit.Opus], samples, FragmentOptions.Segments(TimeSpan.FromSeconds(4)), out var infos);
        Assert.Equal([(0.0, 4.0), (4.0, 4.0), (8.0, 2.0)], infos.Select(i => (i.Start.TotalSeconds, i.Duration.TotalSeconds)));
        Assert.All(infos, i => Assert.True(i is { StartsSegment: true, IsIndependent: true, MoofOffset: 24 }));
        var read = WrittenSample.Read(file);
        var sound = read.Where(s => s.Track == Mp4Kit.Audio).ToList();
        Assert.Equal(500, sound.Count);
        for (var i = 0; i < 500; i++) Assert.Equal((i * 960L, i / 200 + 1), (sound[i].Time, sound[i].Fragment));
        for (var i = 0; i < 500; i++) Assert.True(sound[i].Data.AsSpan().SequenceEqual(Mp4Kit.Clip.OpusPacket(i).Span));
        Assert.Equal([0, 180_000, 360_000, 540_000, 720_000], read.Where(s => s is { Track: 1, IsSync: true }).Select(s => s.Time));
    }

    [Fact]
    public void TryTake_Parts_NoneTooLongAndNearlyAllFull()
    {
        var samples = Mp4Kit.ClipVideo(200).Concat(Mp4Kit.ClipOpus(400));
        Mp4Kit.File([Mp4Kit.H264, Mp4Kit.Opus], samples, FragmentOptions.Parts(TimeSpan.FromSeconds(2), Mp4Kit.Ms(330)), out var infos);
        Assert.All(infos, i => Assert.True(i.Duration <= Mp4Kit.Ms(330)));
        Assert.Equal([0.0, 2.0, 4.0, 6.0], infos.Where(i => i.StartsSegment).Select(i => i.Start.TotalSeconds));
        foreach (var (i, info) in infos.Index().SkipLast(1))
            if (!infos[i + 1].StartsSegment) Assert.Equal(Mp4Kit.Ms(320), info.Duration);
        Assert.Equal(infos.Where(i => i.StartsSegment), infos.Where(i => i.IsIndependent));
    }

    [Fact]
    public void TryTake_SoundAlone_MakesSegmentsByItself()
    {
        Mp4Kit.File([Mp4Kit.Pcmu], Mp4Kit.Telephone(250), FragmentOptions.Segments(TimeSpan.FromSeconds(2)), out var infos);
        Assert.Equal([2.0, 2.0, 1.0], infos.Select(i => i.Duration.TotalSeconds));
        Assert.All(infos, i => Assert.True(i.IsIndependent));
    }

    [Fact]
    public void TryTake_CameraGoesOff_SoundGoesOnInSegments()
    {
        var samples = Mp4Kit.ClipVideo(50).Concat(Mp4Kit.ClipOpus(500));
        Mp4Kit.File([Mp4Kit.H264, Mp4Kit.Opus], samples, FragmentOptions.Segments(TimeSpan.FromSeconds(2)), out var infos);
        Assert.InRange(infos.Count(i => i.StartsSegment), 4, 6);
        Assert.All(infos, i => Assert.True(i.Duration <= TimeSpan.FromSeconds(3.1)));
    }

    [Fact]
    public void TryTake_PictureNeverComes_SoundGoesOutAfterTheStall()
    {
        Mp4Kit.File([Mp4Kit.H264, Mp4Kit.Opus], Mp4Kit.ClipOpus(200), FragmentOptions.Parts(TimeSpan.FromSeconds(2), Mp4Kit.Ms(200)), out var infos);
        Assert.True(infos[0].StartsSegment);
        Assert.Equal(4.0, infos.Sum(i => i.Duration.TotalSeconds), 3);
    }

    [Fact]
    public void TryTake_NoKeyframeForLong_CutsAtTheLimit()
    {
        var samples = Mp4Kit.ClipVideo(400).Select((s, i) => s with { Key = i == 0 });
        Mp4Kit.File([Mp4Kit.H264], samples, FragmentOptions.Segments(TimeSpan.FromSeconds(2)) with { MaxFragmentDuration = TimeSpan.FromSeconds(3) }, out var infos);
        Assert.All(infos, i => Assert.True(i.Duration <= TimeSpan.FromSeconds(3)));
        Assert.Single(infos, i => i.StartsSegment);
    }

    [Fact]
    public void Push_KeyframeWithItsParameterSets_StoresTheSliceOnly()
    {
        byte[] slice = [0x65, 0x88, 0x84, 1, 2, 3];
        var other = (byte[])[.. CodecKit.Pps, 9];
        var format = H264Format.Describe(TrackFormat.Default(Codec.H264), [.. CodecKit.Sps], [.. CodecKit.Pps]);
        var frame = CodecKit.Frame([0x09, 0xF0], CodecKit.Sps, CodecKit.Pps, other, slice);
        var file = Mp4Kit.File([new(1, format)], [new(1, frame, default)], FragmentOptions.EachSample, out _);
        // A second picture parameter set is not in the sample entry and must stay.
        Assert.Equal(CodecKit.Frame(other, slice), WrittenSample.Read(file).Single().Data);
    }

    [Fact]
    public void Push_OtherParameterSets_AsksForANewInit()
    {
        var writer = new FragmentWriter([Mp4Kit.H264], FragmentOptions.Segments(TimeSpan.FromSeconds(2)));
        var output = new ArrayBufferWriter<byte>();
        Mp4Kit.Feed(writer, Mp4Kit.ClipVideo(10), output, finish: false);
        var same = Mp4Kit.H264.Format with { Sps = [.. Mp4Kit.H264.Format.Sps] };
        Assert.Equal(PushStatus.Taken, writer.Push(1, same, Mp4Kit.Clip.VideoFrame(10).Span, Mp4Kit.Ms(400), false, false));
        var other = H264Format.Describe(TrackFormat.Default(Codec.H264), [.. CodecKit.OtherSps], [.. CodecKit.Pps]);
        var frame = CodecKit.Frame(CodecKit.OtherSps, CodecKit.Pps, [0x65, 0x88]);
        Assert.Equal(PushStatus.FormatChanged, writer.Push(1, other, frame, Mp4Kit.Ms(440), true, false));
        Assert.False(writer.ChangeFormat(1, other));
        writer.Finish();
        Assert.True(writer.TryTake(output, out var last));
        Assert.True(writer.ChangeFormat(1, other));
        Assert.Equal(PushStatus.AwaitsKeyframe, writer.Push(1, other, frame, Mp4Kit.Ms(440), false, false));
        Assert.Equal(PushStatus.Taken, writer.Push(1, other, frame, Mp4Kit.Ms(440), true, false));
        writer.Finish();
        Assert.True(writer.TryTake(output, out var next));
        Assert.Equal((last.Start + last.Duration, other), (next.Start, writer.Tracks[0].Format));
    }

    [Fact]
    public void ChangeFormat_OtherRateOfSound_GoesOnWithoutOverlap()
    {
        var writer = new FragmentWriter([Mp4Kit.Pcmu], FragmentOptions.File(TimeSpan.FromSeconds(1)));
        var output = new ArrayBufferWriter<byte>();
        var infos = Mp4Kit.Feed(writer, Mp4Kit.Telephone(10, start: Mp4Kit.Ms(777)), output);
        Assert.True(writer.ChangeFormat(2, Mp4Kit.Opus.Format));
        infos.AddRange(Mp4Kit.Feed(writer, Mp4Kit.ClipOpus(10, Mp4Kit.Ms(977)), output));
        Assert.Equal(2, infos.Count);
        Assert.InRange(infos[1].Start - infos[0].Start - infos[0].Duration, TimeSpan.Zero, Mp4Kit.Ms(0.1));
    }

    [Fact]
    public void Push_Unusable_IsRefused()
    {
        var writer = new FragmentWriter([Mp4Kit.H264, Mp4Kit.Opus], FragmentOptions.EachSample with { MaxFragmentBytes = 1000 });
        Assert.Equal(PushStatus.Refused, writer.Push(3, Mp4Kit.Opus.Format, [1], default, true, false));
        Assert.Equal(PushStatus.Refused, writer.Push(2, Mp4Kit.Opus.Format, [], default, true, false));
        Assert.Equal(PushStatus.Refused, writer.Push(1, Mp4Kit.H264.Format, CodecKit.Frame([0x09, 0xF0]), default, true, false));
        Assert.Equal(PushStatus.AwaitsKeyframe, writer.Push(1, Mp4Kit.H264.Format, CodecKit.Frame([0x41, 0xF0]), default, false, false));
        var taken = Enumerable.Range(0, 30).Count(i => writer.Push(2, Mp4Kit.Opus.Format, new byte[200], Mp4Kit.Ms(10 * i), true, false) == PushStatus.Taken);
        Assert.Equal(11, taken);
    }

    [Fact]
    public void Push_FrameOfTheHub_KeepsNoLease()
    {
        var pool = new MediaFramePool();
        var writer = new FragmentWriter([Mp4Kit.Pcmu], FragmentOptions.EachSample);
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < 3; i++)
        {
            var frame = pool.Rent(160, out var room);
            room[..160].Fill((byte)i);
            frame.Complete(Mp4Kit.Pcmu.Format, 160, true, i * 160, Mp4Kit.Ms(20 * i + (i == 2 ? 60 : 0)), Instant.Zero);
            Assert.Equal(PushStatus.Taken, writer.Push(2, frame, afterSkip: i == 2));
            frame.Release();
            Assert.True(writer.TryTake(output, out _));
        }

        Assert.Equal(0, pool.Outstanding);
        Assert.Equal([(0, 0L), (1, 160L), (2, 800L)], WrittenSample.Read(output.WrittenSpan).Select(s => ((int)s.Data[^1], s.Time)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PushAndTake_AfterWarmUp_AllocatesNothing(bool eachSample)
    {
        var options = eachSample ? FragmentOptions.EachSample : FragmentOptions.Parts(TimeSpan.FromSeconds(2), Mp4Kit.Ms(200));
        var writer = new FragmentWriter([Mp4Kit.H264, Mp4Kit.Opus], options);
        writer.SetWallClock(TimeSpan.Zero, new NtpTime(1UL << 60));
        var output = new ArrayBufferWriter<byte>(1 << 20);
        Run(0, 400);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fragments = Run(400, 2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(fragments, 100, 10_000);

        int Run(int from, int to)
        {
            var count = 0;
            for (var i = from; i < to; i++)
            {
                if (i % 2 == 0) writer.Push(1, Mp4Kit.H264.Format, Mp4Kit.Clip.VideoFrame(i / 2).Span, Mp4Kit.Ms(20 * i), Mp4Kit.Clip.IsKeyframe(i / 2), i % 500 == 0);
                writer.Push(2, Mp4Kit.Opus.Format, Mp4Kit.Clip.OpusPacket(i).Span, Mp4Kit.Ms(20 * i), true, false);
                while (writer.TryTake(output, out _)) count++;
                output.ResetWrittenCount();
            }

            return count;
        }
    }

    [Fact]
    public void Push_RandomTimesAndCalls_KeepsEveryTrackInOrder()
    {
        var random = new Random(11);
        for (var round = 0; round < 60; round++)
        {
            var options = (round % 3) switch { 0 => FragmentOptions.EachSample, 1 => FragmentOptions.Parts(Mp4Kit.Ms(900), Mp4Kit.Ms(200)), _ => FragmentOptions.Segments(Mp4Kit.Ms(700)) };
            var writer = new FragmentWriter([Mp4Kit.Vp8, Mp4Kit.Opus], options);
            var output = new ArrayBufferWriter<byte>();
            var (now, taken) = (0.0, 0);
            for (var i = 0; i < 300; i++)
            {
                now += random.Next(40) switch { 0 => random.Next(5000), 1 => -random.Next(800), _ => 15 };
                var track = random.Next(2) == 0 ? Mp4Kit.Vp8 : Mp4Kit.Opus;
                byte[] data = [0xF8, (byte)i, 1, 2];
                if (writer.Push(track.Id, track.Format, data, Mp4Kit.Ms(now), random.Next(5) == 0, random.Next(20) == 0) == PushStatus.Taken) taken++;
                if (random.Next(50) == 0) writer.Cut();
                if (random.Next(80) == 0) writer.Finish();
                if (random.Next(3) != 0) while (writer.TryTake(output, out _)) { }
            }

            writer.Finish();
            while (writer.TryTake(output, out _)) { }
            var read = WrittenSample.Read(output.WrittenSpan);
            Assert.Equal(taken, read.Count);
            foreach (var track in read.GroupBy(s => s.Track))
            {
                var end = 0L;
                foreach (var sample in track)
                {
                    Assert.True(sample.Time >= end && sample.Duration is > 0 and < 300_000, $"round {round}: {sample.Time} {end} {sample.Duration}");
                    end = sample.End;
                }
            }
        }
    }
}
