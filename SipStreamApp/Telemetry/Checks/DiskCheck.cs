using SipStreamApp.Components.Pages.Recordings;
using SipStreamApp.Hosting;
using SipStreamApp.Live;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>Room on the disk of the data folder.</summary>
internal sealed class DiskCheck(AppSettings settings) : IServerCheck
{
    public string Id => "disk";

    public string Title => "Disk of the data folder";

    public bool ForReady => true;

    public Task<CheckResult> RunAsync(CancellationToken cancel) => Task.FromResult(Judge());

    private CheckResult Judge()
    {
        if (Disk.FreeBytes(settings.DataDirectory) is not { } free)
            return CheckResult.Failed("unknown", "The disk of the data folder cannot be read.", "Look whether the folder of Data:Directory is there and may be read.");
        var least = Math.Max(50, settings.Engine.Recording.MinFreeMegabytes);
        var figure = $"{RecordingLook.Size(free)} free";
        if (free >> 20 < least) return CheckResult.Failed(figure, $"Less than {least} MB are free on the disk of the data folder.", "Delete recordings or logs, or put Data:Directory on a larger disk.");
        return free >> 20 < 4L * least
            ? CheckResult.Warning(figure, $"The disk is almost full: at {least} MB recordings stop and the server takes no new work.", "Delete recordings or logs, or use a larger disk.")
            : CheckResult.Good(figure);
    }
}
