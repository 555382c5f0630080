using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;
using static SipStreamApp.Tests.EndToEnd.ViewerMeasurements;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A real browser publishes its camera and microphone by WHIP.</summary>
[Collection(ViewerMeasurements.Name)]
public class BrowserPublishTests
{
    [Theory]
    [InlineData("VP8")]
    [InlineData("H264")]
    public async Task Whip_CameraAndMicrophone_AreSeenAndHeardByWhep(string codec)
    {
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync(camera: true);
        await using var publisher = await PublishPage.OpenAsync(chromium, app.Url, new() { Codec = codec });
        Assert.Equal(201, await publisher.WhipAsync("cam"));
        await using var viewer = await WhepViewer.StartAsync(chromium, app.Url, "cam");
        var seen = await viewer.UntilAsync(f => f is { FramesDecoded: > 60, AudioEnergy: > 0.0001 }, TimeSpan.FromSeconds(15));
        Say($"{seen} {await publisher.FiguresAsync()} {app.Engine.Publishers[0]}");
        Assert.Contains($"video/{codec}", seen.Codecs);
    }
}
