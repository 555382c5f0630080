using SipStreamApp.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Web.Api;

public sealed class CorsTests
{
    [Theory]
    [InlineData("", "http://localhost:3000", true)]
    [InlineData("loopback", "http://127.0.0.1:5500", true)]
    [InlineData("loopback", "http://[::1]:8000", true)]
    [InlineData("loopback", "https://app.localhost", true)]
    [InlineData("loopback", "http://localhost.evil.example", false)]
    [InlineData("loopback", "http://192.0.2.7", false)]
    [InlineData("loopback", "null", false)]
    [InlineData("loopback", "file://", false)]
    [InlineData("*", "https://anything.example", true)]
    [InlineData("*", "null", true)]
    [InlineData("https://tv.example.org, http://b.example:81", "https://tv.example.org", true)]
    [InlineData("https://tv.example.org, http://b.example:81", "https://TV.example.org:443", true)]
    [InlineData("https://tv.example.org, http://b.example:81", "http://b.example:81", true)]
    [InlineData("https://tv.example.org", "http://tv.example.org", false)]
    [InlineData("https://tv.example.org", "http://localhost:3000", false)]
    [InlineData("loopback,https://tv.example.org", "http://localhost:3000", true)]
    public void Allows_OriginUnderRule_AsTheManualSays(string setting, string origin, bool allowed)
    {
        Assert.True(OriginRule.TryParse([setting], out var rule, out _));

        Assert.Equal(allowed, rule.Allows(origin));
    }

    [Theory]
    [InlineData("tv.example.org")]
    [InlineData("https://tv.example.org/path")]
    [InlineData("ftp://tv.example.org")]
    public void TryParse_NoOrigin_NamesIt(string setting)
    {
        Assert.False(OriginRule.TryParse([setting], out _, out var wrong));
        Assert.Equal(setting, wrong);
    }

    [Fact]
    public async Task Answers_ToForeignPages_ChangeNothingAndCannotBeRead()
    {
        await using var app = await RunningApp.StartAsync();
        foreach (var (method, path, status, foreign) in new[] { ("POST", "/rest-api/call/find", 404, 403), ("GET", "/rest-api/call/find_all", 404, 404), ("POST", "/rest-api/nothing", 404, 403), ("PUT", "/rest-api/call/find", 405, 403), ("POST", "/whep/x", 415, 403), ("DELETE", "/whep/x/y", 404, 403), ("POST", "/whip/x", 415, 403) })
        {
            Assert.Equal((status, "http://localhost:3000"), await AskAsync(app, method, path, "http://localhost:3000"));
            Assert.Equal((foreign, null), await AskAsync(app, method, path, "https://foreign.example"));
        }
    }

    [Fact]
    public async Task Preflight_FromAllowedPage_NamesHeadersAndMethods()
    {
        await using var app = await RunningApp.StartAsync();
        foreach (var (path, wanted) in new[] { ("/rest-api/call/startup", "POST"), ("/whep/x", "POST"), ("/whep/x/session", "DELETE"), ("/whip/x", "POST"), ("/whip/x/session", "DELETE") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            request.Headers.Add("Origin", "http://127.0.0.1:5500");
            request.Headers.Add("Access-Control-Request-Method", wanted);
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-requested-with");
            using var response = await app.Http.SendAsync(request);

            Assert.Equal(204, (int)response.StatusCode);
            Assert.Equal("http://127.0.0.1:5500", Header(response, "Access-Control-Allow-Origin"));
            Assert.Contains(wanted, Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
            foreach (var header in new[] { "content-type", "x-requested-with", "authorization" })
                Assert.Contains(header, Header(response, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Location_IsExposed_AndThePlayerIsForEverybody()
    {
        await using var app = await RunningApp.StartAsync(["--Cors:Origins", "*"]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/whep/x");
        request.Headers.Add("Origin", "https://foreign.example");
        using var whep = await app.Http.SendAsync(request);
        using var module = new HttpRequestMessage(HttpMethod.Get, "/player/sip-stream-player.mjs");
        module.Headers.Add("Origin", "https://foreign.example");
        using var player = await app.Http.SendAsync(module);

        Assert.Contains("Location", Header(whep, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Equal("*", Header(player, "Access-Control-Allow-Origin"));
    }

    private static async Task<(int Status, string? Allowed)> AskAsync(RunningApp app, string method, string path, string origin)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Origin", origin);
        using var response = await app.Http.SendAsync(request);
        return ((int)response.StatusCode, Header(response, "Access-Control-Allow-Origin"));
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
