using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;
using static SipStreamApp.Tests.EndToEnd.ViewerMeasurements;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A viewer on a bad line: every 20th datagram of ours is lost, retransmissions too.</summary>
[Collection(ViewerMeasurements.Name)]
public class ViewerLossTests
{
    [Fact]
    public async Task FivePercentLossTowardsTheViewer_IsRepairedWithoutAFreezeOfHalfASecond()
    {
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        using var relay = new LossyRelay(app.Engine.Viewers.Port, loss: 0.05);
        await using var viewer = await WhepViewer.OpenAsync(chromium, app.Url);
        await app.CallDemoAsync("c1");
        await viewer.WatchAsync("c1", relayPort: relay.Port);
        var start = await viewer.UntilAsync(f => f.FramesDecoded > 50, TimeSpan.FromSeconds(20));
        await viewer.ResetGapsAsync();
        var lost = relay.Dropped;
        await Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var end = await viewer.FiguresAsync();
        lost = relay.Dropped - lost;
        Say($"in 30 s {lost} datagrams lost of {relay.Forwarded + relay.Dropped}; {end.FramesDecoded - start.FramesDecoded} pictures decoded, longest gap {end.LongestGapMs:F0} ms, " +
            $"{end.Freezes - start.Freezes} freezes; {end.Nacks} NACKs, {end.Retransmitted} by RTX, {end.VideoLost} missing at first, {end.Plis} PLIs");
        Assert.True(lost > 60, $"only {lost} datagrams were lost");
        Assert.True(end.Retransmitted > 20, "nothing came again");
        Assert.InRange(end.LongestGapMs, 1, 500);
        Assert.InRange(end.FramesDecoded - start.FramesDecoded, 700, 800);
        Assert.True(app.Engine.Viewers.Viewers is [{ Resent: > 20 }]);
    }
}
