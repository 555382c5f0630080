using System.Diagnostics;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A server that freezes. Alone: how soon that is seen depends on how fast its system's buffer is filled.</summary>
[Collection("alone")]
public class PushFreezeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Push_WhenTheServerFreezesInTheMiddle_NoticesItWithinTenSeconds()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var phone = TestPhone.Start(new TestPhoneOptions { Picture = await MegabitAsync() });
        await using var app = await RunningApp.StartAsync();
        await phone.CallFromAsync(app, "freeze");
        var push = await app.StartPushAsync("freeze", nginx.Url);
        await app.UntilPushAsync(push, PushState.Publishing, Limit);
        await Wait.ForAsync(() => app.Push(push).BitrateKbps > 800, Limit, () => $"{app.Push(push)}");
        var sent = app.Push(push).BytesSent;
        await nginx.SignalAsync("STOP");
        var watch = Stopwatch.StartNew();
        try
        {
            // The kernel goes on taking for the frozen process: a fraction of a second's worth at 1 Mbit/s.
            await app.UntilPushAsync(push, PushState.Retrying, TimeSpan.FromSeconds(40));
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"noticed after {watch.Elapsed}");
            Assert.Contains(app.Push(push).Cause?.Code, (string?[])["target-hangs", "no-answer"]);
            Assert.InRange(app.Push(push).BytesSent - sent, 0, 1_000_000);
            TestContext.Current.TestOutputHelper?.WriteLine($"noticed after {watch.Elapsed}, {app.Push(push).BytesSent - sent} bytes after the stop, {app.Push(push).Cause?.Code}");
        }
        finally
        {
            await nginx.SignalAsync("CONT");
        }

        await app.UntilPushAsync(push, PushState.Publishing, Limit);
    }

    // A picture that cannot be coded well, at a constant rate.
    private static async Task<PhoneClip> MegabitAsync()
    {
        using var folder = new TestFolder();
        await PeerProcess.RunAsync(
            "ffmpeg", folder.Path, "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25,noise=alls=40:allf=t", "-t", "4", "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "baseline",
            "-b:v", "1000k", "-maxrate", "1000k", "-bufsize", "200k", "-g", "50", "-x264-params", "slices=1:sliced-threads=0:threads=1:scenecut=0", "-f", "h264", "clip.h264");
        return PhoneClip.FromAnnexB(await File.ReadAllBytesAsync(folder.File("clip.h264")));
    }
}
