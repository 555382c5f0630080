using Microsoft.Playwright;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>The connection of a page to the server breaks in the middle of work.</summary>
[Collection(PagesCollection.Name)]
public class ReconnectTests(PagesLab lab)
{
    // Measured once with 60 s as well: the same circuit is taken up again, since the server keeps it for three minutes.
    private const int CutSeconds = 6;

    [Fact]
    public async Task CircuitCut_HalfFilledFormAndPlayingVideo_BothSurvive()
    {
        await using var ui = await lab.OpenAsync();
        var line = await Line.OfAsync(ui);
        await ui.LoadAsync("/calls/new");

        // A playing video and, beside it, the next call half filled in.
        await ui.Page.ClickAsync("text=Use the test number");
        await ui.Page.ClickAsync("main button[type=submit]");
        await ui.UntilPlayingAsync();
        await ui.Page.EvaluateAsync("() => { window.kept = document.querySelector('main sip-stream-player'); }");
        await ui.Page.FillAsync("[data-field=callee]", "10005");
        await ui.Page.FillAsync("[data-field=sipPassword]", "very-secret");
        await ui.Page.WaitForFunctionAsync("() => sessionStorage.getItem('draft:new-call')?.includes('10005')");
        Assert.DoesNotContain("very-secret", await ui.Page.EvaluateAsync<string>("() => sessionStorage.getItem('draft:new-call')"), StringComparison.Ordinal);

        await line.CutAsync();
        await ui.Page.WaitForSelectorAsync("text=reconnecting. What plays goes on");
        var before = await PicturesAsync(ui);
        await ui.Page.FillAsync("[data-field=toStream]", "typed-while-away");
        await Task.Delay(TimeSpan.FromSeconds(CutSeconds));
        var after = await PicturesAsync(ui);
        Assert.InRange(after - before, CutSeconds * 20, CutSeconds * 35);
        line.Mend();
        await ui.Page.WaitForFunctionAsync("() => document.documentElement.dataset.circuit === 'up'", null, new PageWaitForFunctionOptions { Timeout = 15_000 });

        // The server knows what was typed meanwhile: the request it would send holds it. The very same player still plays.
        await ui.Page.WaitForSelectorAsync("pre.code:has-text('\"toStream\": \"typed-while-away\"')");
        Assert.Contains("\"callee\": \"10005\"", await ui.Page.InnerTextAsync("pre.code"), StringComparison.Ordinal);
        Assert.True(await ui.Page.EvaluateAsync<bool>("() => window.kept === document.querySelector('main sip-stream-player') && kept.state === 'playing'"));
        Assert.Equal("very-secret", await ui.Page.InputValueAsync("[data-field=sipPassword]"));

        // The tab loaded anew: what was typed is there again, but no password.
        await ui.Page.WaitForFunctionAsync("() => sessionStorage.getItem('draft:new-call')?.includes('typed-while-away')");
        await ui.Page.ReloadAsync();
        await ui.Page.WaitForFunctionAsync("() => document.querySelector('[data-field=toStream]')?.value === 'typed-while-away'");
        Assert.Equal("10005", await ui.Page.InputValueAsync("[data-field=callee]"));
        Assert.Equal("", await ui.Page.InputValueAsync("[data-field=sipPassword]"));
        await lab.HangUpAsync([.. lab.App.Engine.Calls.Where(c => !c.IsEnded).Select(c => c.Id.Value)]);
    }

    private static Task<int> PicturesAsync(UiPage ui) => ui.Page.EvaluateAsync<int>("() => kept.video.getVideoPlaybackQuality().totalVideoFrames");

    /// <summary>The WebSocket between a page and the server, and the request that would find another way.</summary>
    private sealed class Line
    {
        private volatile bool _isCut;
        private IWebSocketRoute? _socket;

        public static async Task<Line> OfAsync(UiPage ui)
        {
            var line = new Line();
            await ui.Page.RouteWebSocketAsync(url => url.Contains("_blazor", StringComparison.Ordinal), socket =>
            {
                if (line._isCut) _ = socket.CloseAsync();
                else (line._socket, _) = (socket, socket.ConnectToServer());
            });
            await ui.Page.RouteAsync("**/_blazor**", route => line._isCut ? route.AbortAsync() : route.ContinueAsync());
            return line;
        }

        public async Task CutAsync()
        {
            _isCut = true;
            await _socket!.CloseAsync();
        }

        public void Mend() => _isCut = false;
    }
}
