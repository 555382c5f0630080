using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;
using static SipStreamApp.Tests.EndToEnd.ViewerMeasurements;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>
/// Late viewers of a phone that sends one keyframe at its start and none for 20 s, whatever it is asked: they start from the cache.
/// Each picture shows its number, so that two pages can be compared to the millisecond.
/// </summary>
[Collection(ViewerMeasurements.Name)]
public class ViewerJoinTests
{
    private const int LateViewers = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LateViewer_OfAPhoneWithoutKeyframes_StartsAtOnceAndRunsLevelWithTheFirst(bool withSound)
    {
        await using var phone = TestPhone.Start(new TestPhoneOptions { Picture = await NumberedClip.GetAsync(keyEvery: NumberedClip.Frames), ObeysKeyframeRequests = false });
        await using var app = await RunningApp.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        await using var first = await WhepViewer.OpenAsync(chromium, app.Url);
        await using var late = await WhepViewer.OpenAsync(chromium, app.Url);
        var call = await phone.CallFromAsync(app, "c1", audio: withSound);
        await first.WatchAsync("c1", numbered: true);
        await first.UntilAsync(f => f.FramesDecoded > 10, TimeSpan.FromSeconds(10));
        await Wait.ForAsync(() => call.Pictures > 125, TimeSpan.FromSeconds(15), () => "the phone does not play");

        var (starts, lags) = (new List<double>(), new List<double>());
        for (var i = 0; i < LateViewers; i++)
        {
            var past = call.Pictures;
            await late.WatchAsync("c1", numbered: true);
            await late.UntilAsync(f => f.Steps.ContainsKey("frame"), TimeSpan.FromSeconds(10));
            var after = call.Pictures;
            await Wait.ForAsync(() => call.Pictures >= after + 75, TimeSpan.FromSeconds(15), () => "the phone does not play");
            var (seen, seenFirst) = (await late.FiguresAsync(), await first.FiguresAsync());
            var (a, b) = (Delays(call, await first.ShownAsync(), after + 25), Delays(call, await late.ShownAsync(), after + 25));
            starts.Add(seen.ConnectToFrameMs);
            lags.Add(Median(b) - Median(a));
            Say($"joined {past} pictures after the keyframe: {seen.StepText} ms; first picture {starts[^1]:F0} ms after the answer; " +
                $"phone to screen: first viewer {Median(a):F0} ms, late one {Median(b):F0} ms; " +
                $"in the buffers picture {seenFirst.JitterBufferMs:F0} and {seen.JitterBufferMs:F0} ms, sound {seenFirst.SoundBufferMs:F0} and {seen.SoundBufferMs:F0} ms");
            await late.StopAsync();
        }

        Say($"first picture {string.Join(", ", starts.Select(s => $"{s:F0}"))} ms after the answer; later than the first viewer by {string.Join(", ", lags.Select(s => $"{s:F0}"))} ms");
        Assert.True(call.Pictures < NumberedClip.Frames, $"the clip went round after {call.Pictures} pictures: there was a second keyframe");
        Assert.InRange(Median(starts), 1, 300);
        Assert.InRange(Median(lags), -200, 50);
    }

    private static double[] Delays(PhoneCall call, ShownPicture[] shown, long from) =>
        [.. shown.Where(s => s.N >= from && s.N < call.Pictures).Select(s => s.At - call.CapturedAt(s.N).UnixMs)];
}
