using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The demo call sent to a real RTMP server and received from there.</summary>
public class PushTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Startup_OfTheDemoCall_IsReceivedFromNginxInSync()
    {
        await using var nginx = await NginxRtmp.StartAsync();
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("show");

        var push = await app.StartPushAsync("show", nginx.Url);
        Assert.Equal("rtmp_show", push.GetProperty("streamName").GetString());
        await app.UntilPushAsync(push, PushState.Publishing, Limit);
        var received = await nginx.ReceiveAsync("rtmp_show", 8);

        Assert.Equal(["h264,640,360", "aac,48000,2"], received.Streams());
        Assert.True(received.StartsWithKeyframe());
        Assert.True(received.Hears(440));
        var (flashes, beeps) = (received.Flashes(), received.Beeps());
        Assert.InRange(flashes.Count, 4, 9);
        foreach (var flash in flashes.Where(f => f > 1 && f < 6))
        {
            var nearest = beeps.MinBy(b => Math.Abs(b - flash));
            Assert.True(Math.Abs(nearest - flash) < 0.040, $"Flashes at {string.Join(' ', flashes)}, beeps at {string.Join(' ', beeps)}");
        }
    }
}
