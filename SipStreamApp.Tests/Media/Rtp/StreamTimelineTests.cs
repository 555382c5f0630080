using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using Xunit;

namespace SipStreamApp.Tests.Media.Rtp;

public class StreamTimelineTests
{
    [Fact]
    public void Video400MsLate_RightReports_AgreesWithin10MsAndSlewsEvenly()
    {
        var call = new TwoTrackCall { VideoDelayMs = 400 };
        call.Run(60_000);
        Assert.InRange(call.DifferenceMs, -10, 10);
        Assert.Equal(380, call.Timeline.MeasuredOffset!.Value.TotalMilliseconds, 10.0);
        // 400 ms less the 20 ms of the sound; at 40 ms per second that is done after ten seconds of picture.
        Assert.InRange(call.ConvergedAtMs, 9_000, 13_000);
    }

    [Fact]
    public void VideoEarly_RightReports_IsHeldBackWithoutGoingBack()
    {
        var call = new TwoTrackCall { AudioDelayMs = 300, VideoDelayMs = 20 };
        call.Run(60_000);
        Assert.InRange(call.DifferenceMs, -10, 10);
        Assert.Equal(-280, call.Timeline.MeasuredOffset!.Value.TotalMilliseconds, 10.0);
    }

    [Fact]
    public void NoReports_AlignsByArrival()
    {
        var call = new TwoTrackCall { VideoDelayMs = 100, Reports = false };
        call.Run(20_000);
        Assert.Null(call.Timeline.MeasuredOffset);
        Assert.Equal(100, call.DifferenceMs, 45.0);
    }

    [Fact]
    public void HalfHourWithSkewedVideoClock_StaysTogether()
    {
        var call = new TwoTrackCall { VideoDelayMs = 150, VideoSkewPpm = 200, JitterMs = 30 };
        call.Run(30 * 60_000);
        Assert.InRange(call.DifferenceMs, -10, 10);
    }

    [Fact]
    public void SenderClockFarFromOurs_MakesNoDifference()
    {
        var call = new TwoTrackCall { VideoDelayMs = 200, SenderWallSkewPpm = 500 };
        call.Run(10 * 60_000);
        Assert.InRange(call.DifferenceMs, -10, 10);
    }

    [Theory]
    [InlineData(BadReport.Zero)]
    [InlineData(BadReport.OtherClock)]
    [InlineData(BadReport.Jumping)]
    public void BadVideoReports_AreIgnored(object kind)
    {
        var call = new TwoTrackCall { VideoDelayMs = 0, Bad = (BadReport)kind };
        call.Run(30_000);
        Assert.InRange(call.DifferenceMs, -45, 45);
    }

    [Fact]
    public void ThreeSecondHole_ShowsAsItWas()
    {
        var call = new TwoTrackCall { VideoDelayMs = 50, HoleFromMs = 20_000, HoleMs = 3000 };
        call.Run(40_000);
        Assert.InRange(call.LargestVideoStepMs, 3000 - 40, 3000 + 33 + 125);
        Assert.InRange(call.DifferenceMs, -10, 10);
    }

    [Fact]
    public void SourceChangeAndTimestampWrap_KeepTheLine()
    {
        var call = new TwoTrackCall { VideoDelayMs = 250, NewVideoSourceAtMs = 25_000, VideoTimestampBase = uint.MaxValue - 900_000 };
        call.Run(60_000);
        Assert.InRange(call.DifferenceMs, -10, 10);
        Assert.InRange(call.LargestVideoStepMs, 30, 60);
        // Not even between the change and the first report of the new source does the picture leave the sound.
        Assert.InRange(call.ConvergedAtMs, 1, 24_000);
    }

    [Fact]
    public void Restart_OtherClockRate_GoesOnWhereItStood()
    {
        var timeline = new StreamTimeline();
        var audio = timeline.AddTrack(MediaKind.Audio, 8000);
        for (var i = 0; i < 100; i++) audio.OnPacket(i * 160, Packets.Ms(i * 20));
        var before = audio.ToStreamTime(99 * 160);
        audio.Restart(48_000);
        audio.OnPacket(5_000_000, Packets.Ms(2000));
        Assert.Equal(20, (audio.ToStreamTime(5_000_000) - before).TotalMilliseconds, 0.001);
        Assert.Equal(40, (audio.ToStreamTime(5_000_960) - before).TotalMilliseconds, 0.001);
    }

    [Fact]
    public void ToStreamTime_AudioAlone_FollowsItsTicksExactly()
    {
        var audio = new StreamTimeline().AddTrack(MediaKind.Audio, 48_000);
        var random = new Random(4);
        for (var i = 0; i < 5000; i++)
        {
            audio.OnPacket(i * 960L, Packets.Ms(i * 20 + 50 * random.NextDouble() * (i == 0 ? 0 : 1)));
            Assert.Equal(TimeSpan.FromMilliseconds(i * 20), audio.ToStreamTime(i * 960L));
        }
    }
}
