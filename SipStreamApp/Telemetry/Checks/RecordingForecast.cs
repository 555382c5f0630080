using SipStreamApp.Media.Recording;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>How long the disk lasts, by what was recorded lately.</summary>
/// <param name="BytesADay">What was recorded a day.</param>
/// <param name="Left">How long the room lasts at that rate; null where nothing is recorded, or it lasts for years.</param>
internal sealed record RecordingForecast(double BytesADay, TimeSpan? Left)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>What counts as lately.</summary>
    public static TimeSpan Lately => TimeSpan.FromDays(7);

    /// <summary>By the recordings of the last seven days, or since the first of them where that is less; at least over an hour. Pure.</summary>
    public static RecordingForecast Of(IReadOnlyList<RecordingSnapshot> recordings, long room, DateTimeOffset now)
    {
        var recent = recordings.Where(r => r.StartedAt > now - Lately && r.Bytes > 0).ToList();
        if (recent.Count == 0) return new RecordingForecast(0, null);
        var span = now - recent.Min(r => r.StartedAt);
        if (span < TimeSpan.FromHours(1)) span = TimeSpan.FromHours(1);
        var rate = recent.Sum(r => (double)r.Bytes) / span.TotalDays;
        var days = Math.Max(0, room) / rate;
        return new RecordingForecast(rate, days < Longest.TotalDays ? TimeSpan.FromDays(days) : null);
    }
}
