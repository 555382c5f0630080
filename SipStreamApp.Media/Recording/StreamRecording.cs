using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Recording;

/// <summary>
/// Writes one stream to parts. Lives on a worker. A part starts when the formats of its tracks are known; another format starts the
/// next part; what is over a limit starts the next recording.
/// </summary>
internal sealed class StreamRecording
{
    private static readonly TimeSpan VideoPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AudioPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PictureStalled = TimeSpan.FromSeconds(5);
    private const int MaxPending = 400;

    private readonly EngineClock _clock;
    private readonly IRecordingOwner _owner;
    private readonly RecordingFolder _folder;
    private readonly RotationRule _rotation;
    private readonly Subscription _reader;
    private readonly List<StreamItem> _pending = [];
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RecordingEntry _entry;
    private PartFile? _part;
    private TimeSpan? _origin;
    private TimeSpan _pictureAt;
    private long _bytesBefore;
    private long _droppedBefore;
    private int _parts;
    private Instant _firstPending = Instant.Never;
    private Instant _askedAt;
    private volatile string? _stop;

    public StreamRecording(LiveStream stream, RecordingEntry entry, RecordingFolder folder, RotationRule rotation, IRecordingOwner owner, EngineClock clock)
    {
        (Stream, _entry, _folder, _rotation, _owner, _clock) = (stream, entry, folder, rotation, owner, clock);
        // The worker looks by itself, many frames at a time: a signal for each frame would cost more than the writing.
        _reader = stream.Subscribe("recording", entry.Request.Replay, static () => { });
        _askedAt = clock.Now;
        if (stream.VideoFormat is not null || stream.State == StreamState.Reserved) stream.RequestKeyframe();
    }

    public LiveStream Stream { get; }

    /// <summary>Completes when nothing is written any more.</summary>
    public Task Over => _over.Task;

    public RecordingEntry Entry => Volatile.Read(ref _entry);

    /// <summary>Asks for the end. Any thread. An empty reason: somebody wanted it so.</summary>
    public void Stop(string reason = "") => _stop ??= reason;

