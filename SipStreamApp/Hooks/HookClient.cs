using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SipStreamApp.Media.Outgoing;
using SipStreamApp.Telemetry;

namespace SipStreamApp.Hooks;

/// <summary>What came back from a backend.</summary>
/// <param name="Problem">What went wrong, in plain words; null where all is well.</param>
/// <param name="Body">Its JSON; null where the body was empty.</param>
internal sealed record HookAnswer(string? Problem, JsonObject? Body);

/// <summary>Posts one hook. Redirects are not followed; the answer may be 256 KB.</summary>
internal sealed class HookClient : IDisposable
{
    private const int MostAnswer = 256 * 1024;

    private readonly byte[] _secret;
    private readonly HttpClient _http;

    public HookClient(HookSettings settings, OutgoingGuard guard)
    {
        _secret = Encoding.UTF8.GetBytes(settings.Secret);
        var handler = guard.Handler();
        handler.MaxConnectionsPerServer = 32;
        _http = new HttpClient(handler)
        {
            Timeout = settings.TimeoutSeconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(settings.TimeoutSeconds),
            MaxResponseContentBufferSize = MostAnswer,
        };
    }

    /// <summary>Never throws but for <paramref name="cancel"/>.</summary>
    public async Task<HookAnswer> PostAsync(HookApp app, string hook, JsonObject message, CancellationToken cancel)
    {
        var span = Tracing.Source.StartActivity("hook " + hook, ActivityKind.Client);
        span?.SetTag("server.address", app.Url.Host).SetTag("session.id", Text(message, "sessionId")).SetTag("call.id", Text(message, "callId"))
            .SetTag("stream.name", Text(message, "streamName") ?? (message.ContainsKey("mediaSessionId") ? Text(message, "name") : null));
        HookAnswer? answer = null;
        try
        {
            return answer = await SendAsync(app, hook, message, cancel).ConfigureAwait(false);
        }
        finally
        {
            span.Finish(answer is null ? "given up" : answer.Problem);
        }
    }

    private static string? Text(JsonObject message, string field) => message[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private async Task<HookAnswer> SendAsync(HookApp app, string hook, JsonObject message, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetBytes(message.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{app.Url.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(hook)}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (_secret.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", "WCS " + Hash(body));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK) return new($"it answered {(int)response.StatusCode}", null);
            var text = await response.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
            if (string.IsNullOrWhiteSpace(text)) return new(null, null);
            return JsonNode.Parse(text) is JsonObject json ? new(null, json) : new("its answer is not a JSON object", null);
        }
        catch (JsonException)
        {
            return new("its answer is not JSON", null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new($"it did not answer within {_http.Timeout.TotalSeconds:0} s", null);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or DecoderFallbackException)
        {
            if (OutgoingGuard.Explain(e) is { } refused) return new("its address lies in a private network; Outgoing:Allowed lets it in", null);
            return new(e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } ? "it cannot be reached" : e.Message, null);
        }
    }

    public void Dispose() => _http.Dispose();

    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "The form backends of Web Call Server check; as a keyed hash MD5 is not broken.")]
    private string Hash(byte[] body) => Convert.ToHexStringLower(HMACMD5.HashData(_secret, body));
}
