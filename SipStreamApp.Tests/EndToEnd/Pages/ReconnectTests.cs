using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>The connection of a page to the server breaks in the middle of work; a whole minute of it: <see cref="CircuitCutTests"/>.</summary>
[Collection(PageMeasurements.Name)]
public class ReconnectTests(PagesLab lab)
{
    [Fact]
    public Task CircuitCut_HalfFilledFormAndPlayingVideo_BothSurvive() => CircuitCut.RunAsync(lab.App, lab.Chromium, TimeSpan.FromSeconds(5));
}
