using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using SipStreamApp.Signalling;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The published Web SDK's phone example, unmodified: a browser and a real softphone talk to each other through Kamailio and the program.</summary>
[Collection(PhoneCollection.Name)]
public class SdkPhoneTests(PhoneLab lab, ITestOutputHelper output) : IAsyncLifetime
{
    // The fake microphone of Chromium beeps twice a second. The pitch is not documented; this is what was measured in the recording of a call.
    private const double BrowserBeep = 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public async ValueTask InitializeAsync() => await lab.ClearAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Browser_CallsAndIsCalled_WithSoundBothWays()
    {
        await using var site = await WebSdkSite.StartAsync();
        await using var chromium = await Chromium.StartAsync(camera: true);
        await using var phone = await Baresip.StartAsync(lab.Server, new BaresipOptions { AudioCodecs = "pcma", Video = false });
        var page = await ConnectAsync(chromium, site);

        // The browser calls: both hear, keys, hold and back, and the browser hangs up.
        await page.Page.FillAsync("#callee", "10005");
        await page.Page.ClickAsync("#callBtn");
        await page.UntilStatusAsync("ESTABLISHED", "#callStatus");
        await UntilHeardAsync(page);
        // Time for beeps of the browser's microphone: one a second.
        var spoken = Spoken();
        await Wait.ForAsync(() => Spoken() > spoken + 150, Patience, () => "The browser does not speak");
        await page.Page.EvaluateAsync("() => currentCall.sendDTMF('5', 'RFC2833')");
        await phone.UntilSaysAsync("received event: '5' (end=1)", Patience);
        await page.Page.ClickAsync("#holdBtn");
        await UntilAsync(page, "() => currentCall.status() === 'HOLD'", "held");
        await page.Page.ClickAsync("#holdBtn");
        await UntilAsync(page, "() => currentCall.status() === 'ESTABLISHED'", "taken back");
        await UntilHeardAsync(page);
        await page.Page.ClickAsync("#callBtn");
        await page.UntilStatusAsync("FINISH", "#callStatus");
        await phone.UntilSaysAsync("session closed", Patience);
        Assert.True(Hears(phone.ReceivedSound), "The phone did not hear the browser:\n" + phone.Output);

        // Again, and the phone hangs up.
        await page.Page.ClickAsync("#callBtn");
        await page.UntilStatusAsync("ESTABLISHED", "#callStatus");
        await phone.PressAsync("b");
        await page.UntilStatusAsync("FINISH", "#callStatus");

        // The phone calls the browser.
        await phone.DialAsync($"sip:10006@{Kamailio.Domain}");
        await page.Page.ClickAsync("#answerBtn", new PageClickOptions { Timeout = 15_000 });
        await page.UntilStatusAsync("ESTABLISHED", "#callStatus");
        await UntilHeardAsync(page);
        await page.Page.ClickAsync("#hangupBtn");
        await page.UntilStatusAsync("FINISH", "#callStatus");

        // The page leaves and comes back by its token: it is registered still, and a call that came meanwhile rings.
        var sessions = lab.App.Services.GetRequiredService<IClientSessions>();
        var session = Assert.Single(sessions.All).SessionId;
        var token = await page.Page.InputValueAsync("#authToken");
        await page.Page.ClickAsync("#connectBtn");
        await page.UntilStatusAsync("DISCONNECTED", "#regStatus");
        await phone.DialAsync($"sip:10006@{Kamailio.Domain}");
        await Wait.ForAsync(() => lab.App.Engine.Calls.Any(c => c is { Incoming: true, IsEnded: false }), Patience, () => "The call does not ring");
        await page.Page.FillAsync("#authToken", token);
        await page.Page.ClickAsync("#connectTokenBtn");
        await page.UntilStatusAsync("REGISTERED", "#regStatus");
        await page.Page.ClickAsync("#answerBtn", new PageClickOptions { Timeout = 15_000 });
        await page.UntilStatusAsync("ESTABLISHED", "#callStatus");
        await UntilHeardAsync(page);
        Assert.Equal(session, Assert.Single(sessions.All).SessionId);
        await page.Page.ClickAsync("#hangupBtn");
        await page.UntilStatusAsync("FINISH", "#callStatus");

        // The session ends, and its registration with it.
        await page.Page.CloseAsync();
        Assert.True(sessions.Terminate(session));
        await lab.AssertNothingLeftAsync();
        foreach (var line in page.Console) output.WriteLine(line);
        Assert.Empty(page.Errors);
    }

