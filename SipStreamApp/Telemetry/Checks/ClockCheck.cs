using System.Globalization;
using SipStreamApp.Components.Shared;

namespace SipStreamApp.Telemetry.Checks;

/// <summary>The system's clock makes sense and was not set while the server runs.</summary>
internal sealed class ClockCheck(ClockWatch watch, TimeProvider time) : IServerCheck
{
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);

    public string Id => "clock";

    public string Title => "Clock";

    public Task<CheckResult> RunAsync(CancellationToken cancel) => Task.FromResult(Judge());

    private CheckResult Judge()
    {
        var now = time.GetUtcNow();
        var built = new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "SipStreamApp.dll")), TimeSpan.Zero);
        if (now < built.AddDays(-1))
            return CheckResult.Failed(Say.Exact(now), "The clock is wrong: it shows a time before this program was built.", "Set the clock (timedatectl set-ntp true). Certificates, links and histories depend on it.");
        var (step, at) = watch.Largest;
        var figure = string.Create(CultureInfo.InvariantCulture, $"largest jump {step.TotalSeconds:0.000} s in {Say.Duration(now - watch.Since)}");
        return step.Duration() > Jump
            ? CheckResult.Warning(figure, $"The clock was set by {step.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s at {Say.Exact(at)}. Times in the history and the expiry of links are off by that.", "Let the clock be kept by NTP (timedatectl set-ntp true).")
            : CheckResult.Good(figure);
    }
}
