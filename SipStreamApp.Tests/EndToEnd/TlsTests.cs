using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The same program by TLS: a certificate in Kestrel's settings, wss for the Web SDK and https for REST.</summary>
public class TlsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("pfx")]
    [InlineData("pem")]
    public async Task Https_ByACertificateInTheSettings_CarriesRestAndTheSdksSocket(string kind)
    {
        using var folder = new TestFolder();
        using var certificate = TestCertificate.Make();
        var (wss, https) = (FreePort.Next(), FreePort.Next());
        await using var app = await RunningApp.StartAsync(["--Urls", $"http://127.0.0.1:0;https://127.0.0.1:{wss};https://127.0.0.1:{https}", .. await SaveAsync(certificate, kind, folder.Path)]);

        // REST by a client that takes this certificate and no other.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown?.Thumbprint == certificate.Thumbprint };
        using var rest = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{https}") };
        using var started = await rest.PostAsJsonAsync("/rest-api/call/startup", app.DemoCall("secure"));
        Assert.True(started.StatusCode == HttpStatusCode.OK, await started.Content.ReadAsStringAsync());
        await app.UntilStatusAsync("secure", "ESTABLISHED", Soon);
        using var found = await rest.PostAsJsonAsync("/rest-api/call/find", new { callId = "secure" });
        Assert.Equal("ESTABLISHED", (await found.Content.ReadFromJsonAsync<JsonElement>())[0].GetProperty("status").GetString());
        using var stranger = new HttpClient { BaseAddress = rest.BaseAddress };
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync("/rest-api/call/find_all"));
        if (kind == "pem") return;

        // The Player by wss. The page asks by https first, so that the browser has an HTTP/2 connection, which it then uses for the socket, too.
        await using var site = await WebSdkSite.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        foreach (var warm in (bool[])[false, true])
        {
            var player = await SdkPage.OpenAsync(chromium, $"{site.Examples}/streaming/player/player.html", app, anyCertificate: true);
            if (warm) Assert.Equal(200, await player.Page.EvaluateAsync<int>($"async () => (await fetch('https://127.0.0.1:{wss}/rest-api/call/find_all')).status"));
            await player.Page.FillAsync("#url", $"wss://127.0.0.1:{wss}");
            await player.PlayAsync("secure");
            await player.UntilStatusAsync("PLAYING");
            await player.UntilPictureAsync(10);
            Assert.Equal($"wss://127.0.0.1:{wss}/", Assert.Single(player.Sockets).Url);
            await player.Page.ClickAsync("#playBtn");
            await player.UntilStatusAsync("STOPPED");
            Assert.Empty(player.Errors);
            await player.Page.CloseAsync();
        }
    }

    private static async Task<string[]> SaveAsync(X509Certificate2 certificate, string kind, string folder)
    {
        var path = Path.Combine(folder, "server." + kind);
        if (kind == "pfx")
        {
            await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pfx, "secret"));
            return ["--Kestrel:Certificates:Default:Path", path, "--Kestrel:Certificates:Default:Password", "secret"];
        }

        using var key = certificate.GetRSAPrivateKey()!;
        await File.WriteAllTextAsync(path, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(path + ".key", key.ExportPkcs8PrivateKeyPem());
        return ["--Kestrel:Certificates:Default:Path", path, "--Kestrel:Certificates:Default:KeyPath", path + ".key"];
    }
}
