using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Transcoding;

/// <summary>Makes derived tracks of sound, one for each stream and codec that somebody wants. Hub in, hub out.</summary>
internal sealed class AudioTranscoder : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(LiveStream Stream, Codec Codec), Task> _running = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly StreamHub _hub;
    private readonly EngineClock _clock;
    private readonly DerivedOptions _options;
    private readonly ILogger _logger;
    private readonly string? _program;

    /// <param name="hub">Where the streams are.</param>
    /// <param name="clock">The engine's clock.</param>
    /// <param name="program">The path of ffmpeg; null where there is none.</param>
    /// <param name="options">Times.</param>
    /// <param name="logger">Where a child's death is told.</param>
    public AudioTranscoder(StreamHub hub, EngineClock clock, string? program, DerivedOptions options, ILogger logger)
    {
        (_hub, _clock, _program, _options, _logger) = (hub, clock, program, options, logger);
        hub.NoDerived = Unable;
        hub.DerivedWanted = Wake;
    }

    /// <summary>Why no derived track can be made, or null.</summary>
    public Failure? Unable => _program is null ? Ffmpeg.Missing : null;

    /// <summary>Tracks being made.</summary>
    public int Count => _running.Count;

    public async ValueTask DisposeAsync()
    {
        _hub.DerivedWanted = null;
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stop.Dispose();
    }

    private void Wake(LiveStream stream, Codec codec)
    {
        if (_program is null || _stop.IsCancellationRequested || !TargetCodec.CanMake(codec) || _running.ContainsKey((stream, codec))) return;
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.TryAdd((stream, codec), RunAsync(stream, codec, begin.Task))) begin.SetResult();
        else begin.SetCanceled();
    }

    private async Task RunAsync(LiveStream stream, Codec codec, Task begin)
    {
        await begin.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (begin.IsCanceled) return;
        try
        {
            await new DerivedTrack(stream, codec, _program!, _hub.Frames, _clock, _options, _logger).RunAsync(_stop.Token);
        }
        finally
        {
            _running.TryRemove((stream, codec), out _);
        }

        // Somebody may have asked between the last look and the removal.
        if (stream.IsWanted(codec) && stream.State != StreamState.Ended) Wake(stream, codec);
    }
}
