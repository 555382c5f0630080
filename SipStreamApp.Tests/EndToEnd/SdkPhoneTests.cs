using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Media.Streams;
using SipStreamApp.Signalling;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The published Web SDK's phone example, unmodified: a browser and a real softphone talk to each other through Kamailio and the program.</summary>
[Collection(PhoneCollection.Name)]
public class SdkPhoneTests(PhoneLab lab) : PhoneTest(lab)
{
    // The fake microphone of Chromium beeps twice a second. The pitch is not documented; this is what was measured in the recording of a call.
    private const double BrowserBeep = 400;

    // The softphone beeps once a second.
    private const double PhoneBeep = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Browser_Calls_TalksPressesKeysHoldsAndHangsUp()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = "pcma", Video = false });
        await using var site = await WebSdkSite.StartAsync();
        var page = await ConnectAsync(site);
        await CallAsync(page);
        await PageEars.AssertHearsAsync(page.Page, PhoneBeep, Patience);
        await SpeakAsync();
        // The page has no buttons for keys: what its own call object can do is asked of it.
        await page.Page.EvaluateAsync("() => currentCall.sendDTMF('5', 'RFC2833')");
        await phone.UntilSaysAsync("received event: '5' (end=1)", Patience);
        await page.Page.EvaluateAsync("() => currentCall.sendDTMF('7', 'INFO')");
        await phone.UntilSaysAsync("received DTMF: '7'", Patience);
        await page.Page.EvaluateAsync("() => currentCall.sendDTMF('8', 'INFO_RELAY')");
        await phone.UntilSaysAsync("received DTMF: '8'", Patience);
        await page.Page.ClickAsync("#holdBtn");
        await UntilStatusAsync(page, "HOLD");
        await page.Page.ClickAsync("#holdBtn");
        await UntilStatusAsync(page, "ESTABLISHED");
        await PageEars.AssertHearsAsync(page.Page, PhoneBeep, Patience);
        await page.Page.ClickAsync("#callBtn");
        await page.UntilStatusAsync("FINISH", "#callStatus");
        await phone.UntilSaysAsync("session closed", Patience);
        Assert.True(phone.Heard(BrowserBeep), "The phone did not hear the browser:\n" + phone.Output);

        // Again, and the phone hangs up.
        await CallAsync(page);
        await phone.PressAsync("b");
        await page.UntilStatusAsync("FINISH", "#callStatus");
        await CloseAsync(page);
    }

    [Fact]
    public async Task VideoPage_CallsAPhoneWithACamera_PictureAndSoundBothWays()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = "pcma" });
        await using var site = await WebSdkSite.StartAsync();
        var page = await ConnectAsync(site, "phone-video/phone-video.html");
        await CallAsync(page);
        await page.UntilPictureAsync(30, "#remoteVideo video");
        await PageEars.AssertHearsAsync(page.Page, PhoneBeep, Patience);
        await Wait.ForAsync(() => Microphone()?.Video?.Frames > 30, Patience, () => "The browser sends no picture");
        await phone.UntilSaysAsync("incoming rtp for 'video' established", Patience);
        await SpeakAsync();
        await page.Page.ClickAsync("#callBtn");
        await page.UntilStatusAsync("FINISH", "#callStatus");
        await phone.UntilSaysAsync("session closed", Patience);
        Assert.True(phone.Heard(BrowserBeep), "The phone did not hear the browser:\n" + phone.Output);
        await CloseAsync(page);
    }

    [Fact]
    public async Task Browser_IsCalled_RefusesMissesAndAnswers_WithSoundBothWays()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = "pcma", Video = false });
        await using var site = await WebSdkSite.StartAsync();
        var page = await ConnectAsync(site);

        await RingsAsync(page, phone);
        await page.Page.ClickAsync("#hangupBtn");
        await phone.UntilSaysAsync("486", Patience);
        await page.UntilStatusAsync("FINISH", "#callStatus");

        await RingsAsync(page, phone);
        await phone.PressAsync("b");
        await page.UntilStatusAsync("FINISH", "#callStatus");

        // Answered: the phone hangs up, then the browser.
        foreach (var byPhone in (bool[])[true, false])
        {
            await RingsAsync(page, phone);
            await page.Page.ClickAsync("#answerBtn");
            await page.UntilStatusAsync("ESTABLISHED", "#callStatus");
            await PageEars.AssertHearsAsync(page.Page, PhoneBeep, Patience);
            await SpeakAsync();
            if (byPhone) await phone.PressAsync("b");
            else await page.Page.ClickAsync("#hangupBtn");
            await page.UntilStatusAsync("FINISH", "#callStatus");
            if (!byPhone) await phone.UntilSaysAsync("Connection reset by peer", Patience);
            Assert.True(phone.Heard(BrowserBeep), "The phone did not hear the browser:\n" + phone.Output);
        }

        await CloseAsync(page);
    }

    [Fact]
    public async Task Page_LeavesAndComesBackByItsToken_IsRegisteredStillAndRings()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = "pcma", Video = false });
        await using var site = await WebSdkSite.StartAsync();
        var page = await ConnectAsync(site);
        var session = Assert.Single(Sessions.All).SessionId;
        var token = await page.Page.InputValueAsync("#authToken");
        await page.Page.ClickAsync("#connectBtn");
        await page.UntilStatusAsync("DISCONNECTED", "#regStatus");
        await phone.DialAsync($"sip:10006@{Kamailio.Domain}");
        await Wait.ForAsync(() => Lab.App.Engine.Calls.Any(c => c is { Incoming: true, IsEnded: false }), Patience, () => "The call does not ring");
        await page.Page.FillAsync("#authToken", token);
        await page.Page.ClickAsync("#connectTokenBtn");
        await page.UntilStatusAsync("REGISTERED", "#regStatus");
        await page.Page.WaitForSelectorAsync("#answerBtn:visible:enabled");
        await page.Page.ClickAsync("#answerBtn");
        await page.UntilStatusAsync("ESTABLISHED", "#callStatus");
        await PageEars.AssertHearsAsync(page.Page, PhoneBeep, Patience);
        Assert.Equal(session, Assert.Single(Sessions.All).SessionId);
        await page.Page.ClickAsync("#hangupBtn");
        await page.UntilStatusAsync("FINISH", "#callStatus");
        await CloseAsync(page);
    }

    [Fact]
    public async Task Browser_TransfersTheCall_AndIsOutOfIt()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = "pcma", Video = false });
        await using var target = await Baresip.StartAsync(Lab.Server, new BaresipOptions { User = "10007", AudioCodecs = "pcma", Video = false });
        await using var site = await WebSdkSite.StartAsync();
        var page = await ConnectAsync(site);

        // Nobody there: the call goes on.
        await CallAsync(page);
        await page.Page.EvaluateAsync("() => currentCall.transfer('10099')");
        await UntilTransferAsync(page, "ACCEPTED", "TRYING", "FAILED");
        await UntilStatusAsync(page, "ESTABLISHED");

        await page.Page.EvaluateAsync("() => currentCall.transfer('10007')");
        await UntilTransferAsync(page, "ACCEPTED", "TRYING", "FAILED", "ACCEPTED", "TRYING", "COMPLETED");
        await page.UntilStatusAsync("FINISH", "#callStatus");
        await target.UntilSaysAsync("Call established", Patience);
        await Wait.ForAsync(() => target.Heard(PhoneBeep), Patience, () => "The two phones do not hear each other:\n" + target.Output);
        await CloseAsync(page);
    }

    [Fact]
    public async Task Page_IsLoadedAnewInACall_CallEndsAndItIsReachableAgain()
    {
        await using var phone = await Baresip.StartAsync(Lab.Server, new BaresipOptions { AudioCodecs = "pcma", Video = false });
        await using var site = await WebSdkSite.StartAsync();
        var page = await ConnectAsync(site);
        await CallAsync(page);
        await page.Page.ReloadAsync();
        await phone.UntilSaysAsync("session closed", Patience);
        await RegisterAsync(page);
        await RingsAsync(page, phone);
        await page.Page.ClickAsync("#hangupBtn");
        await page.UntilStatusAsync("FINISH", "#callStatus");
        await CloseAsync(page);
    }

    private static async Task CallAsync(SdkPage page)
    {
        await page.Page.FillAsync("#callee", "10005");
        await page.Page.ClickAsync("#callBtn");
        await page.UntilStatusAsync("ESTABLISHED", "#callStatus");
    }

    private static async Task RingsAsync(SdkPage page, Baresip phone)
    {
        await phone.DialAsync($"sip:10006@{Kamailio.Domain}");
        await page.Page.WaitForSelectorAsync("#answerBtn:visible:enabled");
        await page.UntilStatusAsync("RING", "#callStatus");
    }

    // Long enough for beeps of the browser's microphone.
    private async Task SpeakAsync()
    {
        var spoken = Spoken();
        await Wait.ForAsync(() => Spoken() > spoken + 100, Patience, () => "The browser does not speak");
    }

    private long Spoken() => Microphone()?.Audio?.Frames ?? 0;

    // What the browser says and shows is a stream.
    private StreamSnapshot? Microphone() => Lab.App.Engine.Streams.FirstOrDefault(s => s.Name.Value.EndsWith("-browser", StringComparison.Ordinal));

    private async Task<SdkPage> ConnectAsync(WebSdkSite site, string example = "phone/phone.html")
    {
        var page = await SdkPage.OpenAsync(await Lab.SpeakingChromiumAsync(), $"{site.Examples}/sip/{example}", Lab.App);
        await RegisterAsync(page);
        return page;
    }

    private async Task RegisterAsync(SdkPage page)
    {
        await page.Page.WaitForSelectorAsync("#connectBtn");
        foreach (var (field, value) in new[]
        {
            ("urlServer", Lab.App.Url.Replace("http", "ws", StringComparison.Ordinal)), ("sipLogin", "10006"), ("sipAuthenticationName", "10006"), ("sipPassword", Kamailio.Password),
            ("sipDomain", Kamailio.Domain), ("sipOutboundProxy", "127.0.0.1"), ("sipPort", $"{Lab.Server.Port}"),
        }) await page.Page.FillAsync("#" + field, value);
        await page.Page.ClickAsync("#connectBtn");
        await page.UntilStatusAsync("REGISTERED", "#regStatus");
    }

    private IClientSessions Sessions => Lab.App.Services.GetRequiredService<IClientSessions>();

    // The page asks for keepAlive: its session outlives it. When that ends, so does its registration.
    private async Task CloseAsync(SdkPage page)
    {
        await page.Page.Context.CloseAsync();
        foreach (var session in Sessions.All) Sessions.Terminate(session.SessionId);
        await Lab.AssertNothingLeftAsync();
        Assert.Empty(page.Errors);
    }

    private static async Task UntilStatusAsync(SdkPage page, string status)
    {
        var ok = await Wait.UntilAsync(async () => await page.Page.EvaluateAsync<string>("() => currentCall?.status() ?? 'none'") == status, Patience);
        Assert.True(ok, $"The call is not {status}\n{string.Join('\n', page.Console.TakeLast(20))}");
    }

    // The SDK keeps these for itself; they are seen on the wire only.
    private static Task UntilTransferAsync(SdkPage page, params string[] stations)
    {
        return Wait.ForAsync(() => Seen().SequenceEqual(stations), Patience, () => "The transfer went: " + string.Join(", ", Seen()));

        IEnumerable<string> Seen() => page.Received.Where(f => f.Contains("notifyTransferEvent", StringComparison.Ordinal))
            .Select(f => System.Text.Json.Nodes.JsonNode.Parse(f)!["data"]![0]!["status"]!.GetValue<string>());
    }
}
