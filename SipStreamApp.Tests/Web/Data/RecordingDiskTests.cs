using SipStreamApp.Data;
using Xunit;

namespace SipStreamApp.Tests.Web.Data;

public sealed class RecordingDiskTests : IDisposable
{
    private const long Gb = 1L << 30;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // 24 h, 7 days, days since the first, kept, free, least free, retention: what is said.
    [InlineData(10, 20, 30, 100, 100, 10, 0, "≈ 9 days left at this rate")]
    [InlineData(1, 70, 30, 100, 100, 10, 0, "≈ 9 days left at this rate")]
    [InlineData(0, 20, 2, 20, 100, 10, 0, "≈ 9 days left at this rate")]
    [InlineData(10, 10, 0, 10, 20, 10, 0, "≈ 1 day left at this rate")]
    [InlineData(20, 20, 0, 20, 20, 10, 0, "≈ 12 h left at this rate")]
    [InlineData(10, 70, 30, 300, 100, 10, 30, "Enough at this rate: recordings are deleted after 30 days.")]
    [InlineData(10, 70, 7, 70, 100, 10, 30, "≈ 9 days left at this rate")]
    [InlineData(0, 0, 30, 100, 100, 10, 0, "Nothing was recorded in the last 7 days.")]
    [InlineData(10, 70, 30, 100, 9, 10, 0, "Recording is stopped: less is free than Recording:MinFreeMegabytes. Delete some, or make room.")]
    [InlineData(1, 7, 30, 100, 9000, 10, 0, "More than two years left at this rate")]
    public void Forecast_SaysHowLongItLasts(long day, long week, int age, long kept, long free, long least, int retention, string said)
    {
        var disk = new RecordingDisk(free * Gb, 10_000 * Gb, least * Gb, retention, new RecordingUse(kept * Gb, day * Gb, week * Gb, MadeUp.Noon.AddDays(-age)));
        Assert.Equal(said, disk.Forecast(MadeUp.Noon));
    }

    [Fact]
    public async Task UseAndOld_CountWhatIsThere_AndMarkingCanBeTakenBack()
    {
        await using var kit = new DatabaseKit(_folder, time: new NoonClock());
        await kit.AddAsync(
            MadeUp.Recording("today", MadeUp.Noon.AddHours(-1)), MadeUp.Recording("week", MadeUp.Noon.AddDays(-3)), MadeUp.Recording("old", MadeUp.Noon.AddDays(-40)),
            MadeUp.Recording("older", MadeUp.Noon.AddDays(-50)), MadeUp.Recording("deleted", MadeUp.Noon.AddDays(-50), MadeUp.Noon));
        var use = (await kit.Recordings.DiskAsync(default)).Value!.Use;
        Assert.Equal((5_000_000L, 1_000_000L, 2_000_000L), (use.Bytes, use.LastDay, use.LastWeek));

        var old = (await kit.Recordings.OlderAsync(MadeUp.Noon.AddDays(-30), default)).Value!;
        Assert.Equal(["old", "older"], old.Ids.Order());
        Assert.Equal(2_000_000, old.Bytes);
        Assert.Equal(4, (await kit.Recordings.ListAsync(default)).Value!.Count);
        Assert.Equal(["old", "older"], (await kit.Recordings.MarkAsync([.. old.Ids, "deleted", "nobody"], deleted: true, default)).Value!.Ids.Order());
        Assert.Equal(["today", "week"], (await kit.Recordings.ListAsync(default)).Value!.Select(r => r.Id));
        Assert.Equal(2, (await kit.Recordings.MarkAsync(old.Ids, deleted: false, default)).Value!.Ids.Count);
        Assert.Equal(4, (await kit.Recordings.ListAsync(default)).Value!.Count);
    }

    private sealed class NoonClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => MadeUp.Noon;
    }
}
