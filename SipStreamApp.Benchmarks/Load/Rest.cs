using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>The REST interface as a strict client sees it: every answer must be the expected one.</summary>
internal sealed class Rest(string url) : IDisposable
{
    public HttpClient Http { get; } = new() { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose() => Http.Dispose();

    /// <summary>POST /rest-api{path}; the body of the answer.</summary>
    public async Task<string> PostAsync(string path, object body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await Http.PostAsJsonAsync("/rest-api" + path, body);
        return await CheckedAsync(answer, "POST " + path, expected);
    }

    public async Task<JsonElement> QueryAsync(string path, object body) => JsonDocument.Parse(await PostAsync(path, body)).RootElement;

    public async Task<byte[]> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(path);
        if (answer.StatusCode != HttpStatusCode.OK) await CheckedAsync(answer, "GET " + path, HttpStatusCode.OK);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public async Task DeleteAsync(string path)
    {
        using var answer = await Http.DeleteAsync(path);
        await CheckedAsync(answer, "DELETE " + path, HttpStatusCode.OK);
    }

    public static async Task<string> CheckedAsync(HttpResponseMessage answer, string what, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode != expected) throw new LoadException($"{what}: {(int)answer.StatusCode} instead of {(int)expected}: {text}");
        return text;
    }
}
