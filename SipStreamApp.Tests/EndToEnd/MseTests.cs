using System.Net;
using System.Net.WebSockets;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Kit.Phones;
using SipStreamApp.Tests.Media.Mp4;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>MSE over its WebSocket, with a call behind it.</summary>
public class MseTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("opus", "opus")]
    [InlineData("PCMU", "AAC")]
    [InlineData("PCMA", "AAC")]
    [InlineData("G722", "AAC")]
    public async Task Play_AnyCodec_TheToneIsHeardAndFlashAndBeepCoincide(string codec, string played)
    {
        await using var phone = TestPhone.Start(new TestPhoneOptions { ObeysKeyframeRequests = false });
        await using var app = await RunningApp.StartAsync("--Media:AudioCodecs", codec);
        await phone.CallFromAsync(app, "m1");
        await app.UntilStatusAsync("m1", "ESTABLISHED", Soon);
        var client = await MseClient.ListenAsync(app, "m1", TimeSpan.FromSeconds(6));
        var init = client.First("init");
        Assert.Equal(("H264", played, 640), (init.GetProperty("video").GetString(), init.GetProperty("audio").GetString(), init.GetProperty("width").GetInt32()));
        Assert.Contains(client.Said, m => m.GetProperty("type").GetString() == "clock");
        var file = client.Files[^1];
        Assert.True(Mp4Kit.Decode(file) is "", Mp4Kit.Decode(file));
        Assert.True(AvSync.HearsTone(file));
        AvSync.AssertTogether(file);
    }

    [Fact]
    public async Task Play_SoundOnlyAndPictureOnly_HaveWhatThereIs()
    {
        await using var app = await RunningApp.StartAsync("--Media:AudioCodecs", "PCMA");
        await app.CallDemoAsync("sound", video: false);
        await app.CallDemoAsync("picture", audio: false);
        await app.UntilStatusAsync("sound", "ESTABLISHED", Soon);
        await app.UntilStatusAsync("picture", "ESTABLISHED", Soon);
        var sound = MseClient.ListenAsync(app, "sound", TimeSpan.FromSeconds(4));
        var picture = await MseClient.ListenAsync(app, "picture", TimeSpan.FromSeconds(4));
        Assert.True(AvSync.HearsTone((await sound).Files[^1]));
        Assert.StartsWith("audio/mp4", (await sound).First("init").GetProperty("mime").GetString(), StringComparison.Ordinal);
        Assert.True(Mp4Kit.Decode(picture.Files[^1]) is "", Mp4Kit.Decode(picture.Files[^1]));
        Assert.True(AvSync.Flashes(picture.Files[^1]).Count > 1);
    }

    [Fact]
    public async Task Play_NoSuchStream_IsToldInWordsAndByTheCloseCode()
    {
        await using var app = await RunningApp.StartAsync();
        var client = await MseClient.ListenAsync(app, "nobody", Soon);
        Assert.Equal(("stream-not-found", 4404), (client.First("error").GetProperty("code").GetString(), client.CloseStatus));
    }

    [Fact]
    public async Task Play_EndOfTheCall_IsTold()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("m1");
        await app.UntilStatusAsync("m1", "ESTABLISHED", Soon);
        var listening = MseClient.ListenAsync(app, "m1", Soon);
        await Task.Delay(1500);
        using var end = await app.PostAsync("/call/terminate", new { callId = "m1" });
        var client = await listening;
        Assert.Equal(("PublisherStopped", 1000), (client.First("end").GetProperty("reason").GetString(), client.CloseStatus));
        await Wait.ForAsync(() => app.Engine.Frames.Outstanding == 0, Soon, () => $"{app.Engine.Frames.Outstanding} frames are left behind");
    }

    [Fact]
    public async Task Play_FromAnOriginThatMayNot_IsRefused()
    {
        await using var app = await RunningApp.StartAsync();
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => MseClient.ListenAsync(app, "m1", Soon, "https://elsewhere.example"));
        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        using var plain = await app.Http.GetAsync("/mse/m1");
        Assert.Equal(HttpStatusCode.UpgradeRequired, plain.StatusCode);
    }
}
