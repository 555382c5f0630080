using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Transcoding;

/// <summary>Makes derived AAC tracks, one for each stream that somebody wants one of. Hub in, hub out.</summary>
internal sealed class AacTranscoder : IAsyncDisposable
{
    private readonly ConcurrentDictionary<LiveStream, Task> _running = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly StreamHub _hub;
    private readonly EngineClock _clock;
    private readonly AacOptions _options;
    private readonly ILogger _logger;
    private readonly string? _program;

    /// <param name="hub">Where the streams are.</param>
    /// <param name="clock">The engine's clock.</param>
    /// <param name="program">The path of ffmpeg; null where there is none.</param>
    /// <param name="options">Times.</param>
    /// <param name="logger">Where a child's death is told.</param>
    public AacTranscoder(StreamHub hub, EngineClock clock, string? program, AacOptions options, ILogger logger)
    {
        (_hub, _clock, _program, _options, _logger) = (hub, clock, program, options, logger);
        hub.AacWanted = Wake;
    }

    /// <summary>Why no AAC can be made, or null.</summary>
    public Failure? Unable => _program is null ? Ffmpeg.Missing : null;

    /// <summary>Tracks being made.</summary>
    public int Count => _running.Count;

    public async ValueTask DisposeAsync()
    {
        _hub.AacWanted = null;
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stop.Dispose();
    }

    private void Wake(LiveStream stream)
    {
        if (_program is null || _stop.IsCancellationRequested || _running.ContainsKey(stream)) return;
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.TryAdd(stream, RunAsync(stream, begin.Task))) begin.SetResult();
        else begin.SetCanceled();
    }

    private async Task RunAsync(LiveStream stream, Task begin)
    {
        await begin.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (begin.IsCanceled) return;
        try
        {
            await new AacTrack(stream, _program!, _hub.Frames, _clock, _options, _logger).RunAsync(_stop.Token);
        }
        finally
        {
            _running.TryRemove(stream, out _);
        }

        // Somebody may have asked between the last look and the removal.
        if (stream.IsAacWanted && stream.State != StreamState.Ended) Wake(stream);
    }
}
