using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace SipStreamApp.Tests.Web.Api;

public sealed class ApiTests(ApiTests.Host host) : IClassFixture<ApiTests.Host>
{
    private HttpClient Http => host.App.Http;

    [Theory]
    [InlineData("POST", "/rest-api/call/startup", "{not json", "application/json", 400, "malformed-json")]
    [InlineData("POST", "/rest-api/call/startup", "[]", "application/json", 400, "malformed-json")]
    [InlineData("POST", "/rest-api/call/startup", "null", "application/json", 400, "malformed-json")]
    [InlineData("POST", "/rest-api/call/startup", "{}", "application/json; charset=UTF-8", 500, "invalid-field")]
    [InlineData("POST", "/rest-api/call/startup", "", null, 500, "invalid-field")]
    [InlineData("POST", "/rest-api/call/startup", "callee=1", "application/x-www-form-urlencoded", 415, "unsupported-media-type")]
    [InlineData("POST", "/rest-api/call/startup", "{}", "text/plain", 415, "unsupported-media-type")]
    [InlineData("POST", "/rest-api/call/startup", "{}", "application/json; charset=nonsense", 415, "unsupported-media-type")]
    [InlineData("POST", "/rest-api/call/find", "{}", "application/json", 404, "call-not-found")]
    [InlineData("POST", "/rest-api/call/find", "", null, 404, "call-not-found")]
    [InlineData("POST", "/rest-api/call/find", """{"callId":"gone"}""", "application/json", 404, "call-not-found")]
    [InlineData("POST", "/rest-api/call/find_all", "", null, 404, "call-not-found")]
    [InlineData("GET", "/rest-api/call/find_all", null, null, 404, "call-not-found")]
    [InlineData("POST", "/rest-api/call/terminate", "{}", "application/json", 500, "invalid-field")]
    [InlineData("POST", "/rest-api/call/terminate", """{"callId":"gone"}""", "application/json", 404, "call-not-found")]
    [InlineData("GET", "/rest-api/call/startup", null, null, 405, "method-not-allowed")]
    [InlineData("PUT", "/rest-api/call/startup", "{}", "application/json", 405, "method-not-allowed")]
    [InlineData("POST", "/rest-api/call/no_such", "{}", "application/json", 404, "not-found")]
    [InlineData("POST", "/rest-api/nonsense", "{}", "application/json", 404, "not-found")]
    [InlineData("POST", "/whep/demo", "v=0", "text/plain", 415, "unsupported-media-type")]
    [InlineData("POST", "/whep/demo", "", null, 415, "unsupported-media-type")]
    [InlineData("POST", "/whep/demo", "", "application/sdp", 400, "bad-offer")]
    [InlineData("POST", "/whep/a%20b", "v=0", "application/sdp", 404, "stream-not-found")]
    [InlineData("POST", "/whep/..%2f", "v=0", "application/sdp", 404, "stream-not-found")]
    [InlineData("POST", "/whep/a/b/c", "v=0", "application/sdp", 404, "not-found")]
    [InlineData("GET", "/rest-api", null, null, 404, "not-found")]
    [InlineData("GET", "/whep/demo", null, null, 405, "method-not-allowed")]
    [InlineData("PATCH", "/whep/demo/abc", "x", "application/trickle-ice-sdpfrag", 405, "method-not-allowed")]
    [InlineData("DELETE", "/whep/demo/abc", null, null, 404, "session-not-found")]
    [InlineData("POST", "/whip/demo", "v=0", "text/plain", 415, "unsupported-media-type")]
    [InlineData("POST", "/whip/demo", "", null, 415, "unsupported-media-type")]
    [InlineData("POST", "/whip/demo", "", "application/sdp", 400, "bad-offer")]
    [InlineData("POST", "/whip/demo", "nonsense", "application/sdp", 400, "bad-offer")]
    [InlineData("POST", "/whip/..%2f", "v=0", "application/sdp", 404, "stream-not-found")]
    [InlineData("POST", "/whip/a/b/c", "v=0", "application/sdp", 404, "not-found")]
    [InlineData("GET", "/whip/demo", null, null, 405, "method-not-allowed")]
    [InlineData("PATCH", "/whip/demo/abc", "x", "application/trickle-ice-sdpfrag", 405, "method-not-allowed")]
    [InlineData("DELETE", "/whip/demo/abc", null, null, 404, "session-not-found")]
    public async Task Request_ThatIsWrong_GetsAProblemDocument(string method, string path, string? body, string? type, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await Http.SendAsync(request);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal((status, "application/problem+json", code), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, problem.RootElement.GetProperty("code").GetString()));
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(path, problem.RootElement.GetProperty("path").GetString());
        if (status == 405) Assert.NotEmpty(response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Startup_WithWrongFields_NamesThemInErrors()
    {
        using var response = await Http.PostAsync("/rest-api/call/startup", Json("""{"callee":"10005","sipPort":"x","toStream":"a/b"}"""));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());

        var fields = problem.RootElement.GetProperty("errors").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal);
        Assert.Equal(["sipDomain", "sipLogin", "sipPort", "toStream"], fields);
    }

    [Theory]
    [InlineData("/rest-api/call/startup", "application/json")]
    [InlineData("/whep/demo", "application/sdp")]
    public async Task Body_Over64KB_Is413(string path, string type)
    {
        using var content = new StringContent(new string(' ', 70_000), Encoding.ASCII, type);
        using var known = await Http.PostAsync(path, content);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(new MemoryStream(new byte[70_000])) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.TransferEncodingChunked = true;
        using var chunked = await Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge), (known.StatusCode, chunked.StatusCode));
    }

    [Fact]
    public async Task WhepOptions_WithoutPreflight_SaysWhatIsTaken()
    {
        using var response = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/whep/demo"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("application/sdp", Assert.Single(response.Headers.GetValues("Accept-Post")));
    }

    [Fact]
    public async Task OpenApi_Document_HoldsEveryMethodWithItsBody()
    {
        using var document = JsonDocument.Parse(await Http.GetStringAsync("/openapi/v1.json"));

        var paths = document.RootElement.GetProperty("paths");
        foreach (var path in new[] { "/rest-api/call/startup", "/rest-api/call/find", "/rest-api/call/terminate", "/whep/{stream}", "/whip/{stream}" })
            Assert.True(paths.GetProperty(path).GetProperty("post").TryGetProperty("requestBody", out _), path);
        Assert.True(paths.GetProperty("/rest-api/call/find_all").TryGetProperty("get", out _));
        Assert.False(paths.GetProperty("/rest-api/call/startup").TryGetProperty("get", out _));
        using var page = await Http.GetAsync("/api-docs/");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/player/sip-stream-player.mjs", "text/javascript", "customElements.define")]
    [InlineData("/player/whep-session.mjs", "text/javascript", "RTCPeerConnection")]
    [InlineData("/player/demo.html", "text/html", "<sip-stream-player")]
    [InlineData("/app.css", "text/css", "--ssa-primary")]
    [InlineData("/_content/MudBlazor/MudBlazor.min.css", "text/css", "mud-")]
    public async Task StaticFile_OfEveryKind_IsServedWithItsContent(string path, string type, string content)
    {
        using var response = await Http.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Contains(content, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", 200, "Dashboard")]
    [InlineData("/calls", 200, "Calls")]
    [InlineData("/calls/new", 200, "New call")]
    [InlineData("/player?stream=demo", 200, "Player")]
    [InlineData("/accounts", 200, "Accounts")]
    [InlineData("/history", 200, "History")]
    [InlineData("/nowhere", 404, "Nothing here")]
    public async Task Page_WithoutScripts_ShowsItsHeading(string path, int status, string heading)
    {
        using var response = await Http.GetAsync(path);
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal((status, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Matches($"<h1[^>]*>{heading}</h1>", html);
        Assert.Contains("<main id=\"main\"", html, StringComparison.Ordinal);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public sealed class Host : IAsyncLifetime
    {
        internal RunningApp App { get; private set; } = default!;

        public async ValueTask InitializeAsync() => App = await RunningApp.StartAsync();

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
