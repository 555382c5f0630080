using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A second kind of softphone as the callee.</summary>
[Collection(PhoneCollection.Name)]
public class PhoneLinphoneTests(PhoneLab lab, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Startup_LinphoneBehindKamailio_PlaysPictureAndSoundOrPictureAlone(bool sound)
    {
        await lab.ClearAsync();
        await using var phone = await Linphone.StartAsync(lab.Server);
        var id = PhoneLab.NewId("linphone");
        await using var viewer = await WhepViewer.StartAsync(lab.Chromium, lab.App.Url, id);
        var call = lab.SeedCall(id, phone.User);
        call["hasAudio"] = sound ? "true" : "false";
        await lab.StartCallAsync(call);
        await lab.App.UntilStatusAsync(id, "ESTABLISHED", Patience);
        try
        {
            var seen = await viewer.UntilAsync(f => f is { FramesDecoded: > 3, Width: > 0 } && (!sound || f.AudioEnergy > 0.0001), Patience);
            Assert.Null(seen.Error);
            output.WriteLine($"{seen}: {string.Join(' ', seen.Codecs)}");
            if (sound) await PageEars.AssertHearsBeepAsync(viewer, Patience);
        }
        finally
        {
            foreach (var media in lab.App.Engine.Calls.First(c => c.Id.Value == id).Media) output.WriteLine($"{media}");
            if (Environment.GetEnvironmentVariable("SIPSTREAM_PEER_LOGS") is { } logs) await File.WriteAllTextAsync(logs, phone.Log);
        }

        await lab.EndCallAsync(id);
        Assert.True(await Wait.UntilAsync(() => phone.Log.Contains("to LinphoneCallEnd", StringComparison.Ordinal), Patience), phone.Output);
        await lab.AssertNothingLeftAsync();
    }
}
