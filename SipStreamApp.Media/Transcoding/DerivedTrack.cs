using Microsoft.Extensions.Logging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Transcoding;

/// <summary>The sound of one stream in another codec, while somebody wants it. Reads the hub as any output does; a child that dies is replaced.</summary>
internal sealed partial class DerivedTrack(LiveStream stream, Codec target, string program, MediaFramePool frames, EngineClock clock, DerivedOptions options, ILogger logger)
{
    private readonly WakeSignal _signal = new();
    private readonly StreamTimeClock _time = new();
    private DerivedEncoder? _encoder;
    private TrackFormat? _source = stream.AudioFormat;
    private Instant _retryAt = Instant.Zero;
    private Instant _silentSince = Instant.Never;
    private TimeSpan _patience = options.SilenceAfter;
    private int _failures;
    private int _starts;

    /// <summary>Children started so far.</summary>
    public int Starts => _starts;

    /// <summary>Runs until the stream has ended or nobody has wanted the track for a while.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var reader = stream.Subscribe(target == Codec.Aac ? "aac" : "transcode", replay: false, _signal.Set);
        var wantedAt = clock.Now;
        try
        {
            while (reader.EndReason is null && !cancel.IsCancellationRequested)
            {
                while (reader.TryRead(out var item))
                {
                    Take(item.Frame);
                    item.Frame.Release();
                }

                var now = clock.Now;
                if (stream.IsWanted(target)) wantedAt = now;
                else if (now - wantedAt > options.Linger) return;
                await CareAsync(now);
                FillSilence(now);
                await _signal.WaitAsync(options.Look, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            if (_encoder is not null) await _encoder.DisposeAsync();
        }
    }

    private void Take(MediaFrame frame)
    {
        var isAudio = frame.Format.Kind == MediaKind.Audio;
        // A picture tells the time only where there is no sound to tell it: it may come later than its sound.
        if (isAudio || _encoder?.End is null) _time.Note(frame.ArrivedAt, frame.StreamTime);
        if (!isAudio) return;
        _source = frame.Format;
        if (_encoder is { HasFailed: false } encoder && encoder.Source.Codec == frame.Format.Codec && !encoder.Push(frame))
        {
            // It came after all: this source is later than it was given time for.
            _patience = TimeSpan.FromTicks(Math.Min(_patience.Ticks * 3 / 2, options.MostSilenceAfter.Ticks));
        }
    }

    private void FillSilence(Instant now)
    {
        if (_encoder is not { HasFailed: false } encoder || _time.At(now) is not { } live) return;
        if (encoder.End is not { } end)
        {
            // Nothing yet: where no sound comes at all, the track is silence from the start.
            if (_silentSince == Instant.Never) _silentSince = now;
            if (now - _silentSince > _patience) encoder.Silence(live - _patience / 2);
        }
        else if (live - end > _patience)
        {
            encoder.Silence(live - _patience / 2);
        }
    }

    private async Task CareAsync(Instant now)
    {
        if (_encoder is { } old && (old.HasFailed || (_source is { } s && s.Codec != old.Source.Codec)))
        {
            var failed = old.HasFailed;
            if (failed)
            {
                _failures = old.Made > 200 ? 1 : _failures + 1;
                var pause = options.FirstRetry * Math.Pow(2, Math.Min(_failures - 1, 5));
                _retryAt = now + pause;
            }

            _encoder = null;
            await old.DisposeAsync();
            if (failed) Log.ChildDied(logger, target, stream.Name.Value, _failures, old.Errors);
        }

        if (_encoder is not null || _source is not { } source || now < _retryAt) return;
        _encoder = DerivedEncoder.Start(program, target, source, stream, frames, clock);
        _silentSince = Instant.Never;
        _starts++;
        if (_encoder is not null) return;
        _failures++;
        _retryAt = now + options.FirstRetry * Math.Pow(2, Math.Min(_failures - 1, 5));
        Log.CannotStart(logger, target, stream.Name.Value, program);
    }

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Warning, "The {Codec} track of {Stream} was interrupted: ffmpeg ended ({Failures} in a row): {Errors}")]
        public static partial void ChildDied(ILogger logger, Codec codec, string stream, int failures, string errors);

        [LoggerMessage(31, LogLevel.Warning, "The {Codec} track of {Stream} cannot be made: {Program} does not start")]
        public static partial void CannotStart(ILogger logger, Codec codec, string stream, string program);
    }
}
