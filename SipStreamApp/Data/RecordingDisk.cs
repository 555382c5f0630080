using System.Globalization;

namespace SipStreamApp.Data;

/// <summary>What recordings have taken and take.</summary>
/// <param name="Bytes">Size of all that are kept.</param>
/// <param name="LastDay">Bytes of those that ended in the last 24 hours.</param>
/// <param name="LastWeek">Bytes of those that ended in the last 7 days.</param>
/// <param name="Oldest">Start of the oldest; null where there is none.</param>
public sealed record RecordingUse(long Bytes, long LastDay, long LastWeek, DateTimeOffset? Oldest);

/// <summary>The disk of the recordings, and how long it lasts. Pure.</summary>
/// <param name="Free">Bytes free; null where the system does not say.</param>
/// <param name="Total">Size of the disk, bytes; null where the system does not say.</param>
/// <param name="MinFree">Recording stops below so many free bytes.</param>
/// <param name="RetentionDays">Recordings are deleted after so many days; 0: never.</param>
/// <param name="Use">What recordings take.</param>
public sealed record RecordingDisk(long? Free, long? Total, long MinFree, int RetentionDays, RecordingUse Use)
{
    /// <summary>Bytes recordings may still take before they are stopped.</summary>
    public long Usable => Math.Max(0, (Free ?? 0) - MinFree);

    /// <summary>True where nothing can be recorded any more.</summary>
    public bool IsFull => Free is { } free && free < MinFree;

    /// <summary>
    /// Bytes a day: what came in the last 24 hours, or the mean of the last seven days where that is more. The larger one, because a quiet Sunday
    /// must not promise months.
    /// </summary>
    public double PerDay(DateTimeOffset now)
    {
        var days = Use.Oldest is { } oldest ? Math.Clamp((now - oldest).TotalDays, 1, 7) : 7;
        return Math.Max(Use.LastDay, Use.LastWeek / days);
    }

    /// <summary>Days until recordings are stopped at this rate; null where that is never, or cannot be told.</summary>
    public double? DaysLeft(DateTimeOffset now)
    {
        var rate = PerDay(now);
        if (Free is null || rate <= 0 || IsEnough(rate)) return null;
        return Usable / rate;
    }

    /// <summary>The forecast in words.</summary>
    public string Forecast(DateTimeOffset now)
    {
        var rate = PerDay(now);
        if (Free is null) return "The system does not say how much is free.";
        if (IsFull) return "Recording is stopped: less is free than Recording:MinFreeMegabytes. Delete some, or make room.";
        if (rate <= 0) return "Nothing was recorded in the last 7 days.";
        if (IsEnough(rate)) return $"Enough at this rate: recordings are deleted after {RetentionDays.ToString(CultureInfo.InvariantCulture)} days.";
        var days = Usable / rate;
        return days switch
        {
            < 1 => string.Create(CultureInfo.InvariantCulture, $"≈ {Math.Max(1, (int)(days * 24))} h left at this rate"),
            < 2 => "≈ 1 day left at this rate",
            < 730 => string.Create(CultureInfo.InvariantCulture, $"≈ {(int)days} days left at this rate"),
            _ => "More than two years left at this rate",
        };
    }

    // With a retention there comes a day from which as much is deleted as is recorded.
    private bool IsEnough(double rate) => RetentionDays > 0 && rate * RetentionDays - Use.Bytes <= Usable;
}
