using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Streams;

/// <summary>
/// The read side of a named stream. Any thread may subscribe or take a snapshot; frames come from one publisher.
/// The lock is held for the few microseconds of handing out leases and never across a consumer's work.
/// </summary>
internal sealed class LiveStream
{
    private readonly Lock _gate = new();
    private readonly StreamHubOptions _options;
    private readonly EngineClock _clock;
    private readonly GopCache _gop;
    private readonly Action<LiveStream, Codec>? _derivedWanted;
    private readonly TrackMeter _audio = new();
    private readonly TrackMeter _video = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<Subscription> _readers = [];
    private Action? _keyframeWanted;
    private Instant _keyframeAskedAt = Instant.Never;
    private bool _keyframePending;
    private readonly int[] _derivedReaders = new int[Enum.GetValues<Codec>().Length];

    internal LiveStream(StreamName name, CallId? callId, EngineClock clock, StreamHubOptions options, Action<LiveStream, Codec>? derivedWanted = null)
    {
        (Name, CallId, _clock, _options, _derivedWanted) = (name, callId, clock, options, derivedWanted);
        _gop = new GopCache(options.GopMaxFrames, options.GopMaxBytes);
        CreatedAt = clock.UtcNow;
    }

    public StreamName Name { get; }

    public CallId? CallId { get; }

    public DateTimeOffset CreatedAt { get; }

    public StreamState State { get; private set; }

    public StreamEndReason? EndReason { get; private set; }

    /// <summary>Format of the sound track as last seen or negotiated; null where the stream has none.</summary>
    public TrackFormat? AudioFormat => _audio.Format;

    /// <summary>Format of the picture track as last seen or negotiated; null where the stream has none.</summary>
    public TrackFormat? VideoFormat => _video.Format;

    /// <summary>Set by the publisher: how much later picture arrives than its sound.</summary>
    public TimeSpan? AvOffset { get; internal set; }

    /// <summary>Browsers that watch by WebRTC; written by that output.</summary>
    public int Viewers;

    /// <summary>Tells how many play by HLS; set by that output while it runs. Called under the lock of the stream: must return at once.</summary>
    public Func<int>? HlsViewers { get; set; }

    /// <summary>True while somebody reads the derived AAC track.</summary>
    public bool IsAacWanted => IsWanted(Codec.Aac);

    /// <summary>True while somebody reads the sound as a derived track of that codec.</summary>
    public bool IsWanted(Codec derived) => Volatile.Read(ref _derivedReaders[(int)derived]) > 0;

    /// <summary>Completes when the tracks are known or the stream has ended.</summary>
    public Task Ready => _ready.Task;

    /// <summary>
    /// Starts reading. With <paramref name="replay"/> the frames since the last keyframe come first, marked as replayed.
    /// <paramref name="wake"/> is called on the publisher's thread after each new frame and at the end: it must only set a signal.
    /// With <paramref name="aac"/> the sound is the derived AAC track instead of the source's: asking for it is what makes it.
    /// </summary>
    public Subscription Subscribe(string kind, bool replay, Action wake, bool aac = false)
    {
        Codec? derived = aac ? Codec.Aac : null;
        Subscription reader;
        lock (_gate)
        {
            reader = new Subscription(this, kind, _options.ReaderQueueFrames + (replay ? _gop.Frames.Count : 0), wake);
            Count(reader, derived);
            if (replay)
                foreach (var frame in _gop.Frames) if (reader.Takes(frame)) reader.Offer(frame, replayed: true, canStart: true);
            if (State != StreamState.Ended) _readers = _readers.Add(reader);
        }

        if (derived is { } codec) _derivedWanted?.Invoke(this, codec);
        if (EndReason is { } reason) reader.End(reason);
        else if (_gop.Frames.Count > 0) reader.Wake();
        return reader;
    }

    /// <summary>Asks the source for a keyframe; requests closer together than the spacing are joined into one.</summary>
    public void RequestKeyframe()
    {
        Action? ask;
        lock (_gate)
        {
            var now = _clock.Now;
            if (_keyframeAskedAt != Instant.Never && now - _keyframeAskedAt < _options.KeyframeRequestSpacing)
            {
                _keyframePending = true;
                return;
            }

            _keyframeAskedAt = now;
            ask = _keyframeWanted;
        }

        ask?.Invoke();
    }

