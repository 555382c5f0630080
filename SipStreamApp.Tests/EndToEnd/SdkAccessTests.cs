using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.Links;
using SipStreamApp.Security.People;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Where users are required: what the published Web SDK may do by the token of its connection, a signed link or an API key.</summary>
public sealed class SdkAccessTests(ITestOutputHelper output)
{
    private const string Restricted = "FAILED Restricted access";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Token_OfTheConnection_SaysWhatItsClientMayDo()
    {
        await using var app = await RunningApp.StartAsync("--Security:RequireLogin", "true", "--Security:AdminPassword", "correct horse battery", "--Playback:Access", "link");
        var keys = app.Services.GetRequiredService<ApiKeyStore>();
        var all = (await keys.CreateAsync("all", Scopes.All, null, "test", default)).Value!.Secret;
        var looks = (await keys.CreateAsync("looks", Scopes.Play | Scopes.Read, null, "test", default)).Value!.Secret;
        app.Http.DefaultRequestHeaders.Add("X-Api-Key", all);
        foreach (var call in (string[])["cam", "other"]) await app.CallDemoAsync(call);
        foreach (var call in (string[])["cam", "other"]) await app.UntilStatusAsync(call, "ESTABLISHED", Soon);
        var links = app.Services.GetRequiredService<PlayLinkStore>();
        var expired = await LinkAsync(links, "cam", TimeSpan.FromSeconds(1));
        var link = await LinkAsync(links, "cam", TimeSpan.FromHours(1));
        await using var site = await WebSdkSite.StartAsync();
        await using var chromium = await Chromium.StartAsync(camera: true);
        var page = await SdkPage.OpenAsync(chromium, $"{site.Examples}/streaming/player/player.html", app);
        await page.Page.EvaluateAsync(Script);

        // Playing: without a token, with a wrong one, with one for another stream, and with the right one in each of its two places.
        Assert.Equal(Restricted, await PlayAsync(page, app, "cam"));
        Assert.Equal(Restricted, await PlayAsync(page, app, "cam", link.Token[..^4] + "AAAA"));
        Assert.Equal(Restricted, await PlayAsync(page, app, "other", link.Token));
        Assert.Equal(Restricted, await PlayAsync(page, app, "nobody", link.Token));
        Assert.Equal(Restricted, await PlayAsync(page, app, "cam", all[..^1] + "!"));
        Assert.Equal("PLAYING", await PlayAsync(page, app, "cam", link.Token));
        Assert.Equal("PLAYING", await PlayAsync(page, app, "cam", link.Token, custom: true));
        Assert.Equal("PLAYING", await PlayAsync(page, app, "cam", link.Token, provider: "MSE"));
        Assert.True(await Wait.UntilAsync(async () => !(await links.CheckAsync(expired.Token, "cam", default)).Succeeded, Soon), "The link does not expire");
        Assert.Equal(Restricted, await PlayAsync(page, app, "cam", expired.Token));

        // The last of them is not over: when the link is taken back all who watch by it are sent home. Nobody comes back.
        var seats = app.Services.GetRequiredService<LinkSeats>();
        await Wait.ForAsync(() => seats.Count(link.Link.Id) == 3, Soon, () => $"{seats.Count(link.Link.Id)} watch by the link");
        using var revoked = await app.Http.DeleteAsync("/rest-api/v2/links/" + link.Link.Id);
        Assert.True(revoked.IsSuccessStatusCode);
        await Wait.ForAsync(() => app.Engine.Snapshot().Viewers == 0 && app.Engine.Streams.All(s => s.Readers.All(r => r.Kind != "sdk-mse")), Soon, () => "They still watch");
        Assert.Equal(["STOPPED", "STOPPED", "STOPPED"], await page.Page.EvaluateAsync<string[]>("() => window.playing.map(s => s.status())"));
        Assert.Equal(Restricted, await PlayAsync(page, app, "cam", link.Token));

        // Seats: one viewer, and no second.
        var single = (await links.CreateAsync("cam", TimeSpan.FromHours(1), 1, null, "test", default)).Value!;
        Assert.Equal("PLAYING", await PlayAsync(page, app, "cam", single.Token));
        Assert.Equal(Restricted, await PlayAsync(page, app, "cam", single.Token));
        Assert.Equal(Restricted, await PlayAsync(page, app, "cam", single.Token, provider: "MSE"));

        // Publishing, calling, registering: the right to control, and nothing less.
        Assert.Equal(Restricted, await PublishAsync(page, app, "mine", null));
        Assert.Equal(Restricted, await PublishAsync(page, app, "mine", single.Token));
        Assert.Equal(Restricted, await PublishAsync(page, app, "mine", looks));
        Assert.Equal("PLAYING", await PlayAsync(page, app, "other", looks));
        Assert.Equal("FAILED", await CallAsync(page, app, null));
        Assert.Equal("FAILED", await CallAsync(page, app, looks));
        Assert.Equal("PUBLISHING", await PublishAsync(page, app, "mine", all));
        Assert.Equal("ESTABLISHED", await CallAsync(page, app, all));
        Assert.Equal(3, app.Engine.Calls.Count(c => !c.IsEnded));

        // Who did it is in the audit table; the tokens are in no list.
        var audit = app.Services.GetRequiredService<AuditLog>();
        var isNoted = await Wait.UntilAsync(
            async () => (await audit.NewestAsync(50, default)).Value!.Rows.Count(r => r is { Who: "all", Action: "SDK publishStream" or "SDK call", Status: 200 }) == 2, Soon);
        Assert.True(isNoted, "Not in the audit table");
        var sessions = await app.Http.GetStringAsync("/rest-api/connection/find_all");
        Assert.All((string[])[all, looks, single.Token, link.Token], secret => Assert.DoesNotContain(secret, sessions, StringComparison.Ordinal));
        foreach (var line in page.Console.Where(l => l.Contains("rror", StringComparison.Ordinal))) output.WriteLine(line);
        Assert.True(page.Errors.Count == 0, string.Join('\n', page.Errors));
    }

