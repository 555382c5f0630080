using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>The player page says what it does and why, and comes back by itself.</summary>
[Collection(PagesCollection.Name)]
public class PlayerPageTests(PagesLab lab)
{
    // A decoder that stands still while packets come: the count of pictures is held at what it was.
    private const string Freezer = """
        const real = RTCPeerConnection.prototype.getStats;
        RTCPeerConnection.prototype.getStats = async function () {
          const report = await real.call(this);
          if (!window.frozen) return report;
          const held = new Map();
          report.forEach((s, id) => held.set(id, s.type === 'inbound-rtp' && s.kind === 'video' ? { ...s, framesDecoded: (window.heldAt ??= s.framesDecoded) } : s));
          return held;
        };
        """;

    [Fact]
    public async Task MethodsFreezeAndFallback_AreShownWithTheirReason()
    {
        await lab.CallAsync("watched");
        await using var ui = await lab.OpenAsync();
        await ui.Page.AddInitScriptAsync(Freezer);
        await ui.LoadAsync("/player?stream=watched");
        await ui.UntilPlayingAsync();
        await ui.Page.WaitForSelectorAsync("[data-player-ladder]:text-is('Plays by WebRTC')");

        // The picture stands still for more than two seconds: said, then a new session, and it plays again.
        await ui.Page.EvaluateAsync("() => { window.frozen = true; }");
        await ui.Page.WaitForSelectorAsync("[data-player-log] >> text=/The picture stopped [2-4] s ago/", new() { Timeout = 8000 });
        await ui.Page.WaitForSelectorAsync("[data-player-log] >> text=The picture stopped, reconnecting", new() { Timeout = 8000 });
        await ui.Page.EvaluateAsync("() => { window.frozen = false; }");
        await ui.UntilPlayingAsync();

        // Chosen by hand: MSE, by the address as well. Keys: s for the figures, m for mute.
        await ui.Page.ClickAsync("button:text-is('MSE')");
        await ui.Page.WaitForSelectorAsync("[data-player-ladder]:text-is('Plays by MSE')");
        await ui.UntilPlayingAsync();
        Assert.EndsWith("method=mse", ui.Page.Url, StringComparison.Ordinal);
        await ui.Page.EvaluateAsync("() => document.activeElement.blur()");
        await ui.Page.Keyboard.PressAsync("s");
        await ui.Page.WaitForSelectorAsync(".figures dd:has-text('MSE'), .figures dt:has-text('MSE')");
        await ui.Page.Keyboard.PressAsync("m");
        Assert.True(await ui.Page.EvaluateAsync<bool>("() => document.querySelector('main sip-stream-player').muted"));

        // Media by UDP does not get through: the ladder goes down, says why, and offers the way back.
        await ui.Page.EvaluateAsync("""
            () => { const set = RTCPeerConnection.prototype.setRemoteDescription; window.mend = () => { RTCPeerConnection.prototype.setRemoteDescription = set; };
              RTCPeerConnection.prototype.setRemoteDescription = function (d) { return set.call(this, { type: d.type, sdp: d.sdp.replace(/a=candidate[^\r\n]*\r\n/g, '') }); }; }
            """);
        await ui.Page.ClickAsync("button:text-is('Auto')");
        await ui.Page.WaitForSelectorAsync("[data-player-ladder]:has-text('Plays by MSE: UDP seems to be blocked')", new() { Timeout = 8000 });
        await ui.UntilPlayingAsync();
        await ui.Page.EvaluateAsync("() => mend()");
        await ui.Page.ClickAsync("text=Retry WebRTC");
        await ui.Page.WaitForSelectorAsync("[data-player-ladder]:text-is('Plays by WebRTC')");
        await ui.UntilPlayingAsync();
        ui.AssertSilent();

        // The call ends: the page says so in the call's own words.
        await lab.HangUpAsync("watched");
        await ui.Page.WaitForSelectorAsync("text=The call ended:");
    }

    [Fact]
    public async Task Thumbnails_OffScreenOrInAHiddenTab_CauseNoTraffic()
    {
        string[] calls = ["thumb-1", "thumb-2"];
        foreach (var id in calls) await lab.CallAsync(id);
        await using var ui = await lab.OpenAsync();
        var asked = 0;
        ui.Page.Request += (_, request) =>
        {
            if (request.Url.Contains("snapshot.jpg", StringComparison.Ordinal)) Interlocked.Increment(ref asked);
        };
        await ui.LoadAsync("/");
        await ui.Page.WaitForFunctionAsync("() => document.querySelectorAll('.tile img[data-shown]').length === 2");

        // Once for each stream, although the circuit has replaced the elements meanwhile. Out of sight: the next round, 5 s later, does not come.
        Assert.Equal(2, asked);
        await ui.Page.EvaluateAsync("() => { document.querySelector('.tiles').style.marginTop = '4000px'; }");
        await ui.Page.WaitForTimeoutAsync(6000);
        Assert.Equal(2, asked);
        await ui.Page.EvaluateAsync("() => { document.querySelector('.tiles').style.marginTop = ''; Object.defineProperty(document, 'hidden', { get: () => window.away ?? false, configurable: true }); }");
        Assert.True(await Kit.Wait.UntilAsync(() => asked >= 4, TimeSpan.FromSeconds(5)));
        await ui.Page.EvaluateAsync("() => { window.away = true; }");
        var before = asked;
        await ui.Page.WaitForTimeoutAsync(6000);
        Assert.InRange(asked, before, before + 1);
        ui.AssertSilent();
        await lab.HangUpAsync(calls);
    }
}
