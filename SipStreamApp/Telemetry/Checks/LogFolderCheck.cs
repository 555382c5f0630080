using SipStreamApp.Components.Pages.Recordings;
using SipStreamApp.Hosting;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>The folder of the log takes files.</summary>
internal sealed class LogFolderCheck(AppSettings settings) : IServerCheck
{
    public string Id => "logs";

    public string Title => "Log folder";

    public Task<CheckResult> RunAsync(CancellationToken cancel) => Task.FromResult(Judge());

    private CheckResult Judge()
    {
        var folder = Path.Combine(settings.DataDirectory, "logs");
        if (FolderProbe.WhyNotWritten(folder) is { } why) return CheckResult.Failed("no write", $"The log cannot be written: {why}", $"Give the server's user the right to write {folder}.");
        var files = new DirectoryInfo(folder).GetFiles("*.log");
        return CheckResult.Good($"{Components.Shared.Say.CountInEnglish(files.Length, "file")}, {RecordingLook.Size(files.Sum(f => f.Length))}");
    }
}
