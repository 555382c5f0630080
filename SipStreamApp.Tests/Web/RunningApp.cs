using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Hosting;

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

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _own?.Dispose();
    }
}
