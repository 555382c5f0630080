using SipStreamApp.Components.Pages.Streams;
using SipStreamApp.Live;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Quality;
using SipStreamApp.Media.Streams;
using Xunit;

namespace SipStreamApp.Tests.Web.Components;

public class VerdictTests
{
    private static readonly DateTimeOffset Now = MadeUp.Noon.AddSeconds(62);

    private static CallSnapshot Clean => MadeUp.Live() with { Media = [.. MadeUp.Live().Media.Select(m => m with { LossPercent = 0 })] };

    private static StreamSnapshot Stream => MadeUp.LiveStream();

    [Fact]
    public void Call_AllWell_IsGood()
    {
        Assert.Equal(new Verdict(VerdictLevel.Good, "Good"), Verdict.Of(Clean, Stream, Now));
        Assert.Equal("Good, sound only", Verdict.Of(Clean, Stream with { Video = null }, Now).Text);
        Assert.Equal("Good, picture only", Verdict.Of(Clean, Stream with { Audio = null }, Now).Text);
    }

    [Theory]
    [InlineData(HealthState.Good, "Good")]
    [InlineData(HealthState.WeakNetwork, "Weak")]
    [InlineData(HealthState.NoMedia, "Bad")]
    [InlineData(HealthState.SoundOnly, "Weak")]
    [InlineData(HealthState.WaitingForKeyframe, "Weak")]
    [InlineData(HealthState.OnHold, "Weak")]
    public void Call_TheEngineHasJudged_IsSaidAsTheEngineSaysIt(HealthState state, string level)
    {
        var verdict = Verdict.Of(MadeUp.Live() with { Health = new CallHealth(state, "as the engine says") }, Stream, Now);
        Assert.Equal((level, "as the engine says"), (verdict.Level.ToString(), verdict.Text));
    }

    [Fact]
    public void Call_BeforeItsAnswer_Waits()
    {
        Assert.Equal(new Verdict(VerdictLevel.Waiting, "Calling"), Verdict.Of(MadeUp.Trying(), null, Now));
        Assert.Equal(new Verdict(VerdictLevel.Waiting, "Ringing"), Verdict.Of(MadeUp.Trying() with { Status = CallStatus.Ring }, null, Now));
    }

    [Fact]
    public void Call_WithoutMedia_IsSaidAfterAMoment()
    {
        var mute = Clean with { Media = [.. Clean.Media.Select(m => m with { SinceLastPacket = null })] };
        Assert.Equal(new Verdict(VerdictLevel.Waiting, "Waiting for media"), Verdict.Of(mute, Stream, MadeUp.Noon.AddSeconds(3)));
        Assert.Equal(new Verdict(VerdictLevel.Bad, "Answered, but no media for 60 s"), Verdict.Of(mute, Stream, Now));
        var stopped = Clean with { Media = [.. Clean.Media.Select(m => m with { SinceLastPacket = TimeSpan.FromSeconds(7) })] };
        Assert.Equal(new Verdict(VerdictLevel.Bad, "No media for 7 s"), Verdict.Of(stopped, Stream, Now));
    }

    [Fact]
    public void Picture_ThatDoesNotComeOrStops_IsWeak()
    {
        Assert.Equal(new Verdict(VerdictLevel.Weak, "Waiting for a keyframe"), Verdict.Of(Clean, Stream with { Video = Stream.Video! with { Keyframes = 0 } }, Now));
        Assert.Equal(new Verdict(VerdictLevel.Weak, "Picture stopped 9 s ago"), Verdict.Of(Clean, Stream with { Video = Stream.Video! with { SinceLastFrame = TimeSpan.FromSeconds(9) } }, Now));
    }

    [Fact]
    public void Network_LossAndJitter_AreWeak()
    {
        Assert.Equal(new Verdict(VerdictLevel.Weak, "Weak network (loss 5.0 %)"), Verdict.Of(MadeUp.Live(), Stream, Now));
        var shaky = Clean with { Media = [.. Clean.Media.Select(m => m with { JitterMs = 80 })] };
        Assert.Equal(new Verdict(VerdictLevel.Weak, "Weak network (jitter 80 ms)"), Verdict.Of(shaky, Stream, Now));
        Assert.Equal(new Verdict(VerdictLevel.Weak, "On hold"), Verdict.Of(Clean with { Status = CallStatus.Hold }, Stream, Now));
    }

    [Fact]
    public void Call_ThatEnded_IsSaidInItsOwnWords()
    {
        Assert.Equal(new Verdict(VerdictLevel.Over, "The other side hung up"), Verdict.Of(MadeUp.Ended(), null, Now));
        Assert.Equal(new Verdict(VerdictLevel.Bad, "The callee is busy"), Verdict.Of(MadeUp.Busy(), null, Now));
    }

    [Fact]
    public void Stream_WithoutACall_IsJudgedByItsTracks()
    {
        Assert.Equal(VerdictLevel.Good, StreamLook.Judge(Stream, null, Now).Level);
        Assert.Equal("Waiting for media", StreamLook.Judge(Stream with { State = StreamState.Reserved }, null, Now).Text);
        Assert.Equal("Waiting for a keyframe", StreamLook.Judge(Stream with { Video = Stream.Video! with { Keyframes = 0 } }, null, Now).Text);
    }

    [Fact]
    public void Viewers_AreCountedByEveryWay()
    {
        var watched = Stream with { Viewers = 2, Readers = [new("webrtc", 0), new("mse", 0), new("recording", 0), new("hls", 0)], HlsViewers = 3 };
        Assert.Equal(("6 (WebRTC 2, MSE 1, HLS 3)", 6), (StreamLook.Viewers(watched), watched.Watching));
        Assert.Equal("0", StreamLook.Viewers(Stream with { Viewers = 0 }));
    }
}
