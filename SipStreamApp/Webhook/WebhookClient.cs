using System.Net.Http.Headers;
using System.Text;
using SipStreamApp.Media.Outgoing;

namespace SipStreamApp.Webhook;

/// <summary>What came of one attempt.</summary>
/// <param name="Status">HTTP status; null where there was no answer.</param>
/// <param name="Problem">What went wrong, in plain words; null where it was taken.</param>
/// <param name="RetryAfter">How long the target asks to be left alone; null where it did not say.</param>
internal sealed record WebhookResult(int? Status, string? Problem, TimeSpan? RetryAfter);

/// <summary>Posts one delivery. Redirects are not followed: a signed event goes where it was meant to go, or nowhere.</summary>
internal sealed class WebhookClient : IDisposable
{
    private readonly WebhookSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public WebhookClient(WebhookSettings settings, OutgoingGuard guard, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _http = new HttpClient(guard.Handler())
        {
            Timeout = TimeSpan.FromSeconds(settings.TimeoutSeconds),
        };
    }

    /// <summary>Never throws but for <paramref name="cancel"/>.</summary>
    public async Task<WebhookResult> PostAsync(string id, string type, string json, CancellationToken cancel)
    {
        var body = Encoding.UTF8.GetBytes(json);
        using var request = new HttpRequestMessage(HttpMethod.Post, _settings.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.TryAddWithoutValidation("User-Agent", "SipStreamApp");
        request.Headers.TryAddWithoutValidation("X-SipStreamApp-Delivery", id);
        request.Headers.TryAddWithoutValidation("X-SipStreamApp-Event", type);
        if (_settings.Secret.Length > 0) request.Headers.TryAddWithoutValidation(WebhookSignature.Header, WebhookSignature.Sign(_settings.Secret, _time.GetUtcNow(), body));
        try
        {
            // The body of the answer is of no interest, however long it is.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode ? new(status, null, null) : new(status, $"It answered {status}", Wait(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(null, $"It did not answer within {_settings.TimeoutSeconds} s", null);
        }
        catch (HttpRequestException e)
        {
            if (OutgoingGuard.Explain(e) is { } refused) return new(null, $"{refused.Title}: Outgoing:Allowed lets it in", null);
            return new(null, e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "Its name cannot be resolved",
                HttpRequestError.ConnectionError => "It cannot be reached",
                HttpRequestError.SecureConnectionError => "No secure connection: its certificate is not trusted",
                _ => "The connection broke",
            }, null);
        }
    }

    public void Dispose() => _http.Dispose();

    private TimeSpan? Wait(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);
        return wait > TimeSpan.Zero ? wait : null;
    }
}
