using System.Globalization;
using SipStreamApp.Components.Pages.Recordings;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>Memory of the process and the machine, and how much time the garbage collector takes.</summary>
internal sealed class MemoryCheck : IServerCheck
{
    private const double MuchPause = 5;

    public string Id => "memory";

    public string Title => "Memory";

    public Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var gc = GC.GetGCMemoryInfo();
        return Task.FromResult(Judge(Environment.WorkingSet, gc.HeapSizeBytes, gc.MemoryLoadBytes, gc.TotalAvailableMemoryBytes, gc.PauseTimePercentage));
    }

    /// <summary>Judges figures. Pure.</summary>
    internal static CheckResult Judge(long process, long heap, long load, long available, double pausePercent)
    {
        var figure = string.Create(CultureInfo.InvariantCulture, $"process {RecordingLook.Size(process)}, heap {RecordingLook.Size(heap)}, machine {100.0 * load / Math.Max(1, available):0} % used, collector {pausePercent:0.0} % of the time");
        if (load > available / 100 * 95) return CheckResult.Failed(figure, "The memory of the machine is used up: the system may end the server at any moment.", "Find out what uses it, or give the machine more.");
        if (load > available / 100 * 90) return CheckResult.Warning(figure, "The memory of the machine is almost used up.", "Find out what uses it, or give the machine more.");
        return pausePercent > MuchPause ? CheckResult.Warning(figure, "The garbage collector takes much time: sound and picture may stutter.", "Fewer calls or viewers, or more memory.") : CheckResult.Good(figure);
    }
}