    private static async Task<SignedLink> LinkAsync(PlayLinkStore links, string stream, TimeSpan life) => (await links.CreateAsync(stream, life, null, null, "test", default)).Value!;

    private static Task<string> PlayAsync(SdkPage page, RunningApp app, string stream, string? token = null, bool custom = false, string provider = "WebRTC") =>
        page.Page.EvaluateAsync<string>("a => window.play(a)", new { url = Url(app), stream, token, custom, provider });

    private static Task<string> PublishAsync(SdkPage page, RunningApp app, string stream, string? token) =>
        page.Page.EvaluateAsync<string>("a => window.publish(a)", new { url = Url(app), stream, token });

    private static Task<string> CallAsync(SdkPage page, RunningApp app, string? token) =>
        page.Page.EvaluateAsync<string>("a => window.call(a)", new { url = Url(app), token, port = app.SipPort });

    private static string Url(RunningApp app) => app.Url.Replace("http", "ws", StringComparison.Ordinal);

    // With the page's own SDK; what plays goes on until the page is closed.
    private const string Script = """
        () => {
          const connect = (a, more) => Flashphoner.createSession({ urlServer: a.url, ...(a.token ? a.custom ? { custom: { token: a.token } } : { authToken: a.token } : {}), ...more });
          const box = () => document.body.appendChild(document.createElement('div'));
          const said = (stream, done, good) => stream.on('FAILED', s => done('FAILED ' + s.getInfo())).on(good, s => done(s.status()));
          window.playing = [];
          window.play = a => new Promise(done => connect(a).on('ESTABLISHED', session => {
            const stream = session.createStream({ name: a.stream, display: box(), mediaProvider: a.provider });
            said(stream, done, 'PLAYING').on('PLAYING', s => { window.playing.push(s); done('PLAYING'); });
            stream.play();
          }).on('FAILED', () => done('no session')));
          window.publish = a => new Promise(done => connect(a).on('ESTABLISHED', session => {
            const stream = session.createStream({ name: a.stream, display: box() });
            said(stream, done, 'PUBLISHING');
            stream.publish();
          }).on('FAILED', () => done('no session')));
          window.call = a => new Promise(done => connect(a, { sipOptions: { login: 'page', password: 'x', domain: '127.0.0.1', port: a.port, registerRequired: false } }).on('ESTABLISHED', session => {
            const call = session.createCall({ callee: 'demo', visibleName: 'page', localVideoDisplay: box(), remoteVideoDisplay: box(), constraints: { audio: true, video: false } });
            call.on('FAILED', () => done('FAILED')).on('ESTABLISHED', () => done('ESTABLISHED')).on('FINISH', () => done('FINISH'));
            call.call();
          }).on('FAILED', () => done('no session')));
        }
        """;
}
