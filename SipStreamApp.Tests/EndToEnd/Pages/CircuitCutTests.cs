using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>The connection of a page to the server is away for a whole minute. Three minutes, so run by tools/look.sh.</summary>
[Collection(PageMeasurements.Name)]
public class CircuitCutTests(PagesLab lab)
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task OneMinute_DraftAndVideoSurvive()
    {
        await using var app = await RunningApp.StartAsync();
        await CircuitCut.RunAsync(app, lab.Chromium, Minute);
    }

    [Fact]
    public async Task OneMinute_ServerDroppedTheCircuit_DraftAndVideoSurvive()
    {
        await using var app = await RunningApp.StartAsync();
        await CircuitCut.RunAsync(app, lab.Chromium, Minute, Remains.State);
    }

    [Fact]
    public async Task ServerKnowsNothingAnyMore_DraftSurvives()
    {
        await using var app = await RunningApp.StartAsync();
        await CircuitCut.RunAsync(app, lab.Chromium, TimeSpan.FromSeconds(10), Remains.Nothing);
    }
}
