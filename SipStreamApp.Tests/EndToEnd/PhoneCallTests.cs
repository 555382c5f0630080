using System.Globalization;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Calls to baresip, registered behind Kamailio with digest and Record-Route, seen and heard in Chromium.</summary>
[Collection(PhoneCollection.Name)]
public class PhoneCallTests(PhoneLab lab, ITestOutputHelper output) : PhoneTest(lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("pcmu", "udp", "audio/PCMU")]
    [InlineData("pcma", "udp", "audio/PCMA")]
    [InlineData("opus", "udp", "audio/opus")]
    [InlineData("g722", "udp", "audio/G722")]
    [InlineData("pcmu", "tcp", "audio/PCMU")]
    public async Task Startup_BaresipBehindKamailio_PlaysAndEndsOnBothSides(string codec, string transport, string heard)
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = codec });
        var id = PhoneLab.NewId("seed");
        var call = Lab.SeedCall(id);
        if (transport == "tcp") (call["sipOutboundProxy"], call["sipPort"]) = ($"sip:127.0.0.1:{Lab.Server.Port};transport=tcp", null);
        await using var viewer = await WhepViewer.StartAsync(Lab.Chromium, Lab.App.Url, id);
        await Lab.StartCallAsync(call);
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        var seen = await viewer.UntilAsync(f => f is { FramesDecoded: > 10, Width: 640, Height: 480, AudioEnergy: > 0.0001 }, Patience);
        Assert.Null(seen.Error);
        Assert.Contains("video/H264", seen.Codecs);
        Assert.Contains(heard, seen.Codecs);
        await PageEars.AssertHearsBeepAsync(viewer, Patience);
        await TellTimesAsync(viewer, id);
        Assert.Contains($"SEEN REGISTER by {transport} from 10006", Lab.Server.Output, StringComparison.Ordinal);
        Assert.True(await Lab.Server.HasRegisteredAsync("10006"));
        await Lab.EndCallAsync(id);
        Assert.True(await Wait.UntilAsync(() => phone.Output.Contains("terminated", StringComparison.Ordinal), Patience), phone.Output);
        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Startup_SoundOnly_PlaysIt()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions());
        var id = PhoneLab.NewId("sound");
        var call = Lab.SeedCall(id);
        call["hasVideo"] = "false";
        await using var viewer = await WhepViewer.StartAsync(Lab.Chromium, Lab.App.Url, id);
        await Lab.StartCallAsync(call);
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        var seen = await viewer.UntilAsync(f => f is { AudioEnergy: > 0.0001, Codecs: ["audio/PCMU"] }, Patience);
        Assert.Null(seen.Error);
        var medium = Assert.Single(Assert.Single(Lab.App.Engine.Calls, c => c.Id.Value == id).Media);
        Assert.Equal(MediaKind.Audio, medium.Kind);
        await Lab.EndCallAsync(id);
        await Lab.AssertNothingLeftAsync();
    }

    // This softphone takes no call without sound; linphone does, see PhoneLinphoneTests.
    [Fact]
    public async Task Startup_PictureOnlyToAPhoneThatWantsSound_FailsWithNoCommonCodec()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions());
        var id = PhoneLab.NewId("picture");
        var call = Lab.SeedCall(id);
        call["hasAudio"] = "false";
        await Lab.StartCallAsync(call);
        Assert.Equal("no-common-codec", await Lab.CauseOfEndAsync(id, "FAILED", Patience));
        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Startup_AuthenticationNameOtherThanLogin_IsAnsweredWithIt()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { Video = false });
        var id = PhoneLab.NewId("auth");
        var call = Lab.SeedCall(id);
        (call["sipAuthenticationName"], call["visibleName"]) = ("auth-10006", "Tester at work");
        await Lab.StartCallAsync(call);
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        Assert.Contains("authenticated auth-10006", Lab.Server.Output, StringComparison.Ordinal);
        await Lab.EndCallAsync(id);
        await Lab.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task Startup_WrongPassword_FailsWithThatCause(string register)
    {
        var id = PhoneLab.NewId("password");
        var call = Lab.SeedCall(id);
        (call["sipPassword"], call["sipRegisterRequired"]) = ("wrong", register);
        await Lab.StartCallAsync(call);
        Assert.Equal("wrong-password", await Lab.CauseOfEndAsync(id, "FAILED", Patience));
        Assert.Null(await Lab.App.FindCallAsync(id));
        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Bye_FromTheCallee_EndsCallStreamAndViewer()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions());
        var id = PhoneLab.NewId("bye");
        await using var viewer = await WhepViewer.StartAsync(Lab.Chromium, Lab.App.Url, id);
        await Lab.StartCallAsync(Lab.SeedCall(id));
        await viewer.UntilAsync(f => f.FramesDecoded > 5, Patience);
        await phone.PressAsync("b");
        Assert.Equal("hung-up-there", await Lab.CauseOfEndAsync(id, "FINISH", Patience));
        Assert.Empty(Lab.App.Engine.Streams);
        var state = "";
        Assert.True(
            await Wait.UntilAsync(async () => (state = await viewer.Page.EvaluateAsync<string>("() => window.viewer.pc.connectionState")) is "closed" or "failed" or "disconnected", Patience),
            $"The viewer's connection is {state}");
        output.WriteLine($"viewer's connection after the end: {state}");
        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Hold_ByTheCallee_ShowsAndResumesWithTheSameStream()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions());
        var id = PhoneLab.NewId("hold");
        await using var viewer = await WhepViewer.StartAsync(Lab.Chromium, Lab.App.Url, id);
        await Lab.StartCallAsync(Lab.SeedCall(id));
        await viewer.UntilAsync(f => f is { FramesDecoded: > 5, AudioPackets: > 10 }, Patience);
        await phone.PressAsync("x");
        await Lab.App.UntilStatusAsync(id, "HOLD", Patience);
        await Task.Delay(1000);
        var held = await viewer.FiguresAsync();
        await phone.PressAsync("X");
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        var resumed = await viewer.UntilAsync(f => f.FramesDecoded > held.FramesDecoded + 20 && f.AudioPackets > held.AudioPackets + 40, Patience);
        Assert.Null(resumed.Error);
        Assert.Equal(0, resumed.VideoLost);
        await Lab.EndCallAsync(id);
        await Lab.AssertNothingLeftAsync();
    }

    // The encoder's keyframes are far apart: the first picture comes soon only where the request for one is obeyed.
    private async Task TellTimesAsync(WhepViewer viewer, string id)
    {
        Assert.True(CallId.TryParse(id, out var callId));
        var call = Lab.App.Engine.FindCall(callId)!;
        var first = await viewer.Page.EvaluateAsync<double>("() => performance.timeOrigin + window.viewer.first");
        var afterAnswer = first - (call.AnsweredAt!.Value - DateTimeOffset.UnixEpoch).TotalMilliseconds;
        var afterStart = first - (call.CreatedAt - DateTimeOffset.UnixEpoch).TotalMilliseconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"first picture {afterAnswer:F0} ms after the answer, {afterStart:F0} ms after startup"));
        foreach (var step in call.Steps) output.WriteLine($"  {step.Name} at {step.Started.TotalMilliseconds:F0} ms took {step.Took?.TotalMilliseconds:F0} ms");
        foreach (var media in call.Media) output.WriteLine($"  {media}");
        Assert.InRange(afterAnswer, 0, 2000);
    }
}
