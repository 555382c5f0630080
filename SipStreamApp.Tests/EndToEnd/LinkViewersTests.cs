using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>A call that only those with a signed link may watch, by every way of playing.</summary>
public class LinkViewersTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Link_OpensOneStreamToSoManyViewers_UntilItIsTakenBack()
    {
        await using var app = await RunningApp.StartAsync("--Security:RequireLogin", "true", "--Security:AdminPassword", "correct horse battery", "--Playback:Access", "link");
        var key = (await app.Services.GetRequiredService<ApiKeyStore>().CreateAsync("test", Scopes.All, null, "test", default)).Value!.Secret;
        app.Http.DefaultRequestHeaders.Add("X-Api-Key", key);
        await app.CallDemoAsync("cam");
        await app.UntilStatusAsync("cam", "ESTABLISHED", Soon);
        var links = app.Services.GetRequiredService<PlayLinkStore>();
        var link = (await links.CreateAsync("cam", TimeSpan.FromHours(1), 1, null, "test", default)).Value!;
        var seats = app.Services.GetRequiredService<LinkSeats>();
        using var stranger = new HttpClient { BaseAddress = new Uri(app.Url) };

        // WebRTC: one viewer, a second is refused while the first watches.
        Assert.Equal(HttpStatusCode.Unauthorized, await OfferAsync(stranger, "/whep/cam"));
        using var browser = new FakeBrowser();
        using var offer = new StringContent(browser.Offer(), Encoding.UTF8, "application/sdp");
        using var answer = await stranger.PostAsync("/whep/cam?k=" + link.Token, offer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        await browser.ConnectAsync(await answer.Content.ReadAsStringAsync());
        Assert.Equal(1, seats.Count(link.Link.Id));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await OfferAsync(stranger, "/whep/cam?k=" + link.Token));
        Assert.Equal(HttpStatusCode.Forbidden, await OfferAsync(stranger, "/whep/other?k=" + link.Token));

        // Revoked: he is sent home, and nobody comes back.
        using var revoked = await app.Http.DeleteAsync("/rest-api/v2/links/" + link.Link.Id);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await Wait.ForAsync(() => app.Engine.Snapshot().Viewers == 0, Soon, () => "the viewer still watches");
        Assert.Equal(HttpStatusCode.Forbidden, await OfferAsync(stranger, "/whep/cam?k=" + link.Token));

        // HLS: the playlist names addresses that carry the token; without it they are closed.
        var second = (await links.CreateAsync("cam", TimeSpan.FromHours(1), 5, null, "test", default)).Value!;
        var playlist = "";
        Assert.True(
            await Wait.UntilAsync(
                async () =>
                {
                    using var tried = await stranger.GetAsync("/hls/cam/index.m3u8?k=" + second.Token);
                    playlist = await tried.Content.ReadAsStringAsync();
                    return tried.IsSuccessStatusCode;
                },
                Soon),
            playlist);
        var segment = playlist.Split('\n').Last(l => l.Contains("URI=\"init", StringComparison.Ordinal)).Split('"')[1];
        Assert.EndsWith("?k=" + second.Token, segment, StringComparison.Ordinal);
        using (var open = await stranger.GetAsync("/hls/cam/" + segment)) Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        using (var closed = await stranger.GetAsync("/hls/cam/" + segment.Split('?')[0])) Assert.Equal(HttpStatusCode.Unauthorized, closed.StatusCode);

        // MSE: the seat is taken as long as the socket is open, and revoking closes it.
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"{app.Url.Replace("http", "ws", StringComparison.Ordinal)}/mse/cam?k={second.Token}"), default);
        Assert.True((await socket.ReceiveAsync(new byte[1 << 20], default)).Count > 0);
        await Wait.ForAsync(() => seats.Count(second.Link.Id) == 2, Soon, () => $"{seats.Count(second.Link.Id)} seats");
        using var gone = await app.Http.DeleteAsync("/rest-api/v2/links/" + second.Link.Id);
        await Assert.ThrowsAnyAsync<WebSocketException>(async () =>
        {
            using var patience = new CancellationTokenSource(Soon);
            var buffer = new byte[1 << 20];
            while (true) await socket.ReceiveAsync(buffer, patience.Token);
        });
    }

    private static async Task<HttpStatusCode> OfferAsync(HttpClient client, string path)
    {
        using var browser = new FakeBrowser();
        using var offer = new StringContent(browser.Offer(), Encoding.UTF8, "application/sdp");
        using var answer = await client.PostAsync(path, offer);
        return answer.StatusCode;
    }
}
