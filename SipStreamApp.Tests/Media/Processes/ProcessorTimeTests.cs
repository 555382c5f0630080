using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Media.Processes;

/// <summary>The work of programs that the server started is the server's: against real ones.</summary>
public sealed class ProcessorTimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Used_CountsWhatAChildTakes_WhileItRunsAndWhenItIsGone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not tell.");
        var before = ProcessorTime.OfChildren();
        TimeSpan alive;
        await using (var child = Busy())
        {
            await Wait.ForAsync(() => ProcessorTime.OfChildren() - before > TimeSpan.FromMilliseconds(200), Patience, () => $"{ProcessorTime.OfChildren() - before} after a child that only counts");
            alive = ProcessorTime.OfChildren();
        }

        // Now it is in the sums of what has ended.
        Assert.True(ProcessorTime.OfChildren() >= alive, $"{ProcessorTime.OfChildren()} after {alive}");
        Assert.True(ProcessorTime.Used() >= Environment.CpuUsage.TotalTime - TimeSpan.FromMilliseconds(100) + alive);
    }

    [Fact]
    public async Task Gauge_RefusesForTheWorkOfAChild()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not tell.");
        var time = TimeProvider.System;
        using var gauge = new CpuGauge(1, new EngineClock(time), time);
        var own = gauge.Used;

        // What the tests themselves take is left out: the child alone has to do it.
        gauge.Used = () => own() - Environment.CpuUsage.TotalTime;
        await using var child = Busy();
        await Wait.ForAsync(() => gauge.Refusal is { Code: "overloaded" }, Patience, () => "a child that only counts is not seen");
    }

    private static ChildProcess Busy() => ChildProcess.Start(new ChildCommand("sh", ["-c", "while :; do :; done"]), out _)!;
}
