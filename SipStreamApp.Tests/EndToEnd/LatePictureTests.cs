using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A picture that travels 400 ms longer than its sound is put right by the sender reports, in every output that plays both.</summary>
[Collection("alone")]
public class LatePictureTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    // A phone that jumps to a keyframe when asked would tear its own picture from its sound: this one keeps its course.
    // 400 ms are taken back at 40 ms a second, counted from the first sender reports.
    private static readonly TimeSpan Converged = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Play_PictureComesFourTenthsLate_IsTogetherWithItsSoundInHlsMseAndRtmp()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var phone = TestPhone.Start(new TestPhoneOptions
        {
            PictureLine = new PhoneLine { Delay = TimeSpan.FromMilliseconds(400) }, ObeysKeyframeRequests = false,
        });
        await using var app = await RunningApp.StartAsync();
        await phone.CallFromAsync(app, "late");
        await app.UntilStatusAsync("late", "ESTABLISHED", Soon);
        await Task.Delay(Converged);
        var measured = app.Engine.Streams.Single().AvOffset;
        Assert.NotNull(measured);
        Assert.InRange(measured.Value.TotalMilliseconds, 350, 450);

        var push = await app.StartPushAsync("late", nginx.Url);
        await app.UntilPushAsync(push, PushState.Publishing, Soon);
        var hls = HlsClient.FetchAsync(app, "late", 4);
        var mse = MseClient.ListenAsync(app, "late", TimeSpan.FromSeconds(6));
        var rtmp = await nginx.ReceiveAsync("rtmp_late", 8);
        AvSync.AssertTogether(await hls);
        AvSync.AssertTogether((await mse).Files[^1]);
        var (flashes, beeps) = (rtmp.Flashes(), rtmp.Beeps());
        var late = flashes.Where(f => f is > 1 and < 6).Select(f => beeps.MinBy(b => Math.Abs(b - f)) - f).Order().ToList();
        Assert.True(late.Count >= 3 && late.All(l => Math.Abs(l) <= 0.04), $"RTMP: {string.Join(' ', late)}: flashes at {string.Join(' ', flashes)}, beeps at {string.Join(' ', beeps)}");
    }
}
