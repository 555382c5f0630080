using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SipStreamApp.Tests.Kit;

/// <summary>One request a backend got.</summary>
internal sealed record HookRequest(string Path, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The last part of the path: the name of a hook.</summary>
    public string Hook => Path[(Path.LastIndexOf('/') + 1)..];

    public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Body).RootElement;
}

/// <summary>A web server that stands for somebody's backend: keeps what it gets and answers as the test says.</summary>
internal sealed class HookBackend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<HookRequest> _requests = new();
    private readonly CancellationTokenSource _end = new();

    private HookBackend(WebApplication app) => _app = app;

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url => _app.Urls.First();

    /// <summary>What it got so far, in order.</summary>
    public IReadOnlyList<HookRequest> Requests => [.. _requests];

    /// <summary>Status, body and headers of the answer to a request; status 0 never answers. By default 200 with what came.</summary>
    public Func<HookRequest, (int Status, string Body)> Answer { get; set; } = r => (200, r.Body);

    /// <summary>Headers of every answer.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    public static async Task<HookBackend> StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var backend = new HookBackend(builder.Build());
        backend._app.Run(backend.TakeAsync);
        await backend._app.StartAsync();
        return backend;
    }

    /// <summary>Waits until so many requests are there that fit; fails with what came instead.</summary>
    public async Task<IReadOnlyList<HookRequest>> UntilAsync(int count, Func<HookRequest, bool> fits, double seconds = 15)
    {
        await Wait.ForAsync(() => _requests.Count(fits) >= count, TimeSpan.FromSeconds(seconds), () => $"Wanted {count}, got {string.Join("; ", _requests.Select(r => r.Path + " " + r.Body))}");
        return [.. _requests.Where(fits)];
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _app.DisposeAsync();
        _end.Dispose();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var request = new HookRequest(http.Request.Path, await reader.ReadToEndAsync(), http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        _requests.Enqueue(request);
        var (status, body) = Answer(request);
        if (status == 0)
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, http.RequestAborted);
            await Task.Delay(Timeout.Infinite, gone.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            http.Abort();
            return;
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        foreach (var (name, value) in Headers) http.Response.Headers[name] = value;
        await http.Response.WriteAsync(body);
    }
}
