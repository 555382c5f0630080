using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Streams;
using Xunit;

namespace SipStreamApp.Tests.Web;

/// <summary>The whole program in this process, on free ports, with a data folder of its own.</summary>
internal sealed class RunningApp : IAsyncDisposable
{
    private readonly TempFolder? _own;

    private RunningApp(WebApplication app, TempFolder? own)
    {
        (App, _own) = (app, own);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }

    public HttpClient Http { get; }

    public static async Task<RunningApp> StartAsync(string[]? args = null, string? directory = null, Action<IServiceCollection>? services = null)
    {
        var own = directory is null ? new TempFolder() : null;
        var app = AppHost.Build(
            ["--Urls", "http://127.0.0.1:0", "--Data:Directory", directory ?? own!.Path, "--Sip:Address", "127.0.0.1", "--Sip:Port", "0", "--WebRtc:Port", "0",
                "--Serilog:MinimumLevel:Default", "Error", "--Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime", "Error", .. args ?? []],
            services);
        await app.StartAsync();
        return new RunningApp(app, own);
    }

    public T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    /// <summary>Starts a call by REST to the demo callee, into a stream of the same name, and waits until it is answered and its stream live.</summary>
    public async Task CallDemoAsync(string callId, string callee = "demo", string appKey = "defaultApp")
    {
        var engine = Get<MediaEngine>();
        var body = JsonSerializer.Serialize(new { callId, callee, toStream = callId, sipLogin = "tester", sipDomain = "127.0.0.1", sipPort = engine.Snapshot().SipPort, appKey });
        using var started = await Http.PostAsync("/rest-api/call/startup", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        var isUp = await Kit.Wait.UntilAsync(
            () => engine.Calls.Any(c => c.Id.Value == callId && c.Status == CallStatus.Established) && engine.Streams.Any(s => s.CallId?.Value == callId && s.State == StreamState.Live),
            TimeSpan.FromSeconds(20));
        Assert.True(isUp, $"{callId} was not answered");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _own?.Dispose();
    }
}
