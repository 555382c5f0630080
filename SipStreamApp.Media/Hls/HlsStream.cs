using System.Text;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Hls;

/// <summary>The HLS presentation of one stream: fed by one task as long as somebody asks, read by any number of requests.</summary>
internal sealed class HlsStream : IAsyncDisposable
{
    private const string Mp4Type = "video/mp4";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PicturePatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeyframeEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HlsOptions _options;
    private readonly EngineClock _clock;
    private readonly HlsTimeline _timeline;
    private readonly LivePackager _packager;
    private readonly Subscription _reader;
    private readonly WakeSignal _signal = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private TaskCompletionSource _changed = New();
    private DateTimeOffset? _wallOfStreamZero;
    private Instant _askedAt;
    private Instant _keyframeAskedAt = Instant.Zero;

    public HlsStream(LiveStream stream, LiveTracks tracks, EngineClock clock, HlsOptions options)
    {
        (Stream, _clock, _options, _askedAt) = (stream, clock, options, clock.Now);
        _timeline = new HlsTimeline(options);
        Audience = new HlsAudience(clock, options.ViewerSilence);
        _packager = new LivePackager(FragmentOptions.Parts(options.Segment, options.Part), tracks.Audio, tracks.Video, PicturePatience, stream.RequestKeyframe);
        _reader = stream.Subscribe("hls", replay: true, _signal.Set, tracks.UsesAac);
        stream.HlsViewers = () => Audience.Count;
        Running = Task.Run(RunAsync);
    }

    public LiveStream Stream { get; }

    /// <summary>Who plays it.</summary>
    public HlsAudience Audience { get; }

    /// <summary>Ends when nobody asked for a while, or the stream has ended and its rest was kept long enough.</summary>
    public Task Running { get; }

    /// <summary>Bytes that are kept.</summary>
    public long BytesKept
    {
        get
        {
            lock (_gate) return _timeline.Segments.Sum(s => s.Parts.Sum(p => (long)p.Data.Length));
        }
    }

    /// <summary>The playlist; with a number (and part) it waits until it holds that one.</summary>
    public async Task<Outcome<HlsFile>> PlaylistAsync(long? number, int? part, string prefix, CancellationToken cancel)
    {
        lock (_gate)
        {
            // RFC 8216bis section 6.2.5.2: far beyond the end is an error of the player.
            if (number > _timeline.NextNumber + 2 || (number is null && part is not null))
                return new Failure("bad-sequence", Blame.Caller, "The playlist does not reach so far", "_HLS_msn is the number of a segment that comes next.");
        }

        var found = await WhenAsync(() => _timeline.HasEnded || (_timeline.Whole > 0 && (number is null || _timeline.Has(number.Value, part))), cancel);
        if (!found) return NotReady();
        lock (_gate)
        {
            var wall = _packager.Origin is { } origin ? _wallOfStreamZero + origin : null;
            var text = HlsPlaylist.Write(_timeline, _options, _run, prefix, wall);
            return new HlsFile(HlsPlaylist.ContentType, [Encoding.UTF8.GetBytes(text)], IsLasting: false);
        }
    }

    /// <summary>An init segment, segment or part; waits for the part that the playlist hinted at.</summary>
    public async Task<Outcome<HlsFile>> FileAsync(string file, CancellationToken cancel)
    {
        if (!HlsName.TryParse(file, out var name) || name.Run != _run) return NotFound();
        if (name.Kind == HlsNameKind.Part)
        {
            lock (_gate)
            {
                // Only the very next part is waited for.
                var isNext = name.Number == _timeline.NextNumber && name.Part <= (_timeline.Open?.Parts.Count ?? 0);
                if (!isNext && Find(name) is null) return NotFound();
            }

            await WhenAsync(() => _timeline.HasEnded || Find(name) is not null || _timeline.NextNumber > name.Number, cancel);
        }

        lock (_gate) return Find(name) is { } body ? new HlsFile(Mp4Type, body, IsLasting: true) : NotFound();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Running;
        _stop.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Failure NotFound() =>
        new("file-not-found", Blame.Caller, "There is no such segment", "Segments live for some seconds; the playlist names those that are there.");

    private static Failure NotReady() =>
        new("hls-not-ready", Blame.Peer, "There is no segment yet", "The source has sent no keyframe so far. Try again.") { Retryable = true };

    private IReadOnlyList<ReadOnlyMemory<byte>>? Find(in HlsName name)
    {
        if (name.Kind == HlsNameKind.Init) return name.Number <= int.MaxValue && _timeline.FindInit((int)name.Number) is { } init ? [init] : null;
        if (_timeline.Find(name.Number) is not { } segment) return null;
        if (name.Kind == HlsNameKind.Part) return name.Part < segment.Parts.Count ? [segment.Parts[name.Part].Data] : null;
        return segment.Duration is null ? null : [.. segment.Parts.Select(p => (ReadOnlyMemory<byte>)p.Data)];
    }

    // True once the condition holds; false after the patience or once this presentation is over.
    private async Task<bool> WhenAsync(Func<bool> condition, CancellationToken cancel)
    {
        var until = _clock.Now + _options.Patience;
        for (;;)
        {
            Task changed;
            lock (_gate)
            {
                _askedAt = _clock.Now;
                if (condition()) return true;
                changed = _changed.Task;
            }

            var left = until - _clock.Now;
            if (left <= TimeSpan.Zero || Running.IsCompleted) return false;
            await Task.WhenAny(changed, Running, Task.Delay(left, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (_clock.Now - AskedAt() < _options.Idle)
            {
                var reason = _reader.EndReason;
                if (_reader.TryRead(out var item)) Take(item);
                else if (reason is null) await _signal.WaitAsync(Look, _stop.Token);
                else
                {
                    Finish();
                    await Task.Delay(_options.AfterEnd, _stop.Token);
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
        finally
        {
            _reader.Dispose();
            Stream.HlsViewers = null;
        }
    }

    private Instant AskedAt()
    {
        lock (_gate) return _askedAt;
    }

    private void Take(in StreamItem item)
    {
        var now = _clock.Now;
        _wallOfStreamZero ??= _clock.UtcNow - (now - item.Frame.ArrivedAt) - item.Frame.StreamTime;
        _packager.Push(item);
        var isVideo = item.Frame.Format.Kind == MediaKind.Video;
        item.Frame.Release();
        Collect();
        if (!isVideo || now - _keyframeAskedAt < KeyframeEvery || _timeline.Open is not { } open) return;
        // Phones send keyframes when they like; a segment has to start with one. One part is waited for: a source that sends them every
        // two seconds by itself is not asked.
        if (open.End - open.Start < _options.Segment + _options.Part / 2) return;
        _keyframeAskedAt = now;
        Stream.RequestKeyframe();
    }

    private void Collect()
    {
        while (_packager.TryTake(out var piece))
        {
            lock (_gate)
            {
                if (piece.IsInit) _timeline.AddInit(piece.Data);
                else _timeline.Add(piece.Data, piece.Fragment);
            }

            Tell();
        }
    }

    private void Finish()
    {
        _packager.Finish();
        Collect();
        lock (_gate) _timeline.End();
        Tell();
    }

    private void Tell()
    {
        TaskCompletionSource before;
        lock (_gate) (before, _changed) = (_changed, New());
        before.SetResult();
    }
}
