using SipStreamApp.Media.Quality;
using Xunit;

namespace SipStreamApp.Tests.Media.Quality;

/// <summary>Every verdict, and which one wins.</summary>
public class HealthRuleTests
{
    private static readonly HealthFacts Fine = new()
    {
        Now = At(60), AnsweredAt = At(2), PictureWanted = true, LastSound = At(59.98), LastPicture = At(59.96),
    };

    [Fact]
    public void Of_EverythingComes_IsGood() => Is(HealthState.Good, "Good", Fine);

    [Fact]
    public void Of_NotAnswered_IsNothingYet() => Assert.Null(HealthRule.Of(Fine with { AnsweredAt = null }));

    [Fact]
    public void Of_Loss_IsWeakNetworkWithItsFigure()
    {
        Is(HealthState.WeakNetwork, "Weak network (loss 3.1 %)", Fine with { LossPercent = 3.14 });
        Is(HealthState.Good, "Good", Fine with { LossPercent = 1.9 });
    }

    [Fact]
    public void Of_NothingComesAnyMore_SaysSinceWhen()
    {
        Is(HealthState.NoMedia, "No media since 00:41", Fine with { LastSound = At(41.2), LastPicture = At(40) });
        Is(HealthState.NoMedia, "No media since 1:00:05", Fine with { Now = At(3610), LastSound = At(3605), LastPicture = null });
        Is(HealthState.Good, "Good", Fine with { LastSound = At(58.5), LastPicture = At(58.5) });
    }

    [Fact]
    public void Of_NothingCameSinceTheAnswer_SaysSinceTheAnswer() =>
        Is(HealthState.NoMedia, "No media since 00:02", Fine with { Now = At(5), LastSound = null, LastPicture = null });

    [Fact]
    public void Of_EarlyMediaOnly_CountsFromTheAnswer() =>
        Is(HealthState.Good, "Good", Fine with { Now = At(3), LastSound = At(0.5), LastPicture = At(0.5) });

    [Fact]
    public void Of_PictureWantedAndOnlySoundComes_IsSoundOnly()
    {
        Is(HealthState.SoundOnly, "Sound only", Fine with { LastPicture = null });
        Is(HealthState.SoundOnly, "Sound only", Fine with { LastPicture = At(50) });
        Is(HealthState.Good, "Good", Fine with { LastPicture = null, PictureWanted = false });
    }

    [Fact]
    public void Of_PictureWithoutKeyframe_IsWaitingAfterAMoment()
    {
        Is(HealthState.WaitingForKeyframe, "Waiting for keyframe", Fine with { KeyframeMissingSince = At(58) });
        Is(HealthState.Good, "Good", Fine with { KeyframeMissingSince = At(59.5) });
    }

    [Fact]
    public void Of_Held_IsOnHoldWhateverElse() =>
        Is(HealthState.OnHold, "On hold", Fine with { IsHeld = true, LossPercent = 50, LastSound = null, LastPicture = null, KeyframeMissingSince = At(3) });

    [Fact]
    public void Of_SeveralTroubles_TheOneThatHidesTheOthersWins()
    {
        Is(HealthState.NoMedia, "No media since 00:30", Fine with { LastSound = At(30), LastPicture = At(30), LossPercent = 50, KeyframeMissingSince = At(20) });
        Is(HealthState.WaitingForKeyframe, "Waiting for keyframe", Fine with { LossPercent = 50, KeyframeMissingSince = At(20) });
        Is(HealthState.WeakNetwork, "Weak network (loss 50.0 %)", Fine with { LossPercent = 50, LastPicture = null });
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void Is(HealthState state, string text, HealthFacts facts)
    {
        var health = HealthRule.Of(in facts);
        Assert.NotNull(health);
        Assert.Equal((state, text), (health.State, health.Text));
    }
}
