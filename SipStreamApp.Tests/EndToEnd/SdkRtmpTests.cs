using System.Text.Json;
using Microsoft.Playwright;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The published example "SIP as RTMP 4", unmodified, used as a person uses it: call, poll, push, keys, mute, music, hang up.</summary>
[Collection(PhoneCollection.Name)]
public class SdkRtmpTests(PhoneLab lab) : PhoneTest(lab)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Page_CallsPushesPressesKeysMutesAndHangsUp()
    {
        await using var site = await WebSdkSite.StartAsync();
        await using var rtmp = await NginxRtmp.StartAsync();
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = "pcma" });
        var media = Directory.CreateDirectory(Path.Combine(Lab.App.DataFolder, "media")).FullName;
        await PeerProcess.RunAsync("ffmpeg", media, "-v", "error", "-y", "-f", "lavfi", "-i", "sine=1800:r=8000", "-t", "2", "sample.wav");
        var page = await SdkPage.OpenAsync(Lab.Chromium, $"{site.Examples}/sip/sip-as-rtmp-4/sip-as-rtmp-4.html", Lab.App);
        foreach (var (field, value) in new[]
        {
            ("restUrl", Lab.App.Url + "/rest-api"), ("sipLogin", "10006"), ("sipAuthenticationName", "10006"), ("sipPassword", Kamailio.Password), ("sipDomain", Kamailio.Domain),
            ("sipOutboundProxy", "127.0.0.1"), ("sipPort", $"{Lab.Server.Port}"), ("callee", "10005"), ("rtmpUrl", rtmp.Url), ("rtmpStream", "call_stream1"),
        }) await page.Page.FillAsync("#" + field, value);
        foreach (var box in (string[])["sipRegisterRequired", "hasAudio", "hasVideo"]) await page.Page.CheckAsync("#" + box);

        // The page polls every 5 s.
        await page.Page.ClickAsync("#callBtn");
        await page.UntilStatusAsync("ESTABLISHED", "#callStatus");
        await page.Page.FillAsync("#dtmf", "15#");
        await page.Page.ClickAsync("#dtmfBtn");
        foreach (var key in "15#") await phone.UntilSaysAsync($"received event: '{key}' (end=1)", Patience);

        await page.Page.ClickAsync("#startRtmp");
        await Wait.ForAsync(() => Lab.App.Engine.Pushes is [{ State: SipStreamApp.Media.Push.PushState.Publishing }], Patience, () => $"The push is {Lab.App.Engine.Pushes.FirstOrDefault()}");
        // This server keeps no keyframe for those who come later, and the phone makes one in 25 s by itself: what a viewer would do is done for it.
        var receiving = rtmp.ReceiveAsync("rtmp_call_stream1", 6);
        while (!receiving.IsCompleted)
        {
            Lab.App.Engine.Hub.Streams.Single().RequestKeyframe();
            await Task.WhenAny(receiving, Task.Delay(1000, TestContext.Current.CancellationToken));
        }

        var received = await receiving;
        Assert.Equal(["aac", "h264"], received.Streams().Select(s => s.Split(',')[0]).Order());

        await SwitchAsync(page, "mute");
        await UntilPushAsync("muted", true);
        await SwitchAsync(page, "mute");
        await UntilPushAsync("muted", false);
        await SwitchAsync(page, "music");
        await UntilPushAsync("soundEnabled", true);
        await SwitchAsync(page, "music");
        await UntilPushAsync("soundEnabled", false);

        await page.Page.ClickAsync("#startRtmp");
        await page.UntilStatusAsync("Start", "#startRtmp");
        await page.Page.ClickAsync("#callBtn");
        await page.UntilStatusAsync("FINISHED", "#callStatus");
        await page.Page.CloseAsync();
        await Lab.AssertNothingLeftAsync();
        Assert.Empty(page.Errors);
    }

    // The page's switches lie under a picture of a switch.
    private static async Task SwitchAsync(SdkPage page, string name)
    {
        await page.Page.WaitForFunctionAsync($"() => !document.getElementById('{name}').disabled");
        await page.Page.EvaluateAsync($"() => document.getElementById('{name}').click()");
    }

    private async Task UntilPushAsync(string field, bool value)
    {
        var seen = "";
        var ok = await Wait.UntilAsync(
            async () =>
            {
                using var answer = await Lab.App.PostAsync("/push/find", new { streamName = "rtmp_call_stream1" });
                seen = await answer.Content.ReadAsStringAsync();
                using var found = JsonDocument.Parse(seen);
                return found.RootElement.ValueKind == JsonValueKind.Array && found.RootElement[0].GetProperty(field).GetBoolean() == value;
            },
            Patience);
        Assert.True(ok, $"{field} is not {value}: {seen}");
    }
}
