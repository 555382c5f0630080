using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using SipStreamApp.Hosting;
using SipStreamApp.Security.Access;
using SipStreamApp.Security.Modes;
using SipStreamApp.Security.People;
using Xunit;

namespace SipStreamApp.Tests.Web.Security;

public sealed class ModeTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", false)]
    [InlineData("http://127.8.9.10", false)]
    [InlineData("http://localhost:0", false)]
    [InlineData("https://[::1]:443/", false)]
    [InlineData("http://[::ffff:127.0.0.1]:80", false)]
    [InlineData("http://unix:/run/app.sock", false)]
    [InlineData("http://*:8080", true)]
    [InlineData("http://+:8080", true)]
    [InlineData("http://0.0.0.0:8080", true)]
    [InlineData("http://[::]:8080", true)]
    [InlineData("http://192.0.2.1:8080", true)]
    [InlineData("http://tv.example.org", true)]
    [InlineData("http://localhost.example.org:8080", true)]
    public void IsBeyondLoopback_Address_AsKestrelBindsIt(string url, bool beyond) => Assert.Equal(beyond, BindAddresses.IsBeyondLoopback(url));

    [Theory]
    [InlineData("Urls", "http://127.0.0.1:1;http://0.0.0.0:2", true)]
    [InlineData("Kestrel:Endpoints:Public:Url", "https://*:443", true)]
    [InlineData("http_ports", "8080", true)]
    [InlineData("Urls", "http://127.0.0.1:1;http://[::1]:2", false)]
    [InlineData("Security:RequireLogin", "true", true)]
    public void Read_Bound_SaysWhetherUsersAreRequired(string key, string value, bool required) => Assert.Equal(required, Read((key, value)).LoginRequired);

    [Fact]
    public void Read_WrongValues_AreAllNamed()
    {
        var read = new SettingsReader(Configuration(("Security:AdminPassword", "short"), ("Security:AllowedHosts", "a b!c"), ("Playback:Access", "1")));
        SecuritySettings.Read(read, Configuration());
        Assert.Equal(3, read.Problems.Count);
        Assert.DoesNotContain(read.Problems, p => p.Contains("short\"", StringComparison.Ordinal));
    }

    // Method, Host, Origin, Sec-Fetch-Site, WebSocket, local address, expected code.
    [Theory]
    [InlineData("GET", "localhost:8080", "", "", false, "127.0.0.1", null)]
    [InlineData("GET", "127.0.0.1:8080", "https://foreign.example", "cross-site", false, "127.0.0.1", null)]
    [InlineData("GET", "rebound.example:8080", "", "", false, "127.0.0.1", "host-refused")]
    [InlineData("GET", "127.0.0.1.example.org", "", "", false, "127.0.0.1", "host-refused")]
    [InlineData("GET", "192.0.2.1:8080", "", "", false, "127.0.0.1", "host-refused")]
    [InlineData("GET", "tv.example.org", "", "", false, "127.0.0.1", null)]
    [InlineData("GET", "localhost", "", "", false, "192.0.2.1", "not-open")]
    [InlineData("POST", "localhost:8080", "", "", false, "127.0.0.1", null)]
    [InlineData("POST", "localhost:8080", "http://localhost:3000", "same-site", false, "127.0.0.1", null)]
    [InlineData("POST", "localhost:8080", "https://pages.example.org", "cross-site", false, "127.0.0.1", null)]
    [InlineData("POST", "localhost:8080", "https://foreign.example", "cross-site", false, "127.0.0.1", "origin-refused")]
    [InlineData("POST", "localhost:8080", "null", "cross-site", false, "127.0.0.1", "origin-refused")]
    [InlineData("POST", "localhost:8080", "", "cross-site", false, "127.0.0.1", "origin-refused")]
    [InlineData("DELETE", "localhost:8080", "file://", "", false, "127.0.0.1", "origin-refused")]
    [InlineData("GET", "localhost:8080", "https://foreign.example", "", true, "127.0.0.1", "origin-refused")]
    [InlineData("GET", "localhost:8080", "http://127.0.0.1:8080", "", true, "::1", null)]
    [InlineData("POST", "tv.example.org", "https://tv.example.org", "same-origin", false, "127.0.0.1", null)]
    public void Check_WithoutLogin_LetsOnlyThisMachineIn(string method, string host, string origin, string site, bool socket, string local, string? code)
    {
        Assert.True(HostRule.TryParse(["tv.example.org"], out var hosts, out _));
        Assert.True(OriginRule.TryParse(["https://pages.example.org"], out var origins, out _));
        var guard = new RequestGuard(new SecuritySettings { Hosts = hosts }, origins);

        Assert.Equal(code, guard.Check(method, new HostString(host), origin, site, socket, IPAddress.Parse(local))?.Code);
    }

    [Theory]
    [InlineData("any.example", false, "", null)]
    [InlineData("any.example", true, "", "host-refused")]
    [InlineData("192.0.2.1", true, "", null)]
    [InlineData("any.example", false, "tv.example.org", "host-refused")]
    [InlineData("a.example.org", false, "*.example.org", null)]
    [InlineData("example.org", false, "*.example.org", "host-refused")]
    public void Check_WithLogin_HostsAreFreeUnlessListedOrAnonymous(string host, bool anonymous, string list, string? code)
    {
        Assert.True(HostRule.TryParse([list], out var hosts, out _));
        Assert.True(OriginRule.TryParse([], out var origins, out _));
        var guard = new RequestGuard(new SecuritySettings { LoginRequired = true, AnonymousRest = anonymous, Hosts = hosts }, origins);

        Assert.Equal(code, guard.Check("GET", new HostString(host), "", "", false, IPAddress.Parse("192.0.2.1"))?.Code);
        Assert.Equal(code ?? "origin-refused", guard.Check("POST", new HostString(host), "https://foreign.example", "", false, null)?.Code);
    }

    [Theory]
    [InlineData("GET", "/login", false, "Open", "")]
    [InlineData("GET", "/app.css", false, "Open", "")]
    [InlineData("GET", "/player/sip-stream-player.mjs", false, "Open", "")]
    [InlineData("GET", "/health/live", false, "Open", "")]
    [InlineData("POST", "/whep/cam", false, "Play", "play")]
    [InlineData("GET", "/hls/cam/index.m3u8", false, "Play", "play")]
    [InlineData("GET", "/cam/cam.m3u8", false, "Play", "play")]
    [InlineData("GET", "/mse/cam", true, "Play", "play")]
    [InlineData("GET", "/streams/cam/snapshot.jpg", false, "Play", "play")]
    [InlineData("GET", "/rest-api/call/find_all", false, "Api", "read")]
    [InlineData("POST", "/rest-api/call/find", false, "Api", "read")]
    [InlineData("POST", "/rest-api/call/startup", false, "Api", "control")]
    [InlineData("POST", "/rest-api/something/new", false, "Api", "control")]
    [InlineData("GET", "/rest-api/v2/links", false, "Api", "control")]
    [InlineData("POST", "/rest-api/v2/admin/drain", false, "Api", "admin")]
    [InlineData("POST", "/admin/drain", false, "Api", "admin")]
    [InlineData("GET", "/metrics", false, "Api", "read")]
    [InlineData("GET", "/live/calls/c1", false, "Api", "read")]
    [InlineData("GET", "/rest-api/v2/calls/c1/trace.pcap", false, "Api", "read")]
    [InlineData("GET", "/calls", false, "Page", "read")]
    [InlineData("GET", "/calls/c1", false, "Page", "read")]
    [InlineData("GET", "/calls/new", false, "Page", "control")]
    [InlineData("GET", "/Calls//NEW/", false, "Page", "control")]
    [InlineData("GET", "/calls/c1/more", false, "Page", "control")]
    [InlineData("POST", "/calls/c1", false, "Api", "control")]
    [InlineData("GET", "/streams", false, "Page", "read")]
    [InlineData("GET", "/streams/cam", false, "Page", "read")]
    [InlineData("GET", "/recordings", false, "Page", "read")]
    [InlineData("GET", "/history", false, "Page", "read")]
    [InlineData("GET", "/history/x", false, "Page", "control")]
    [InlineData("GET", "/push", false, "Page", "control")]
    [InlineData("GET", "/accounts", false, "Page", "control")]
    [InlineData("GET", "/rest-api/v2/history.csv", false, "Api", "read")]
    [InlineData("GET", "/calls/c1", true, "Api", "control")]
    [InlineData("GET", "/health", false, "Page", "control")]
    [InlineData("POST", "/rest-api/v2/health", false, "Api", "control")]
    [InlineData("GET", "/api", false, "Page", "read")]
    [InlineData("GET", "/live/levels", false, "Api", "read")]
    [InlineData("GET", "/recordings/1/file", false, "Api", "read")]
    [InlineData("GET", "/recordings/1/peaks", false, "Api", "read")]
    [InlineData("GET", "/rest-api/v2/push-targets", false, "Api", "read")]
    [InlineData("POST", "/rest-api/v2/push-targets", false, "Api", "control")]
    [InlineData("PATCH", "/rest-api/v2/push-targets/1", false, "Api", "control")]
    [InlineData("POST", "/rest-api/v2/push-targets/1/push", false, "Api", "control")]
    [InlineData("POST", "/rest-api/v2/push-targets/1/test", false, "Api", "control")]
    [InlineData("POST", "/rest-api/v2/pushes/1/retry", false, "Api", "control")]
    [InlineData("DELETE", "/rest-api/v2/recordings", false, "Api", "control")]
    [InlineData("GET", "/settings/sip", false, "Page", "admin")]
    [InlineData("DELETE", "/recordings/1", false, "Api", "control")]
    [InlineData("GET", "/", true, "Client", "control")]
    [InlineData("GET", "/websocket", true, "Client", "control")]
    [InlineData("GET", "/call_stream1", true, "Client", "control")]
    [InlineData("GET", "/login", true, "Client", "control")]
    [InlineData("GET", "/_blazor", true, "Page", "read")]
    [InlineData("GET", "/mse", true, "Api", "control")]
    [InlineData("GET", "/ws/other", true, "Api", "control")]
    [InlineData("GET", "/", false, "Page", "read")]
    [InlineData("POST", "/", false, "Api", "control")]
    [InlineData("GET", "/player", false, "Page", "read")]
    [InlineData("GET", "/settings/users", false, "Page", "admin")]
    [InlineData("POST", "/_blazor/negotiate", false, "Page", "read")]
    [InlineData("POST", "/whip/cam", false, "Api", "control")]
    [InlineData("GET", "/not/known/yet", false, "Page", "control")]
    [InlineData("GET", "/REST-API/call/find_all", false, "Api", "read")]
    [InlineData("GET", "//rest-api/call/find_all", false, "Api", "read")]
    public void Of_Path_NeedsWhatTheTableSays(string method, string path, bool socket, string kind, string scope)
    {
        var need = AccessRules.Of(method, path, socket);
        Assert.Equal((kind, scope), (need.Kind.ToString(), need.Scope.Text()));
        if (kind == "Play") Assert.Equal("cam", need.Stream);
    }

    private static SecuritySettings Read(params (string Key, string Value)[] keys) => SecuritySettings.Read(new SettingsReader(Configuration(keys)), Configuration(keys));

    private static IConfiguration Configuration(params (string Key, string Value)[] keys) =>
        new ConfigurationBuilder().AddInMemoryCollection(keys.Select(k => new KeyValuePair<string, string?>(k.Key, k.Value))).Build();
}
