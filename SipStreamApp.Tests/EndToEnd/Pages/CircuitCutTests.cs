using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>The connection of a page to the server is away for a whole minute. Two minutes and a half, so run by tools/look.sh.</summary>
[Collection(PagesCollection.Name)]
public class CircuitCutTests(PagesLab lab)
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task OneMinute_DraftAndVideoSurvive()
    {
        await using var app = await RunningApp.StartAsync();
        await CircuitCut.RunAsync(app, lab.Chromium, Minute);
    }

    /// <summary>The server has let the circuit go long before: the page is made anew from its state, in the same tab.</summary>
    [Fact]
    public async Task OneMinute_ServerDroppedTheCircuit_DraftAndVideoSurvive()
    {
        await using var app = await RunningApp.StartAsync();
        await CircuitCut.RunAsync(app, lab.Chromium, Minute, keptFor: TimeSpan.FromSeconds(5));
    }
}
