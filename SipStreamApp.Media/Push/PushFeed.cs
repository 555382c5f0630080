using System.Buffers;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Push;

/// <summary>What a feed has to say after it gave its bytes.</summary>
internal enum FeedStatus
{
    /// <summary>More will come.</summary>
    Open,

    /// <summary>The tracks changed: another sender has to be started.</summary>
    FormatChanged,

    /// <summary>The stream has ended and everything is out.</summary>
    Ended,
}

/// <summary>
/// Reads a stream for one connection and makes fragmented MP4 of it, beginning with a keyframe. Single owner; the hub only fills the ring
/// and sets the signal, so whatever happens behind it holds nobody.
/// </summary>
internal sealed class PushFeed : IDisposable
{
    private const int VideoId = 1;
    private const int AudioId = 2;

    // A keyframe older than this is not worth its delay at the server's viewers: a fresh one is asked for, and waited for so long.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeyframePatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeyframeSpacing = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SoundPatience = TimeSpan.FromMilliseconds(400);

    private readonly LiveStream _stream;
    private readonly PushSound _sound;
    private readonly PushLimits _limits;
    private readonly Subscription _reader;
    private readonly List<StreamItem> _held = [];
    private readonly Instant _openedAt;
    private FragmentWriter? _writer;
    private SoundLine? _line;
    private (TimeSpan Time, Instant At)? _newest;
    private Instant _askAgainAt;
    private bool _changed;

    public PushFeed(LiveStream stream, PushSound sound, PushLimits limits, Instant now)
    {
        (_stream, _sound, _limits, _openedAt) = (stream, sound, limits, now);
        _reader = stream.Subscribe("push", replay: true, Wake.Set);
    }

    /// <summary>Set when there may be something to do.</summary>
    public WakeSignal Wake { get; } = new();

    /// <summary>The picture as it is sent; null where there is none.</summary>
    public TrackFormat? Video { get; private set; }

    /// <summary>The sound as it is sent; null where there is none.</summary>
    public TrackFormat? Audio { get; private set; }

    public long Dropped => _reader.Dropped;

    /// <summary>True once the tracks are known and bytes can be taken.</summary>
    public bool IsStarted => _writer is not null;

    /// <summary>Looks whether it can start. <see cref="FeedStatus.Ended"/>: the stream ended before it could.</summary>
    public FeedStatus TryStart(Instant now)
    {
        var isOver = _reader.EndReason is not null;
        while (_reader.TryRead(out var item)) Hold(item);
        AskForKeyframe(now);
        if (!CanStart(now)) return isOver ? FeedStatus.Ended : FeedStatus.Open;
        var tracks = new List<Mp4Track>();
        if (Video is not null) tracks.Add(new Mp4Track(VideoId, Video));
        if (Audio is not null) tracks.Add(new Mp4Track(AudioId, Audio));
        _writer = new FragmentWriter(tracks, FragmentOptions.EachSample);
        if (Audio is not null) _line = new SoundLine(Audio.Codec, Audio.ClockRate, _sound, PushSound);
        return FeedStatus.Open;
    }

    /// <summary>Writes what is due: at first the init segment. Empty where nothing is.</summary>
    public FeedStatus Fill(IBufferWriter<byte> output, Instant now)
    {
        if (_held.Count > 0)
        {
            Mp4Init.TryWrite(_writer!.Tracks, output);
            foreach (var item in _held) Push(item);
            _held.Clear();
        }

        var isOver = _reader.EndReason is not null;
        while (!_changed && _reader.TryRead(out var item)) Push(item);
        if (isOver || _changed) _writer!.Finish();
        else if (_newest is { } newest) _line?.Tick(newest.Time + (now - newest.At));
        while (_writer!.TryTake(output, out _)) continue;
        return _changed ? FeedStatus.FormatChanged : isOver ? FeedStatus.Ended : FeedStatus.Open;
    }

    public void Dispose()
    {
        _reader.Dispose();
        foreach (var item in _held) item.Frame.Release();
        _held.Clear();
    }

    private void Hold(StreamItem item)
    {
        var format = item.Frame.Format;
        if (format.Kind == MediaKind.Video)
        {
            if (item.Frame.IsKeyframe && new Mp4Track(VideoId, format).IsDescribed)
            {
                foreach (var old in _held) old.Frame.Release();
                _held.Clear();
                Video = format;
            }
            else if (Video is null)
            {
                item.Frame.Release();
                return;
            }
        }
        else
        {
            Audio = format;
        }

        _held.Add(item);
    }

    // The hub joins requests that come too close together.
    private void AskForKeyframe(Instant now)
    {
        if (_stream.VideoFormat is null || (Video is not null && now - _held[0].Frame.ArrivedAt <= Fresh) || now < _askAgainAt) return;
        _askAgainAt = now + KeyframeSpacing;
        _stream.RequestKeyframe();
    }

    private bool CanStart(Instant now)
    {
        var waited = now - _openedAt;
        if (_stream.VideoFormat is not null)
        {
            if (Video is null && (waited < _limits.PicturePatience || Audio is null)) return false;
            if (Video is not null && now - _held[0].Frame.ArrivedAt > Fresh && waited < KeyframePatience) return false;
        }

        // A track that was negotiated is sent even where nothing comes: then it is silence.
        if (Audio is null && _stream.AudioFormat is { } negotiated)
        {
            if (Video is null || waited < SoundPatience) return false;
            Audio = negotiated;
        }

        return _held.Count > 0;
    }

    private void Push(StreamItem item)
    {
        var frame = item.Frame;
        _newest = (frame.StreamTime, frame.ArrivedAt);
        if (frame.Format.Kind == MediaKind.Audio) PushAudio(frame, item.AfterSkip);
        else PushVideo(frame, item.AfterSkip);
        frame.Release();
    }

    private void PushAudio(MediaFrame frame, bool afterSkip)
    {
        // Another codec, or a first sound where none was negotiated, needs another sender.
        if (Audio is null || frame.Format.Codec != Audio.Codec) _changed = true;
        else _line!.Take(frame, afterSkip);
    }

    private void PushVideo(MediaFrame frame, bool afterSkip)
    {
        if (Video is null)
        {
            _changed |= frame.IsKeyframe;
            return;
        }

        _line?.StartAt(frame.StreamTime);
        if (_writer!.Push(VideoId, frame, afterSkip) == PushStatus.FormatChanged) _changed = true;
    }

    private void PushSound(ReadOnlySpan<byte> payload, TimeSpan at, bool afterGap) =>
        _writer!.Push(AudioId, Audio!, payload, at, isKeyframe: true, afterGap);
}
