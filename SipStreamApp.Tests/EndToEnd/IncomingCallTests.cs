using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A real softphone calls an identity of the program by way of a real SIP server.</summary>
[Collection(PhoneCollection.Name)]
public class IncomingCallTests(PhoneLab lab) : PhoneTest(lab)
{
    private const string Me = "sip:10006@" + Kamailio.Domain;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task CallIn_RefusedHere_ThenGivenUpThere()
    {
        await using (var line = await IncomingLine.OpenAsync(Lab.App.Engine, Lab.Server))
        {
            await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions());
            await phone.DialAsync(Me);
            var call = await line.RingsAsync();
            Assert.Equal(("10005", "10006", Kamailio.Domain), (call.Caller, call.Callee, call.Domain));
            Assert.Contains(Codec.Pcmu, call.OfferedAudio);
            Assert.Contains(Codec.H264, call.OfferedVideo);
            Assert.True(await Lab.App.Engine.HangUpAsync(call.Id));
            await phone.UntilSaysAsync("486", Patience);
            Assert.Equal("rejected-here", await Lab.CauseOfEndAsync(call.Id.Value, "FINISH", Patience));

            await phone.DialAsync(Me);
            call = await line.RingsAsync();
            await phone.UntilSaysAsync("180 Ringing", Patience);
            await phone.PressAsync("b");
            Assert.Equal("cancelled-there", await Lab.CauseOfEndAsync(call.Id.Value, "FINISH", Patience));
            Assert.Equal("call-not-found", (await Lab.App.Engine.AnswerAsync(call.Id, Codec.Pcmu, null, CancellationToken.None)).Failures[0].Code);
        }

        await Lab.AssertNothingLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallIn_Answered_IsAStreamAndHearsUs(bool phoneHangsUp)
    {
        var media = Directory.CreateDirectory(Path.Combine(Lab.App.DataFolder, "media")).FullName;
        await PeerProcess.RunAsync("ffmpeg", media, "-v", "error", "-y", "-f", "lavfi", "-i", "sine=1800:r=8000", "-t", "2", "greeting.wav");
        await using (var line = await IncomingLine.OpenAsync(Lab.App.Engine, Lab.Server))
        {
            await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions());
            await phone.DialAsync(Me);
            var call = await line.RingsAsync();
            var answered = await Lab.App.Engine.AnswerAsync(call.Id, Codec.Pcmu, Codec.H264, TestContext.Current.CancellationToken);
            Assert.True(answered.Succeeded, string.Join(", ", answered.Failures));
            Assert.Null(await Lab.App.Engine.InjectSoundAsync(call.Id, "greeting.wav", TestContext.Current.CancellationToken));

            await using var viewer = await WhepViewer.StartAsync(Lab.Chromium, Lab.App.Url, call.StreamName.Value);
            await viewer.UntilAsync(f => f is { FramesDecoded: > 10, Width: 640 }, Patience);
            await PageEars.AssertHearsBeepAsync(viewer, Patience);
            Assert.Equal("ESTABLISHED", (await Lab.App.FindCallAsync(call.Id.Value))!.Value.GetProperty("status").GetString());

            if (phoneHangsUp) await phone.PressAsync("b");
            else await Lab.EndCallAsync(call.Id.Value);
            Assert.Equal(phoneHangsUp ? "hung-up-there" : "hung-up-here", await Lab.CauseOfEndAsync(call.Id.Value, "FINISH", Patience));
            if (!phoneHangsUp) await phone.UntilSaysAsync("session closed", Patience);
            Assert.True(phone.Heard(1800), "The phone did not hear what was played to it:\n" + phone.Output);
        }

        await Lab.AssertNothingLeftAsync();
    }

    [Fact]
    public async Task CallIn_ForAnIdentityThatOnlyCallsOut_Gets403AndDisturbsNobody()
    {
        // What a call out registers for itself is no wish to be called: nobody here would take it.
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = "pcma", Video = false });
        await using var stranger = await Baresip.StartAsync(Lab.Server, new BaresipOptions { User = "10007", Video = false });
        var id = PhoneLab.NewId("out");
        await Lab.StartCallAsync(Lab.SeedCall(id));
        await Lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        await stranger.DialAsync(Me);
        await stranger.UntilSaysAsync("403", Patience);
        var call = Assert.Single(Lab.App.Engine.Calls, c => !c.IsEnded);
        Assert.Equal(id, call.Id.Value);
        var before = Lab.Packets(id);
        await Wait.ForAsync(() => Lab.Packets(id) > before + 25, Patience, () => "The call that was up fell silent");
        await Lab.EndCallAsync(id);
        await Lab.AssertNothingLeftAsync();
    }
}
