using System.Buffers;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Mp4;

public class TimelineTests
{
    [Fact]
    public void Place_ThirtyFramesPerSecondForADay_DoesNotDrift()
    {
        var timeline = new VideoTimeline(90000, TimeSpan.FromSeconds(2));
        for (long i = 0; i < 24 * 3600 * 30; i += 1 + i / 1000)
        {
            var time = TimeSpan.FromTicks(i * TimeSpan.TicksPerSecond / 30);
            var placed = timeline.Place(TrackTimeline.ToTicks(time, 90000), 0, false);
            Assert.InRange(placed.Time - i * 3000, -1, 1);
        }
    }

    [Fact]
    public void Place_SoundOfAClockThatIsSlow_StaysWithinTheBandAndHasNoSeam()
    {
        // 300 ppm: 3 times what a bad crystal does. Each packet also jitters by up to 4 ms.
        var timeline = new AudioTimeline(48000, Mp4Kit.Ms(100));
        var random = new Random(3);
        var (end, odd) = (0L, 0);
        for (var i = 0; i < 50 * 600; i++)
        {
            var time = Mp4Kit.Ms(i * 20 * 1.0003 + (i == 0 ? 0 : random.NextDouble() * 8 - 4));
            var target = TrackTimeline.ToTicks(time, 48000);
            var placed = timeline.Place(target, 960, false);
            Assert.Equal((end, false), (placed.Time, placed.AfterHole));
            Assert.InRange(placed.Time - target, -720, 720);
            if (placed.Duration != 960) odd++;
            Assert.InRange(placed.Duration, 840, 1080);
            end = placed.Time + placed.Duration;
        }

        Assert.InRange(odd, 1, 1500);
    }

    [Fact]
    public void Place_TimesGoBack_NeverOverlapsAndCatchesUp()
    {
        var video = new VideoTimeline(90000, TimeSpan.FromSeconds(2));
        var audio = new AudioTimeline(48000, Mp4Kit.Ms(100));
        var (lastVideo, endAudio) = (-1L, 0L);
        for (var i = 0; i < 400; i++)
        {
            var time = Mp4Kit.Ms(20 * i - (i >= 100 ? 300 : 0));
            var picture = video.Place(TrackTimeline.ToTicks(time, 90000), 0, false);
            Assert.True(picture.Time > lastVideo);
            lastVideo = picture.Time;
            var sound = audio.Place(TrackTimeline.ToTicks(time, 48000), 960, false);
            Assert.True(sound.Time >= endAudio && sound.Duration > 0);
            endAudio = sound.Time + sound.Duration;
        }

        Assert.Equal((400 * 20 - 20 - 300) * 90, lastVideo);
        Assert.InRange(endAudio - (400 * 20 - 300) * 48, -480, 480);
    }

    [Fact]
    public void Push_FrameAfterAGap_LeavesTheHoleInAFragmentOfItsOwn()
    {
        var samples = Enumerable.Range(0, 20).Where(i => i != 8).Select(i => new TestSample(Mp4Kit.Audio, new byte[160], Mp4Kit.Ms(20 * i), AfterGap: i == 9));
        var file = Mp4Kit.File([Mp4Kit.Pcmu], samples, FragmentOptions.Segments(TimeSpan.FromSeconds(2)), out var infos);
        Assert.Equal([(Mp4Kit.Ms(0), Mp4Kit.Ms(160)), (Mp4Kit.Ms(180), Mp4Kit.Ms(220))], infos.Select(i => (i.Start, i.Duration)));
        Assert.All(WrittenSample.Read(file), s => Assert.Equal(160, s.Duration));
    }

    [Fact]
    public void Push_PauseBetweenPicturesWithoutGap_StretchesThePictureUpToTheLimit()
    {
        var times = (double[])[0, 40, 80, 1080, 1120, 4120, 4160];
        var samples = times.Select((t, i) => new TestSample(Mp4Kit.Video, Mp4Kit.Clip.VideoFrame(i).ToArray(), Mp4Kit.Ms(t), i is 0 or 5));
        var file = Mp4Kit.File([Mp4Kit.H264], samples, FragmentOptions.Segments(TimeSpan.FromSeconds(9)), out var infos);
        var read = WrittenSample.Read(file);
        Assert.Equal(times, read.Select(s => s.Time / 90.0));
        Assert.Equal(1000 * 90, read[2].Duration);
        Assert.InRange(read[4].Duration, 40 * 90, 46 * 90);
        Assert.Equal(2, infos.Count);
    }

    [Fact]
    public void Push_GapInFramesWithoutMissingTime_MakesNoHole()
    {
        var samples = Mp4Kit.ClipVideo(50).Select((s, i) => s with { AfterGap = i is 10 or 30 });
        Mp4Kit.File([Mp4Kit.H264], samples, FragmentOptions.Segments(TimeSpan.FromSeconds(4)), out var infos);
        Assert.Single(infos);
    }

    [Fact]
    public void TryTake_SoundStartsEarlierButComesLater_SoundIsTheOrigin()
    {
        var writer = new FragmentWriter([Mp4Kit.H264, Mp4Kit.Opus], FragmentOptions.File(TimeSpan.FromSeconds(1)));
        var output = new ArrayBufferWriter<byte>();
        var at = TimeSpan.FromSeconds(100);
        foreach (var s in Mp4Kit.ClipVideo(5, at).Concat(Mp4Kit.ClipOpus(10, at - Mp4Kit.Ms(30))))
            writer.Push(s.Track, s.Track == 1 ? Mp4Kit.H264.Format : Mp4Kit.Opus.Format, s.Data, s.Time, s.Key, false);
        writer.Finish();
        Assert.True(writer.TryTake(output, out _));
        Assert.Equal(at - Mp4Kit.Ms(30), writer.Origin);
        var read = WrittenSample.Read(output.WrittenSpan);
        Assert.Equal((2700, 0), (read.First(s => s.Track == 1).Time, read.First(s => s.Track == 2).Time));
    }

    [Fact]
    public void Push_BeforeAGivenOrigin_DropsSoundAndMovesPicture()
    {
        var writer = new FragmentWriter([Mp4Kit.H264, Mp4Kit.Opus], FragmentOptions.EachSample with { Origin = TimeSpan.FromSeconds(5) });
        var output = new ArrayBufferWriter<byte>();
        Assert.Equal(PushStatus.TooEarly, writer.Push(2, Mp4Kit.Opus.Format, [0xF8, 1], Mp4Kit.Ms(4970), true, false));
        Assert.Equal(PushStatus.Taken, writer.Push(1, Mp4Kit.H264.Format, Mp4Kit.Clip.VideoFrame(0).Span, Mp4Kit.Ms(4990), true, false));
        Assert.Equal(PushStatus.Taken, writer.Push(1, Mp4Kit.H264.Format, Mp4Kit.Clip.VideoFrame(1).Span, Mp4Kit.Ms(5030), false, false));
        Assert.True(writer.TryTake(output, out var info));
        Assert.Equal((TimeSpan.Zero, Mp4Kit.Ms(30)), (info.Start, info.Duration));
    }
}
