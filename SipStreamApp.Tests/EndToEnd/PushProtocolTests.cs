using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The other ways to a server: RTMP in TLS, SRT and RTSP, each to a receiver that is not ours.</summary>
public class PushProtocolTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Startup_WithRtmps_IsReceivedWhereTheCertificateIsNotAskedForAndRefusedWhereItIs()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var tls = new TlsFront(nginx.Port);
        var url = $"rtmps://127.0.0.1:{tls.Port}/live";
        await using var careful = await RunningApp.StartAsync();
        await careful.CallDemoAsync("careful");
        var refused = await careful.StartPushAsync("careful", url);
        await careful.UntilPushAsync(refused, PushState.Retrying, Limit);
        Assert.Equal("tls-failed", careful.Push(refused).Cause?.Code);

        await using var trusting = await RunningApp.StartAsync("--Push:VerifyCertificates", "false");
        await trusting.CallDemoAsync("trusting");
        var push = await trusting.StartPushAsync("trusting", url);
        await trusting.UntilPushAsync(push, PushState.Publishing, Limit);
        var received = await nginx.ReceiveAsync("rtmp_trusting", 3);
        Assert.Equal(["h264,640,360", "aac,48000,2"], received.Streams());
        Assert.True(received.Hears(440));
        Assert.True(tls.Handshakes > 0);
    }

    [Theory]
    [InlineData("srt", "?mode=listener", "", "ts", 4)]
    // Longer than what is taken for a server that hangs: its bytes are counted another way.
    [InlineData("rtsp", "/live/clip", "/live/clip", "mkv", 10)]
    public async Task Startup_WithSrtOrRtsp_IsReceivedByAListener(string scheme, string listenAt, string sendTo, string ending, int seconds)
    {
        using var folder = new TestFolder();
        var (host, file) = ($"{scheme}://127.0.0.1:{FreePort.Next()}", folder.File("received." + ending));
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("other");
        await app.UntilStatusAsync("other", "ESTABLISHED", Limit);
        string[] listen = scheme == "rtsp" ? ["-rtsp_flags", "listen"] : [];
        await using var listener = PeerProcess.Start("ffmpeg", folder.Path, ["-v", "error", "-nostdin", .. listen, "-i", host + listenAt, "-t", $"{seconds}", "-c", "copy", file]);
        var push = await app.StartPushAsync("other", host + sendTo, fullUrl: true);
        await app.UntilPushAsync(push, PushState.Publishing, Limit);
        await listener.WaitForExitAsync(TimeSpan.FromSeconds(40));
        Assert.True(listener.ExitCode == 0 && File.Exists(file), $"{listener.Output}\n{app.Push(push)}");
        var received = new Received(file);
        Assert.Contains("h264,640,360", received.Streams());
        Assert.True(received.Hears(440));
        Assert.True(app.Push(push) is { BytesSent: > 50_000, Reconnects: 0 }, $"{app.Push(push)}");
    }
}
