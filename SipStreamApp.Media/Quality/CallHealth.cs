using System.Globalization;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Quality;

/// <summary>How a call that is up is doing.</summary>
public enum HealthState
{
    /// <summary>All that was asked for comes.</summary>
    Good,

    /// <summary>Packets get lost.</summary>
    WeakNetwork,

    /// <summary>Nothing comes.</summary>
    NoMedia,

    /// <summary>Picture was agreed on or asked for, and only sound comes.</summary>
    SoundOnly,

    /// <summary>Picture comes, but none that decoding can start at.</summary>
    WaitingForKeyframe,

    /// <summary>The other side holds.</summary>
    OnHold,
}

/// <summary>The verdict on a call, in one line for people.</summary>
/// <param name="State">Stable word.</param>
/// <param name="Text">"Weak network (loss 3.1 %)".</param>
public sealed record CallHealth(HealthState State, string Text)
{
    /// <summary>True where somebody should look at it.</summary>
    public bool IsTrouble => State is not (HealthState.Good or HealthState.OnHold);

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>What the verdict is made of. Times are offsets since the call was asked for.</summary>
internal readonly record struct HealthFacts
{
    public TimeSpan Now { get; init; }

    /// <summary>When it was answered; null: no verdict yet.</summary>
    public TimeSpan? AnsweredAt { get; init; }

    public bool IsHeld { get; init; }

    public bool PictureWanted { get; init; }

    /// <summary>Last sound packet; null where none came.</summary>
    public TimeSpan? LastSound { get; init; }

    /// <summary>Last picture packet; null where none came.</summary>
    public TimeSpan? LastPicture { get; init; }

    /// <summary>Since when picture comes that cannot be decoded; null where it can.</summary>
    public TimeSpan? KeyframeMissingSince { get; init; }

    /// <summary>Lost and late packets of the worse medium over the last ten seconds, percent.</summary>
    public double LossPercent { get; init; }
}

/// <summary>Comes to the verdict: one place for pages, REST and exports. Pure.</summary>
internal static class HealthRule
{
    /// <summary>Silence that counts. 2 s.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>Waiting for a keyframe is normal for so long. 1 s.</summary>
    public static readonly TimeSpan KeyframePatience = TimeSpan.FromSeconds(1);

    /// <summary>Loss that is heard and seen: 2 % (G.107 with G.711 comes to 4.2 there, and a picture breaks every few seconds).</summary>
    public const double WeakLossPercent = 2;

    private static readonly CallHealth Good = new(HealthState.Good, "Good");
    private static readonly CallHealth Held = new(HealthState.OnHold, "On hold");
    private static readonly CallHealth SoundOnly = new(HealthState.SoundOnly, "Sound only");
    private static readonly CallHealth NoKeyframe = new(HealthState.WaitingForKeyframe, "Waiting for keyframe");

    /// <summary>The verdict; null before the answer. The first that holds counts: what hides the others comes first.</summary>
    public static CallHealth? Of(in HealthFacts facts)
    {
        if (facts.AnsweredAt is not { } answered) return null;
        if (facts.IsHeld) return Held;
        var last = Latest(facts.LastSound, facts.LastPicture);
        var silentSince = last is { } at && at > answered ? at : answered;
        if (facts.Now - silentSince >= Silence) return new CallHealth(HealthState.NoMedia, "No media since " + Clock(last is null ? answered : silentSince));
        if (facts.KeyframeMissingSince is { } since && facts.Now - since >= KeyframePatience) return NoKeyframe;
        if (facts.LossPercent >= WeakLossPercent)
            return new CallHealth(HealthState.WeakNetwork, string.Create(CultureInfo.InvariantCulture, $"Weak network (loss {facts.LossPercent:0.0} %)"));
        var pictureSince = facts.LastPicture is { } picture && picture > answered ? picture : answered;
        return facts.PictureWanted && facts.Now - pictureSince >= Silence ? SoundOnly : Good;
    }

    /// <summary>"00:41", from an hour on "1:00:41".</summary>
    public static string Clock(TimeSpan offset) => offset.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)offset.TotalHours}:{offset.Minutes:00}:{offset.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{offset.Minutes:00}:{offset.Seconds:00}");

    private static TimeSpan? Latest(TimeSpan? a, TimeSpan? b) => a is null ? b : b is null || a > b ? a : b;
}
