using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;

namespace SipStreamApp.Tests.Kit;

/// <summary>The whole program, in this process, on free ports and in a folder of its own.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TestFolder _folder;

    private RunningApp(WebApplication app, TestFolder folder, string url)
    {
        (_app, _folder, Url) = (app, folder, url);
        Http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
    }

    public string Url { get; }

    public HttpClient Http { get; }

    public string DataFolder => _folder.Path;

    public MediaEngine Engine => _app.Services.GetRequiredService<MediaEngine>();

    public IServiceProvider Services => _app.Services;

    /// <summary>The SIP port, where the demo callee answers.</summary>
    public int SipPort => Engine.Snapshot().SipPort;

    public static async Task<RunningApp> StartAsync(params string[] settings)
    {
        var folder = new TestFolder();
        var rtp = 42000 + Random.Shared.Next(0, 15) * 1000;
        var app = AppHost.Build(
        [
            "--Urls", "http://127.0.0.1:0", "--Data:Directory", folder.Path, "--Sip:Port", "0", "--WebRtc:Port", "0",
            "--Serilog:MinimumLevel:Default", "Warning", "--Media:RtpPorts", $"{rtp}-{rtp + 900}",
            .. settings,
        ]);
        await app.StartAsync();
        var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new RunningApp(app, folder, url);
    }

    /// <summary>POST /rest-api/{path} with a JSON body.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, object body) => Http.PostAsJsonAsync("/rest-api" + path, body);

    /// <summary>Starts a call by REST to the demo callee (or another user at this engine) and expects 200.</summary>
    public async Task CallDemoAsync(string callId, string callee = "demo", bool audio = true, bool video = true)
    {
        using var answer = await PostAsync("/call/startup", DemoCall(callId, callee, audio, video));
        Xunit.Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    public Dictionary<string, object?> DemoCall(string callId, string callee = "demo", bool audio = true, bool video = true) => new()
    {
        ["callId"] = callId, ["callee"] = callee, ["toStream"] = callId, ["hasAudio"] = audio ? "true" : "false", ["hasVideo"] = video ? "true" : "false",
        ["sipLogin"] = "tester", ["sipDomain"] = "127.0.0.1", ["sipPort"] = $"{SipPort}", ["sipRegisterRequired"] = "false",
    };

    /// <summary>The call by REST, or null where /call/find answers 404.</summary>
    public async Task<JsonElement?> FindCallAsync(string callId)
    {
        using var answer = await PostAsync("/call/find", new { callId });
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;
        Xunit.Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>())[0];
    }

    /// <summary>Waits until /call/find shows a status; fails with what it shows instead.</summary>
    public async Task UntilStatusAsync(string callId, string status, TimeSpan limit)
    {
        var seen = "";
        var ok = await Wait.UntilAsync(async () => (seen = (await FindCallAsync(callId))?.GetProperty("status").GetString() ?? "404") == status, limit);
        Xunit.Assert.True(ok, $"Wanted {status}, was {seen}: {Engine.Calls.FirstOrDefault(c => c.Id.Value == callId)}");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
