using System.Globalization;
using SipStreamApp.Components.Pages.Recordings;
using SipStreamApp.Data;
using SipStreamApp.Hosting;
using SipStreamApp.Live;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>The folder of recordings can be written, and how long its disk lasts.</summary>
internal sealed class RecordingsCheck(AppSettings settings, RecordingStore store, TimeProvider time) : IServerCheck
{
    public string Id => "recordings";

    public string Title => "Disk of the recordings";

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var folder = settings.Engine.Recording.Directory.Length > 0 ? settings.Engine.Recording.Directory : Path.Combine(settings.DataDirectory, "recordings");
        if (FolderProbe.WhyNotWritten(folder) is { } why) return CheckResult.Failed("no write", $"The folder of recordings cannot be written: {why}", "Give the server's user the right to write it, or name another folder with Recording:Directory.");
        if (Disk.FreeBytes(folder) is not { } free) return CheckResult.Note("unknown", "The system does not say how much room is left.");
        var list = await store.ListAsync(cancel);
        var room = free - ((long)settings.Engine.Recording.MinFreeMegabytes << 20);
        var figure = $"{RecordingLook.Size(free)} free";
        if (room <= 0) return CheckResult.Failed(figure, $"Less than {settings.Engine.Recording.MinFreeMegabytes} MB are free: nothing is recorded.", "Delete recordings, or set Recording:RetentionDays.");
        if (!list.Succeeded) return CheckResult.Note(figure, "How much is recorded a day is not known: " + list.Failures[0].Title);
        var forecast = RecordingForecast.Of(list.Value, room, time.GetUtcNow());
        if (forecast.BytesADay > 0) figure += $", {RecordingLook.Size((long)forecast.BytesADay)} recorded a day";
        if (forecast.Left is not { } left) return CheckResult.Good(figure);
        figure += string.Create(CultureInfo.InvariantCulture, $", room for about {(left.TotalDays >= 2 ? $"{left.TotalDays:0} days" : $"{left.TotalHours:0} hours")}");
        return left < TimeSpan.FromDays(7)
            ? CheckResult.Warning(figure, "At this rate the disk is full within a week.", "Delete recordings, set Recording:RetentionDays, or use a larger disk.")
            : CheckResult.Good(figure);
    }
}
