using System.Net.WebSockets;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

public class NetworkGoneTests
{
    [Fact]
    public async Task Phone_WithoutNetworkForTwentySeconds_KeepsItsCallAndItsViewer()
    {
        var isGone = false;
        var line = new PhoneLine { IsGone = () => Volatile.Read(ref isGone) };
        await using var phone = TestPhone.Start(new TestPhoneOptions { SoundLine = line, PictureLine = line });
        await using var app = await RunningApp.StartAsync();
        using var started = await app.PostAsync("/call/startup", PhoneLab.DirectCall("gone", phone.Port, video: true));
        Assert.True(started.IsSuccessStatusCode);
        await app.UntilStatusAsync("gone", "ESTABLISHED", TimeSpan.FromSeconds(20));
        using var viewer = new ClientWebSocket();
        await viewer.ConnectAsync(new Uri($"{app.Url.Replace("http", "ws", StringComparison.Ordinal)}/mse/gone"), TestContext.Current.CancellationToken);
        var seen = 0L;
        var watching = WatchAsync();
        await Wait.ForAsync(() => Volatile.Read(ref seen) > 100_000, TimeSpan.FromSeconds(20), () => $"{seen} bytes");

        Volatile.Write(ref isGone, true);
        await Wait.ForAsync(() => Call().Media.All(m => m.SinceLastPacket >= TimeSpan.FromSeconds(20)), TimeSpan.FromSeconds(35), () => $"{Call()}");
        Assert.Equal(CallStatus.Established, Call().Status);
        var before = Volatile.Read(ref seen);
        Volatile.Write(ref isGone, false);

        await Wait.ForAsync(() => Volatile.Read(ref seen) > before + 100_000, TimeSpan.FromSeconds(20), () => $"{seen - before} bytes more");
        Assert.Equal((CallStatus.Established, WebSocketState.Open), (Call().Status, viewer.State));
        viewer.Abort();
        await watching;

        CallSnapshot Call() => app.Engine.FindCall(new CallId("gone"))!;

        async Task WatchAsync()
        {
            var buffer = new byte[1 << 16];
            try
            {
                while (viewer.State == WebSocketState.Open) Interlocked.Add(ref seen, (await viewer.ReceiveAsync(buffer, CancellationToken.None)).Count);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException)
            {
                // The end of the test.
            }
        }
    }
}