    public StreamSnapshot Snapshot()
    {
        lock (_gate)
        {
            var now = _clock.Now;
            var readers = _readers.Select(r => new ReaderSnapshot(r.Kind, r.Dropped)).ToArray();
            return new StreamSnapshot(Name, CallId, State, CreatedAt, Of(_audio, now), Of(_video, now), AvOffset, Volatile.Read(ref Viewers), readers) { EndReason = EndReason, HlsViewers = HlsViewers?.Invoke() ?? 0 };
        }
    }

    internal void Leave(Subscription reader)
    {
        lock (_gate)
        {
            _readers = _readers.Remove(reader);
            Count(reader, null);
        }
    }

    internal void ListenTo(Subscription reader, Codec? derived)
    {
        lock (_gate) Count(reader, derived);
        if (derived is { } codec) _derivedWanted?.Invoke(this, codec);
    }

    // A frame of the derived track; made on another thread than the source's frames, so order between the two is by time only.
    internal void PublishDerived(MediaFrame frame)
    {
        ImmutableArray<Subscription> readers;
        lock (_gate)
        {
            if (State == StreamState.Ended) return;
            // Telephone codecs are made for calls, where old sound is of no use.
            if (frame.Format.Codec == Codec.Aac) _gop.Add(frame);
            readers = _readers;
            foreach (var reader in readers) if (reader.Derived == frame.Format.Codec) reader.Offer(frame, replayed: false, canStart: _video.Format is null);
        }

        foreach (var reader in readers) if (reader.Derived == frame.Format.Codec) reader.Wake();
    }

    internal void SetKeyframeHandler(Action? handler) => _keyframeWanted = handler;

    /// <summary>True where it was not live before.</summary>
    internal bool Announce(TrackFormat? audio, TrackFormat? video)
    {
        bool isNew;
        lock (_gate)
        {
            if (State == StreamState.Ended) return false;
            _audio.Announce(audio);
            _video.Announce(video);
            isNew = State != StreamState.Live;
            State = StreamState.Live;
        }

        _ready.TrySetResult();
        return isNew;
    }

    internal void Publish(MediaFrame frame)
    {
        ImmutableArray<Subscription> readers;
        var askAgain = false;
        lock (_gate)
        {
            if (State == StreamState.Ended) return;
            var now = _clock.Now;
            var isVideo = frame.Format.Kind == MediaKind.Video;
            (isVideo ? _video : _audio).Count(frame, now);
            if (isVideo && frame.IsKeyframe) _keyframePending = false;
            else if (_keyframePending && now - _keyframeAskedAt >= _options.KeyframeRequestSpacing) (_keyframePending, askAgain) = (false, true);
            _gop.Add(frame);
            readers = _readers;
            var canStart = frame.IsKeyframe && (isVideo || _video.Format is null);
            foreach (var reader in readers) if (isVideo || reader.Derived is null) reader.Offer(frame, replayed: false, canStart);
        }

        foreach (var reader in readers) reader.Wake();
        if (askAgain) RequestKeyframe();
    }

    /// <summary>True where it had not ended before.</summary>
    internal bool End(StreamEndReason reason)
    {
        ImmutableArray<Subscription> readers;
        lock (_gate)
        {
            if (State == StreamState.Ended) return false;
            State = StreamState.Ended;
            EndReason = reason;
            _keyframeWanted = null;
            _gop.Clear();
            readers = _readers;
            _readers = [];
        }

        foreach (var reader in readers) reader.End(reason);
        _ready.TrySetResult();
        return true;
    }

    private void Count(Subscription reader, Codec? derived)
    {
        if (reader.Derived is { } before) _derivedReaders[(int)before]--;
        reader.Derived = derived;
        if (derived is { } codec) _derivedReaders[(int)codec]++;
    }

    private static TrackSnapshot? Of(TrackMeter meter, Instant now)
    {
        if (meter.Format is null) return null;
        meter.Roll(now);
        return new TrackSnapshot(
            meter.Format, meter.Frames, meter.Keyframes, meter.Bytes, meter.BitrateKbps, meter.FramesPerSecond,
            Since(meter.LastFrameAt, now), Since(meter.LastKeyframeAt, now));
    }

    private static TimeSpan? Since(Instant then, Instant now) => then == Instant.Never ? null : now - then;
}
