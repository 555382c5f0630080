using SipStreamApp.Components.Pages.Recordings;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>The folder of recordings can be written, and how long its disk lasts.</summary>
internal sealed class RecordingsCheck(MediaEngine engine, RecordingStore store, TimeProvider time) : IServerCheck
{
    public string Id => "recordings";

    public string Title => "Disk of the recordings";

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var folder = engine.RecordingDirectory;
        if (FolderProbe.WhyNotWritten(folder) is { } why) return CheckResult.Failed("no write", $"The folder of recordings cannot be written: {why}", "Give the server's user the right to write it, or name another folder with Recording:Directory.");
        var disk = await store.DiskAsync(cancel);
        return disk.Succeeded ? Judge(disk.Value, time.GetUtcNow()) : CheckResult.Note("unknown", "How much is recorded a day is not known: " + disk.Failures[0].Title);
    }

    /// <summary>What the figures mean. Pure.</summary>
    internal static CheckResult Judge(RecordingDisk disk, DateTimeOffset now)
    {
        if (disk.Free is not { } free) return CheckResult.Note("unknown", "The system does not say how much room is left.");
        var figure = $"{RecordingLook.Size(free)} free";
        if (disk.IsFull) return CheckResult.Failed(figure, $"Less than {disk.MinFree >> 20} MB are free: nothing is recorded.", "Delete recordings, or set Recording:RetentionDays.");
        if (disk.PerDay(now) is > 0 and var rate) figure += $", {RecordingLook.Size((long)rate)} recorded a day";
        return disk.DaysLeft(now) < 7
            ? CheckResult.Warning($"{figure}, {disk.Forecast(now)}", "At this rate the disk is full within a week.", "Delete recordings, set Recording:RetentionDays, or use a larger disk.")
            : CheckResult.Good(figure);
    }
}