    /// <summary>Writes what has come. False when the recording is over and closed.</summary>
    public bool Pump(Instant now)
    {
        var ended = _stop is not null || _reader.EndReason is not null;
        try
        {
            while (_reader.TryRead(out var item)) Take(item, now);
            if (_part is null && _pending.Count > 0) TryOpen(now, ended);
            Figures();
            if (!ended) return true;
            Close(_stop is { Length: > 0 } reason ? reason : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Abandon($"Writing failed: {e.Message}");
        }

        return false;
    }

    /// <summary>Gives up at once; what is written stays.</summary>
    public void Abandon(string reason)
    {
        _part?.Dispose();
        _part = null;
        Leave(reason);
    }

    private void Take(StreamItem item, Instant now)
    {
        if (_part is null)
        {
            var frame = item.Frame;
            if (_firstPending == Instant.Never) _firstPending = now;
            // A picture that cannot be decoded is of no use to anybody.
            if (frame.Format.Kind == MediaKind.Video && !frame.IsKeyframe && !HasPending(MediaKind.Video)) frame.Release();
            else if (frame.Format.Kind == MediaKind.Video && !new Mp4Track(PartFile.VideoTrack, frame.Format).IsDescribed) frame.Release();
            else _pending.Add(item);
            TryOpen(now, false);
            return;
        }

        try
        {
            Write(item);
        }
        finally
        {
            item.Frame.Release();
        }
    }

    private void TryOpen(Instant now, bool ended)
    {
        var (hasVideo, hasAudio) = (HasPending(MediaKind.Video), HasPending(MediaKind.Audio));
        var waited = _firstPending == Instant.Never ? TimeSpan.Zero : now - _firstPending;
        var wantsVideo = !hasVideo && Stream.VideoFormat is not null;
        if (wantsVideo && now - _askedAt > AskAgain)
        {
            _askedAt = now;
            Stream.RequestKeyframe();
        }

        var full = ended || _pending.Count >= MaxPending;
        if (!full && ((wantsVideo && waited < VideoPatience) || (!hasAudio && Stream.AudioFormat is not null && waited < AudioPatience))) return;
        if (!hasVideo && !hasAudio) return;
        var tracks = new List<Mp4Track>();
        if (hasVideo) tracks.Add(new Mp4Track(PartFile.VideoTrack, _pending.First(i => i.Frame.Format.Kind == MediaKind.Video).Frame.Format));
        var audio = hasAudio ? _pending.First(i => i.Frame.Format.Kind == MediaKind.Audio).Frame.Format : Stream.AudioFormat;
        if (audio is not null) tracks.Add(new Mp4Track(PartFile.AudioTrack, audio));
        OpenPart(tracks);
        try
        {
            foreach (var item in _pending) Write(item);
        }
        finally
        {
            ReleasePending();
        }
    }

    private void Write(StreamItem item)
    {
        var frame = item.Frame;
        var isVideo = frame.Format.Kind == MediaKind.Video;
        if (isVideo) _pictureAt = frame.StreamTime;
        var canCut = isVideo ? frame.IsKeyframe : !_part!.Has(MediaKind.Video) || frame.StreamTime - _pictureAt > PictureStalled;
        if (_rotation.IsDue(_bytesBefore + _part!.Length, _part.End))
        {
            if (canCut) Rotate();
            else Ask();
        }

        if (!_part!.Has(frame.Format.Kind))
        {
            Change(frame);
            if (!_part.Has(frame.Format.Kind)) return;
        }

        var status = _part.Push(frame, item.AfterSkip);
        if (status != PushStatus.FormatChanged) return;
        Change(frame);
        _part.Push(frame, item.AfterSkip);
    }

    // Another codec, size or track: the head that is written does not describe it.
    private void Change(MediaFrame frame)
    {
        var track = new Mp4Track(frame.Format.Kind == MediaKind.Video ? PartFile.VideoTrack : PartFile.AudioTrack, frame.Format);
        if (!frame.IsKeyframe || !track.IsDescribed)
        {
            Ask();
            return;
        }

        Mp4Track[] tracks = [.. _part!.Tracks.Where(t => t.Id != track.Id).Append(track).OrderBy(t => t.Id)];
        FinishPart();
        if (!_owner.CanJoin) NextEntry();
        OpenPart(tracks);
        // The picture goes on where it can be decoded: soon.
        if (!track.IsVideo && _part!.Has(MediaKind.Video)) Stream.RequestKeyframe();
    }

    private void Rotate()
    {
        var tracks = _part!.Tracks;
        FinishPart();
        NextEntry();
        OpenPart(tracks);
    }

    private void NextEntry()
    {
        Figures();
        var last = _entry;
        if (_owner.Next(last) is not { } next) throw new IOException("the next file could not be started.");
        Volatile.Write(ref _entry, next);
        (_parts, _bytesBefore, _origin, _droppedBefore) = (0, 0, null, _reader.Dropped);
        _owner.OnWritten(last, null);
    }

    private void OpenPart(IReadOnlyList<Mp4Track> tracks)
    {
        var part = PartFile.Create(_folder.PartOf(_entry.Id, ++_parts), tracks, _origin, _clock.UtcNow);
        _part = part ?? throw new IOException("a track could not be described.");
        var snapshot = _entry.Snapshot;
        var video = tracks.FirstOrDefault(t => t.IsVideo)?.Format;
        _entry.Set(snapshot with
        {
            VideoCodec = video?.EncodingName ?? snapshot.VideoCodec,
            AudioCodec = tracks.FirstOrDefault(t => !t.IsVideo)?.Format.EncodingName ?? snapshot.AudioCodec,
            Width = Math.Max(video?.Width ?? 0, snapshot.Width),
            Height = Math.Max(video?.Height ?? 0, snapshot.Height),
        });
    }

    private void FinishPart()
    {
        if (_part is null) return;
        _part.Finish();
        _origin ??= _part.Origin;
        Figures();
        _bytesBefore += _part.Length;
        _part.Dispose();
        _part = null;
    }

    private void Figures()
    {
        if (_part is not { } part) return;
        var snapshot = _entry.Snapshot;
        _entry.Note(snapshot with { Bytes = _bytesBefore + part.Length, Duration = part.End > snapshot.Duration ? part.End : snapshot.Duration, Dropped = _reader.Dropped - _droppedBefore });
    }

    private void Close(string? reason)
    {
        FinishPart();
        Leave(reason);
    }

    private void Leave(string? reason)
    {
        ReleasePending();
        _reader.Dispose();
        _owner.OnWritten(_entry, reason);
        _over.TrySetResult();
    }

    private void Ask()
    {
        var now = _clock.Now;
        if (now - _askedAt < AskAgain) return;
        _askedAt = now;
        Stream.RequestKeyframe();
    }

    private bool HasPending(MediaKind kind)
    {
        foreach (var item in _pending)
            if (item.Frame.Format.Kind == kind) return true;

        return false;
    }

    private void ReleasePending()
    {
        foreach (var item in _pending) item.Frame.Release();
        _pending.Clear();
        _firstPending = Instant.Never;
    }
}
