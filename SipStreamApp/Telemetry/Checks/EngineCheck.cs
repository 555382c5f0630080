using System.Globalization;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>The three loops of the engine live, and how long work waits for its turn in them.</summary>
internal sealed class EngineCheck(MediaEngine engine) : IServerCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(50);

    public string Id => "engine";

    public string Title => "Media engine";

    public bool ForReady => true;

    public async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var loops = await engine.ProbeLoopsAsync(Patience);
        if (loops.Count == 0) return CheckResult.Failed("not running", "The media engine is not running.", "The log of the server says why; start the server again.");
        var figure = string.Join(", ", loops.Select(l => l.Lag is { } lag ? string.Create(CultureInfo.InvariantCulture, $"{l.Name} {lag.TotalMilliseconds:0.00} ms") : $"{l.Name} silent"));
        if (loops.Where(l => l.Lag is null).Select(l => l.Name).ToList() is { Count: > 0 } dead)
            return CheckResult.Failed(figure, $"The loop {string.Join(" and ", dead)} of the media engine does not answer.", "Calls and viewers stand still. Keep the log, then start the server again.");
        return loops.Max(l => l.Lag) > Late
            ? CheckResult.Warning(figure, "Work waits long for its turn: the machine is too busy, sound and picture stutter.", "Fewer calls or viewers, or a machine with more cores.")
            : CheckResult.Good(figure);
    }
}
