using System.Diagnostics;
using System.Globalization;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Recordings;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RecordingMeasurements
{
    public const string Name = "recording measurements";
}

/// <summary>Many recordings at once.</summary>
[Collection(RecordingMeasurements.Name)]
public class RecordingLoadTests(ITestOutputHelper output)
{
    private const int Calls = 20;

    [Fact]
    public async Task Record_TwentyCalls_NeedsNoChildProcessAndLittleTime()
    {
        await using var app = await RunningApp.StartAsync();
        for (var i = 0; i < Calls; i++) await app.CallDemoAsync($"load{i}");
        for (var i = 0; i < Calls; i++) await app.UntilStatusAsync($"load{i}", "ESTABLISHED", TimeSpan.FromSeconds(20));
        await Task.Delay(2000);
        var without = await CpuOfAsync(6);
        for (var i = 0; i < Calls; i++)
        {
            using var started = await app.PostAsync("/stream/startRecording", new { mediaSessionId = $"load{i}" });
            Assert.True(started.IsSuccessStatusCode);
        }

        await Task.Delay(3000);
        var with = await CpuOfAsync(6);
        Assert.Equal(Calls, app.Engine.Recordings.Count(r => r.Duration > TimeSpan.FromSeconds(3)));
        Assert.Empty(ChildrenOf(app.DataFolder));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"CPU of {Calls} calls: {without:P1} of a core, recorded {with:P1}; one recording {(with - without) / Calls:P2}"));
        Assert.True(with - without < 0.4, $"Recording takes {with - without:P1} of a core.");

        for (var i = 0; i < Calls; i++) Assert.True(await app.Engine.StopRecordingAsync(app.Engine.FindMediaSession($"load{i}")!.Name));
        Assert.Equal(Calls, app.Engine.Calls.Count(c => !c.IsEnded));
        var first = await app.ReadyAsync("load0", 120);
        Assert.Equal(0, first.Dropped);
        Assert.Equal("", await MediaFile.ComplaintsAsync(app.Engine.RecordingPath(first.FileName)!));
    }

    // Share of one core.
    private static async Task<double> CpuOfAsync(int seconds)
    {
        using var self = Process.GetCurrentProcess();
        var (before, from) = (self.TotalProcessorTime, TimeProvider.System.GetTimestamp());
        await Task.Delay(seconds * 1000);
        self.Refresh();
        return (self.TotalProcessorTime - before) / TimeProvider.System.GetElapsedTime(from);
    }

    // Processes that were given a path of this folder.
    private static List<string> ChildrenOf(string folder) =>
        [.. Directory.GetDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out var id) && id != Environment.ProcessId).Select(CommandLine)
            .Where(c => c.Contains(folder, StringComparison.Ordinal))];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has just ended.
        }
    }
}
