using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd.Pages;

/// <summary>The player in a frame of another site, and what becomes of it when an operator does not want it there.</summary>
[Collection(PagesCollection.Name)]
public class EmbedTests(PagesLab lab)
{
    private static string Frame(string src) => $$"""
        <!DOCTYPE html><html lang="en"><title>Another site</title><iframe src="{{src}}" width="640" height="360" allow="autoplay"></iframe>
        <script>
          window.heard = [];
          addEventListener('message', e => { if (e.data?.source === 'sip-stream') heard.push({ origin: e.origin, ...e.data }); });
          window.tell = action => frames[0].postMessage({ target: 'sip-stream', action }, '*');
        </script></html>
        """;

    [Fact]
    public async Task FrameOfAnotherSite_PlaysObeysAndIsSmall()
    {
        await lab.CallAsync("embedded");
        await using var site = await SiteAsync(Frame(lab.App.Url + "/embed/embedded?muted=1&fit=cover&bg=102030"));
        await using var ui = await UiPage.OpenAsync(lab.Chromium, site.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        var before = 0L;
        ui.Page.RequestFinished += async (_, request) =>
        {
            var path = new Uri(request.Url).AbsolutePath;
            if (!path.StartsWith("/embed/", StringComparison.Ordinal) && !path.StartsWith("/player/", StringComparison.Ordinal)) return;
            var sizes = await request.SizesAsync();
            Interlocked.Add(ref before, sizes.ResponseBodySize + sizes.ResponseHeadersSize);
        };
        await ui.Page.GotoAsync(site.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
        await HeardAsync(ui, "m => m.event === 'state' && m.state === 'playing' && m.stream === 'embedded'");
        TestContext.Current.SendDiagnosticMessage($"embed page before media: {before} bytes");
        Assert.InRange(before, 1000, 40_000);

        // Told by the site: stop, play, figures. What nobody knows is refused in words.
        await ui.Page.EvaluateAsync("() => tell('pause')");
        await HeardAsync(ui, "m => m.state === 'stopped'");
        await ui.Page.EvaluateAsync("() => { heard.length = 0; tell('play'); tell('dance'); }");
        await HeardAsync(ui, "m => m.state === 'playing'");
        await HeardAsync(ui, "m => m.event === 'error' && m.text.includes('dance')");
        await ui.Page.EvaluateAsync("() => tell('getStats')");
        await HeardAsync(ui, "m => m.event === 'stats' && m.method === 'webrtc' && m.stats.framesDecoded > 0");
        Assert.True(await ui.Page.EvaluateAsync<bool>("origin => heard.every(m => m.origin === origin)", lab.App.Url));
        var frame = ui.Page.Frames[1];
        Assert.Equal(("cover", "rgb(16, 32, 48)", true), (
            await frame.EvaluateAsync<string>("() => document.querySelector('sip-stream-player').video.style.objectFit"),
            await frame.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"),
            await frame.EvaluateAsync<bool>("() => document.querySelector('sip-stream-player').muted")));

        // A message of anybody else than the page around it is not heard: here, of the frame itself.
        await frame.EvaluateAsync("() => window.postMessage({ target: 'sip-stream', action: 'pause' }, '*')");
        await frame.EvaluateAsync("() => new Promise(done => setTimeout(done, 200))");
        Assert.Equal("playing", await frame.EvaluateAsync<string>("() => document.querySelector('sip-stream-player').state"));

        // Kicked: over for good, and said so; neither MSE nor HLS lets it in again.
        await using var operatorUi = await lab.OpenAsync();
        await operatorUi.LoadAsync("/streams/embedded");
        await operatorUi.Page.ClickAsync("tbody button:text-is('Kick')");
        await HeardAsync(ui, "m => m.event === 'error' && m.text.includes('You were removed from this stream')");
        foreach (var path in (string[])["/hls/embedded/index.m3u8", "/whep/embedded"])
        {
            using var request = new HttpRequestMessage(path[1] == 'h' ? HttpMethod.Get : HttpMethod.Post, path) { Content = path[1] == 'h' ? null : new StringContent("v=0", null, "application/sdp") };
            using var answer = await lab.App.Http.SendAsync(request);
            Assert.Equal(403, (int)answer.StatusCode);
        }

        Assert.Single(lab.App.Engine.Calls, c => c.StreamName.Value == "embedded" && !c.IsEnded);
        await lab.HangUpAsync("embedded");
    }

    [Fact]
    public async Task SiteThatIsNotAllowed_SeesNothing()
    {
        // "loopback" is the rule of this program; a site by any other name is none of it.
        using var answer = await lab.App.Http.GetAsync("/embed/x");
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'self' http://localhost:*", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("X-Frame-Options"));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        await using var site = await SiteAsync(Frame(lab.App.Url + "/embed/x"));
        await using var ui = await UiPage.OpenAsync(lab.Chromium, lab.App.Url, underPolicy: true);
        await ui.Page.RouteAsync("http://site.example/", async route => await route.FulfillAsync(new() { Body = Frame(lab.App.Url + "/embed/x"), ContentType = "text/html" }));
        // The real answer by another hand: a browser lets no public site reach this machine at all, whatever the answer's policy.
        await ui.Page.RouteAsync("**/embed/x", async route => await route.FulfillAsync(new() { Response = await route.FetchAsync() }));
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        ui.Page.RequestFailed += (_, request) => failures.Enqueue($"{new Uri(request.Url).AbsolutePath} {request.Failure}");
        await ui.Page.GotoAsync("http://site.example/");
        Assert.True(await Kit.Wait.UntilAsync(() => failures.Contains("/embed/x net::ERR_BLOCKED_BY_RESPONSE"), TimeSpan.FromSeconds(5)), $"failed: {string.Join(", ", failures)}");
        using var wrong = await lab.App.Http.GetAsync("/embed/a%20b");
        Assert.Equal(404, (int)wrong.StatusCode);
    }

    private static async Task HeardAsync(UiPage ui, string what)
    {
        try
        {
            await ui.Page.WaitForFunctionAsync($"() => heard.some({what})", null, new() { Timeout = 10_000 });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"not heard: {what}; but {await ui.Page.EvaluateAsync<string>("() => JSON.stringify(heard.slice(-6))")}; {string.Join(", ", ui.Troubles)}");
        }
    }

    /// <summary>Another site: a program of its own with one page.</summary>
    private static async Task<WebApplication> SiteAsync(string html)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.MapGet("/", () => Results.Content(html, "text/html"));
        await site.StartAsync();
        return site;
    }
}