    private long Spoken() => lab.App.Engine.Streams.FirstOrDefault(s => s.Name.Value.EndsWith("-browser", StringComparison.Ordinal))?.Audio?.Frames ?? 0;

    private async Task<SdkPage> ConnectAsync(Chromium chromium, WebSdkSite site)
    {
        var page = await SdkPage.OpenAsync(chromium, $"{site.Examples}/sip/phone/phone.html", lab.App);
        await page.Page.WaitForSelectorAsync("#connectBtn");
        foreach (var (field, value) in new[]
        {
            ("urlServer", lab.App.Url.Replace("http", "ws", StringComparison.Ordinal)), ("sipLogin", "10006"), ("sipAuthenticationName", "10006"), ("sipPassword", Kamailio.Password),
            ("sipDomain", Kamailio.Domain), ("sipOutboundProxy", "127.0.0.1"), ("sipPort", $"{lab.Server.Port}"),
        }) await page.Page.FillAsync("#" + field, value);
        await page.Page.ClickAsync("#connectBtn");
        await page.UntilStatusAsync("REGISTERED", "#regStatus");
        return page;
    }

    // The softphone beeps at 1 kHz once a second.
    private static async Task UntilHeardAsync(SdkPage page)
    {
        await UntilAsync(page, "() => [...document.querySelectorAll('#remoteDisplay video, #remoteDisplay audio')].some(e => e.srcObject?.getAudioTracks().length)", "given the other side's sound");
        await page.Page.EvaluateAsync(
            """
            () => {
              const element = [...document.querySelectorAll('#remoteDisplay video, #remoteDisplay audio')].find(e => e.srcObject?.getAudioTracks().length);
              const context = new AudioContext();
              const analyser = context.createAnalyser();
              analyser.fftSize = 4096;
              context.createMediaStreamSource(element.srcObject).connect(analyser);
              const bins = new Float32Array(analyser.frequencyBinCount);
              window.loudest = () => {
                analyser.getFloatFrequencyData(bins);
                let best = 0;
                for (let i = 1; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
                return bins[best] < -60 ? 0 : best * context.sampleRate / analyser.fftSize;
              };
            }
            """);
        var heard = 0.0;
        var ok = await Wait.UntilAsync(async () => Math.Abs((heard = await page.Page.EvaluateAsync<double>("() => window.loudest()")) - 1000) < 40, Patience);
        Assert.True(ok, $"The browser hears {heard:F0} Hz, not 1 kHz\n{string.Join('\n', page.Console.TakeLast(20))}");
    }

    private static bool Hears(string? wav)
    {
        if (wav is null) return false;
        var samples = MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(wav).AsSpan(44)).ToArray();
        for (var at = 0; at + 320 <= samples.Length; at += 80) if (Goertzel.Hears(samples.AsSpan(at, 320), 8000, BrowserBeep)) return true;
        return false;
    }

    private static async Task UntilAsync(SdkPage page, string condition, string what)
    {
        var ok = await Wait.UntilAsync(async () => await page.Page.EvaluateAsync<bool>(condition), Patience);
        Assert.True(ok, $"Not {what}\n{await page.Page.InnerHTMLAsync("#remoteDisplay")}\n{string.Join('\n', page.Console.TakeLast(20))}");
    }
}
