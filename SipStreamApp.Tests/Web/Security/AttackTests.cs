using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using SipStreamApp.Security.Audit;
using SipStreamApp.Security.People;
using SipStreamApp.Security.SignIn;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Web.Security;

/// <summary>The attack list of docs/security.md over HTTP: the request that is tried, and the answer.</summary>
public sealed class AttackTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task WithoutLogin_ForeignPagesOnEveryPath_AreRefusedInPlainWords()
    {
        await using var app = await RunningApp.StartAsync(["--Urls", "http://127.0.0.1:0;http://127.0.0.1:0"]);
        Assert.Equal(2, app.App.Urls.Count);
        foreach (var url in app.App.Urls)
        {
            foreach (var (method, path) in new[] { ("GET", "/"), ("GET", "/rest-api/call/find_all"), ("POST", "/rest-api/call/startup"), ("POST", "/whep/x"), ("GET", "/mse/x"), ("GET", "/hls/x/index.m3u8"), ("POST", "/_blazor/negotiate"), ("GET", "/player/sip-stream-player.mjs"), ("GET", "/nothing") })
            {
                // DNS rebinding: the browser sends the foreign name it was lured by.
                var (status, body) = await SendAsync(app, method, url + path, r => r.Headers.Host = "rebound.example:8080");
                Assert.Equal((403, "host-refused"), (status, Code(body)));
            }

            foreach (var (method, path) in new[] { ("POST", "/rest-api/call/startup"), ("POST", "/whep/x"), ("DELETE", "/recordings/x"), ("POST", "/_blazor/negotiate"), ("POST", "/login"), ("POST", "/admin/drain"), ("PUT", "/nothing") })
            {
                // CSRF: a form or script of another page.
                var (status, body) = await SendAsync(app, method, url + path, r => r.Headers.Add("Origin", "https://foreign.example"));
                Assert.Equal((403, "origin-refused"), (status, Code(body)));
                Assert.Contains("Cors:Origins", body, StringComparison.Ordinal);
            }

            // Signalling, MSE and the pages' circuit are WebSockets, to which browsers apply no CORS.
            foreach (var path in new[] { "/", "/mse/x", "/_blazor" })
            {
                Assert.Equal(403, await UpgradeAsync(url + path, "https://foreign.example"));
                Assert.NotEqual(403, await UpgradeAsync(url + path, "http://localhost:3000"));
            }
        }

        var (ours, _) = await SendAsync(app, "POST", "/rest-api/call/find", r => r.Headers.Add("Origin", "http://127.0.0.1:5500"));
        Assert.Equal(404, ours);
    }

    [Fact]
    public async Task Reachable_WithoutUsers_AnswersNothingButItsSetup()
    {
        await using var app = await RunningApp.StartAsync(["--Urls", "http://0.0.0.0:0"]);
        var url = $"http://127.0.0.1:{new Uri(app.App.Urls.First()).Port}";
        var token = app.Get<SetupToken>();
        Assert.Contains(token.Value!, SecurityStarter.Instructions(token, url), StringComparison.Ordinal);

        foreach (var (method, path) in new[] { ("GET", "/rest-api/call/find_all"), ("POST", "/rest-api/call/startup"), ("DELETE", "/recordings/x"), ("POST", "/_blazor/negotiate") })
        {
            var (status, body) = await SendAsync(app, method, url + path);
            Assert.Equal((503, "setup-needed"), (status, Code(body)));
        }

        Assert.Equal("/setup", await RedirectAsync(app, url + "/calls"));
        Assert.Equal(401, (await FormAsync(app, url + "/setup", new() { ["token"] = "guess", ["name"] = "eve", ["password"] = Password })).Status);
        var weak = await FormAsync(app, url + "/setup", new() { ["token"] = token.Value!, ["name"] = "anna", ["password"] = "short" });
        Assert.Equal(400, weak.Status);
        var made = await FormAsync(app, url + "/setup", new() { ["token"] = token.Value!, ["name"] = "anna", ["password"] = Password });
        Assert.Equal((302, "/"), (made.Status, made.Location));
        Assert.Null(token.Value);
        Assert.Equal("/login", (await FormAsync(app, url + "/setup", new() { ["token"] = "any", ["name"] = "eve", ["password"] = Password })).Location);

        // Anonymous REST on a public bind.
        var (anonymous, why) = await SendAsync(app, "POST", url + "/rest-api/call/startup", r => r.Content = JsonContent.Create(new { callee = "0900" }));
        Assert.Equal((401, "login-needed"), (anonymous, Code(why)));
        Assert.Equal("/login?return=%2Fcalls", await RedirectAsync(app, url + "/calls"));
        var (page, html) = await SendAsync(app, "GET", url + "/calls", r => r.Headers.Add("Cookie", made.Cookie));
        Assert.Equal(200, page);
        Assert.Contains("<h1", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_AndCookies_OpenWhatTheyAreFor()
    {
        await using var app = await StartAsync();
        var read = await KeyAsync(app, Scopes.Play | Scopes.Read);
        var all = await KeyAsync(app, Scopes.All);
        foreach (var header in new[] { $"Bearer {read}", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"wcs:{read}")) })
            Assert.Equal(404, (await SendAsync(app, "GET", "/rest-api/call/find_all", r => r.Headers.TryAddWithoutValidation("Authorization", header))).Status);
        var (status, body) = await SendAsync(app, "POST", "/rest-api/call/startup", Key(read));
        Assert.Equal((403, "not-allowed"), (status, Code(body)));
        Assert.Equal(403, (await SendAsync(app, "POST", "/admin/drain", Key(read))).Status);
        Assert.Equal(500, (await SendAsync(app, "POST", "/rest-api/call/startup", Key(all))).Status);
        Assert.Equal((401, "key-refused"), Pair(await SendAsync(app, "GET", "/rest-api/call/find_all", Key("ssa_000000000000_forged"))));

        // CSRF with the victim's cookie: the browser would send it, the origin gives it away.
        var cookie = (await FormAsync(app, "/login", new() { ["name"] = "admin", ["password"] = Password })).Cookie;
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((403, "origin-refused"), Pair(await SendAsync(app, "POST", "/admin/drain", r => { r.Headers.Add("Cookie", cookie); r.Headers.Add("Origin", "https://foreign.example"); })));

        // Drain: refused with Retry-After, and taken back.
        Assert.Equal(200, (await SendAsync(app, "POST", "/rest-api/v2/admin/drain", r => r.Headers.Add("Cookie", cookie))).Status);
        using var call = new HttpRequestMessage(HttpMethod.Post, "/rest-api/call/startup") { Content = JsonContent.Create(new { callId = "c1", callee = "demo", sipLogin = "a", sipDomain = "127.0.0.1", toStream = "c1" }) };
        call.Headers.Add("X-Api-Key", all);
        using var refused = await app.Http.SendAsync(call);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (refused.StatusCode, refused.Headers.RetryAfter is not null));
        Assert.Equal("draining", Code(await refused.Content.ReadAsStringAsync()));
        Assert.Contains("\"draining\":false", (await SendAsync(app, "DELETE", "/admin/drain", Key(all))).Body, StringComparison.Ordinal);

        // What changed state, and what was refused, is in the audit table with who did it.
        var audit = app.Get<AuditLog>();
        var kept = await Wait.UntilAsync(async () => (await audit.NewestAsync(100, default)).Value?.Rows.Count(r => r.Action.EndsWith("/drain", StringComparison.Ordinal)) >= 3, TimeSpan.FromSeconds(20));
        var rows = (await audit.NewestAsync(100, default)).Value!.Rows;
        Assert.True(kept, string.Join('\n', rows.Select(r => $"{r.Who} {r.Action} {r.Status}")));
        Assert.Contains(rows, r => r is { Who: "admin", Action: "POST /rest-api/v2/admin/drain", Status: 200, Kind: CallerKind.User });
        Assert.Contains(rows, r => r is { Action: "POST /rest-api/call/startup", Status: 503, Kind: CallerKind.Key });
        Assert.Contains(rows, r => r is { Action: "sign-in", Who: "admin", Status: 200 });
        Assert.DoesNotContain(rows, r => $"{r.Who}{r.Action}{r.Target}".Contains(Password, StringComparison.Ordinal) || $"{r.Who}{r.Action}{r.Target}".Contains(all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Viewer_SeesWhatOnlyShows_AndNothingThatCalls()
    {
        await using var app = await StartAsync();
        await app.Get<UserStore>().CreateAsync("vic", Password, Role.Viewer, false, default);
        var login = await FormAsync(app, "/login", new() { ["name"] = "vic", ["password"] = Password, ["return"] = "//evil.example" });
        Assert.Equal((302, "/"), (login.Status, login.Location));

        foreach (var (path, role) in new[] { ("/calls/new", "Operator"), ("/push", "Operator"), ("/accounts", "Operator"), ("/health", "Operator"), ("/settings", "Admin"), ("/settings/users", "Admin"), ("/unheard-of", "Operator") })
        {
            var (status, page) = await SendAsync(app, "GET", path, r => r.Headers.Add("Cookie", login.Cookie));
            Assert.Equal((path, 403), (path, status));
            Assert.Contains("needs the role " + role, page, StringComparison.Ordinal);
        }

        foreach (var path in new[] { "/", "/calls", "/calls/c1", "/streams", "/streams/cam", "/player", "/history", "/recordings", "/api" }) Assert.Equal(200, (await SendAsync(app, "GET", path, r => r.Headers.Add("Cookie", login.Cookie))).Status);
        Assert.Equal((403, "not-allowed"), Pair(await SendAsync(app, "POST", "/rest-api/call/terminate", r => r.Headers.Add("Cookie", login.Cookie))));
        Assert.Equal("/login", (await FormAsync(app, "/logout", [], login.Cookie)).Location);

        var (_, html) = await SendAsync(app, "GET", "/login");
        Assert.Contains("<form class=\"panel\" method=\"post\" action=\"/login\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BruteForce_PasswordsKeysAndLinks_AreHeldBack()
    {
        await using var app = await StartAsync("--Playback:Access", "link");
        for (var i = 0; i < UserStore.MaxFailures; i++) Assert.Equal(401, (await FormAsync(app, "/login", new() { ["name"] = "admin", ["password"] = "guess " + i })).Status);
        Assert.Contains("Too many wrong passwords", (await FormAsync(app, "/login", new() { ["name"] = "admin", ["password"] = Password })).Body, StringComparison.Ordinal);

        Assert.Equal((401, "link-needed"), Pair(await SendAsync(app, "POST", "/whep/cam")));
        Assert.Equal((403, "link-forged"), Pair(await SendAsync(app, "POST", "/whep/cam?k=aa.9999999999.cam.forged")));
        var status = 0;
        for (var i = 0; i < SignInThrottle.Most && status != 429; i++) status = (await SendAsync(app, "GET", "/rest-api/call/find_all", Key("ssa_guess" + i))).Status;
        Assert.Equal(429, status);
        Assert.Equal(429, (await FormAsync(app, "/login", new() { ["name"] = "admin", ["password"] = Password })).Status);
    }

    [Fact]
    public async Task PathsUrlsAndBodies_ThatReachTooFar_AreRefused()
    {
        await using var app = await RunningApp.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(app.Get<SipStreamApp.Hosting.AppSettings>().DataDirectory, "secret.mp4"), "secret");
        foreach (var path in new[] { "/recordings/..%2Fsecret/file", "/recordings/%2e%2e%2fsecret.mp4/file", "/recordings/..%5csecret/file", "/hls/..%2f..%2fsecret/index.m3u8", "/hls/x/..%2f..%2fsecret.mp4", "/streams/..%2fsecret/snapshot.jpg", "/player/..%2f..%2fappsettings.json", "/..%2fappsettings.json", "/_content/..%2f..%2fappsettings.json" })
        {
            var (status, body) = await SendAsync(app, "GET", path);
            Assert.InRange(status, 400, 499);
            Assert.DoesNotContain("secret\n", body, StringComparison.Ordinal);
            Assert.DoesNotContain("\"Sip\"", body, StringComparison.Ordinal);
        }

        // Options, files and local programs by the address of a push, and names that would be options.
        foreach (var url in new[] { "-i /etc/passwd", "file:///etc/passwd", "rtmp://host/app -f null -", "concat:/etc/passwd|x", "pipe:1", "http://127.0.0.1/x", "rtmp://host/app\r\n-y", "tee:rtmp://a|b", "data:text/plain,x", "" })
        {
            var (status, body) = await SendAsync(app, "POST", "/rest-api/push/startup", r => r.Content = JsonContent.Create(new { streamName = "x", rtmpUrl = url }));
            Assert.True(status is 400, $"{url} was answered {status}: {body}");
        }

        // Oversized bodies, with and without a length.
        Assert.Equal(413, (await SendAsync(app, "POST", "/rest-api/call/startup", r => r.Content = new StringContent("{\"callId\":\"" + new string('x', 70_000) + "\"}", Encoding.UTF8, "application/json"))).Status);
        Assert.Equal(413, (await SendAsync(app, "POST", "/whep/x", r =>
        {
            r.Content = new StreamContent(new MemoryStream(new byte[200_000])) { Headers = { ContentType = new MediaTypeHeaderValue("application/sdp") } };
            r.Headers.TransferEncodingChunked = true;
        })).Status);
    }

    private static Task<RunningApp> StartAsync(params string[] more) => RunningApp.StartAsync(["--Security:RequireLogin", "true", "--Security:AdminPassword", Password, .. more]);

    private static async Task<string> KeyAsync(RunningApp app, Scopes scopes) => (await app.Get<ApiKeyStore>().CreateAsync("test", scopes, null, "test", default)).Value!.Secret;

    private static Action<HttpRequestMessage> Key(string key) => r =>
    {
        r.Headers.Add("X-Api-Key", key);
        if (r.Method == HttpMethod.Post) r.Content = JsonContent.Create(new { });
    };

    private static (int Status, string Code) Pair((int Status, string Body) answer) => (answer.Status, Code(answer.Body));

    private static string Code(string body) => JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()!;

    private static async Task<(int Status, string Body)> SendAsync(RunningApp app, string method, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        change?.Invoke(request);
        using var response = await app.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Show($"{method} {path} {string.Join(' ', request.Headers.Where(h => h.Key is "Host" or "Origin").Select(h => $"{h.Key}: {h.Value.First()}"))}", (int)response.StatusCode, body);
        return ((int)response.StatusCode, body);
    }

    // The request that was tried and the answer, for whoever reads the output of the tests.
    private static void Show(string request, int status, string body = "") =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{request.TrimEnd()} -> {status} {(body.StartsWith('{') && JsonDocument.Parse(body).RootElement.TryGetProperty("code", out var code) ? code.GetString() : "")}");

    private static async Task<string?> RedirectAsync(RunningApp app, string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var response = await app.Http.SendAsync(request);
        return response.Headers.Location?.OriginalString;
    }

    private static async Task<(int Status, string? Location, string Cookie, string Body)> FormAsync(RunningApp app, string path, Dictionary<string, string> fields, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        using var response = await app.Http.SendAsync(request);
        var set = response.Headers.TryGetValues("Set-Cookie", out var values) ? string.Join("; ", values) : "";
        return ((int)response.StatusCode, response.Headers.Location?.OriginalString, set, await response.Content.ReadAsStringAsync());
    }

    private static async Task<int> UpgradeAsync(string url, string origin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", origin);
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(new Uri(url.Replace("http", "ws", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
            return 101;
        }
        catch (WebSocketException)
        {
            Show($"WebSocket {url} Origin: {origin}", (int)socket.HttpStatusCode);
            return (int)socket.HttpStatusCode;
        }
    }
}
