using System.Globalization;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Quality;
using SipStreamApp.Media.Streams;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Live;

/// <summary>How a call or its stream is, in one line.</summary>
/// <param name="Level">How bad it is.</param>
/// <param name="Text">The line.</param>
internal sealed record Verdict(VerdictLevel Level, string Text)
{
    private const double WeakLossPercent = 1;
    private const double WeakJitterMs = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SilenceIsTrouble = TimeSpan.FromSeconds(5);

    /// <summary>Word for CSS: the class of its colour.</summary>
    public string Css => Level switch { VerdictLevel.Good => "live", VerdictLevel.Waiting => "busy", VerdictLevel.Weak => "warn", VerdictLevel.Bad => "error", _ => "ended" };

    /// <summary>Sign beside the word, so that colour is never alone.</summary>
    public string Sign => Level switch { VerdictLevel.Good => "●", VerdictLevel.Waiting => "◌", VerdictLevel.Weak => "⚠", VerdictLevel.Bad => "✖", _ => "■" };

    /// <summary>Worth a line under "Needs attention".</summary>
    public bool IsTrouble => Level is VerdictLevel.Weak or VerdictLevel.Bad;

    /// <summary>Judges a call by its own figures and those of its stream. Pure.</summary>
    /// <param name="call">The call.</param>
    /// <param name="stream">Its stream; null where it has none (any more).</param>
    /// <param name="now">The time.</param>
    public static Verdict Of(CallSnapshot call, StreamSnapshot? stream, DateTimeOffset now)
    {
        if (call.End is { } end) return new(end.IsFailure ? VerdictLevel.Bad : VerdictLevel.Over, end.Title);
        if (call.AnsweredAt is not { } answered) return new(VerdictLevel.Waiting, call.Status is CallStatus.Ring or CallStatus.RingMedia ? L("Ringing") : L("Calling"));
        if (call.Health is { } health) return Of(health);

        // The engine has not read its counters since the answer.
        if (call.Status is CallStatus.Hold) return new(VerdictLevel.Weak, L("On hold"));
        var sinceAnswer = now - answered;
        var last = call.Media.Where(m => m.SinceLastPacket is not null).Select(m => m.SinceLastPacket!.Value).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        if (last == TimeSpan.MaxValue)
            return sinceAnswer < Patience ? new(VerdictLevel.Waiting, L("Waiting for media")) : new(VerdictLevel.Bad, L("Answered, but no media for {0}", Seconds(sinceAnswer)));
        if (last > SilenceIsTrouble) return new(VerdictLevel.Bad, L("No media for {0}", Seconds(last)));
        if (stream?.Video is { Keyframes: 0 }) return new(sinceAnswer < Patience ? VerdictLevel.Waiting : VerdictLevel.Weak, L("Waiting for a keyframe"));
        if (stream?.Video is { SinceLastFrame: { } frame } && frame > SilenceIsTrouble) return new(VerdictLevel.Weak, L("Picture stopped {0} ago", Seconds(frame)));
        if (call.Media.Max(m => m.LossPercent) is >= WeakLossPercent and var loss)
            return new(VerdictLevel.Weak, L("Weak network (loss {0:F1} %)", loss));
        if (call.Media.Max(m => m.JitterMs) is >= WeakJitterMs and var jitter)
            return new(VerdictLevel.Weak, L("Weak network (jitter {0:F0} ms)", jitter));
        return stream switch
        {
            { Video: null, Audio: not null } => new(VerdictLevel.Good, L("Good, sound only")),
            { Audio: null, Video: not null } => new(VerdictLevel.Good, L("Good, picture only")),
            _ => new(VerdictLevel.Good, L("Good")),
        };
    }

    private static Verdict Of(CallHealth health) => new(
        health.State switch { HealthState.Good => VerdictLevel.Good, HealthState.NoMedia => VerdictLevel.Bad, _ => VerdictLevel.Weak }, health.Text);

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:F0} s");
}

/// <summary>From fine to broken.</summary>
internal enum VerdictLevel
{
    Good,
    Waiting,
    Weak,
    Bad,
    Over,
}
