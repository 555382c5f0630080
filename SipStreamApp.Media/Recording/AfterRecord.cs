using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Outgoing;
using SipStreamApp.Media.Processes;

namespace SipStreamApp.Media.Recording;

/// <summary>Tells a program and a web address that a recording is ready. What fails is logged and touches nothing.</summary>
internal sealed partial class AfterRecord(RecordingOptions options, ILogger logger) : IDisposable
{
    private readonly HttpClient _http = new(options.Outgoing.Handler()) { Timeout = TimeSpan.FromSeconds(options.AfterRecordTimeoutSeconds) };

    /// <summary>Tells both, one after the other.</summary>
    public async Task TellAsync(RecordingSnapshot recording, string file, CancellationToken cancel)
    {
        if (options.AfterRecordProgram.Length > 0)
        {
            var command = new ChildCommand(options.AfterRecordProgram, [recording.StreamName.Value, file]) { InBackground = true };
            var outcome = await ChildProcess.RunAsync(command, TimeSpan.FromSeconds(options.AfterRecordTimeoutSeconds), cancel).ConfigureAwait(false);
            if (!outcome.Succeeded) LogProgram(options.AfterRecordProgram, file, outcome.Problem!);
        }

        if (options.AfterRecordUrl.Length == 0) return;
        try
        {
            var told = new RecordingNews(
                recording.Id, recording.StreamName.Value, recording.CallId?.Value, recording.MediaSessionId, file, recording.FileName, recording.Bytes,
                (long)recording.Duration.TotalMilliseconds, recording.StartedAt, recording.EndedAt);
            using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(told, NewsJson.Default.RecordingNews));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await _http.PostAsync(new Uri(options.AfterRecordUrl), content, cancel).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode) LogAddress(file, $"it answered {(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            LogAddress(file, OutgoingGuard.Explain(e)?.ToString() ?? e.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    [LoggerMessage(RecordingLogIds.ProgramFailed, LogLevel.Warning, "After-record program {Program} for {File}: {Problem}")]
    private partial void LogProgram(string program, string file, string problem);

    // The address may hold a secret: it is not logged.
    [LoggerMessage(RecordingLogIds.AddressFailed, LogLevel.Warning, "After-record address for {File}: {Problem}")]
    private partial void LogAddress(string file, string problem);
}

/// <summary>What is posted.</summary>
internal sealed record RecordingNews(
    string Id, string StreamName, string? CallId, string MediaSessionId, string File, string FileName, long Bytes, long DurationMs,
    DateTimeOffset StartTime, DateTimeOffset? EndTime);

/// <summary>JSON of the web hook.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecordingNews))]
internal sealed partial class NewsJson : JsonSerializerContext;
