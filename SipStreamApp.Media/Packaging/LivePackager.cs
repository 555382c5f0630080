using System.Buffers;
using SipStreamApp.Media.Mp4;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Packaging;

/// <summary>
/// Frames of the hub in, fragmented MP4 out: waits for a keyframe, writes the init segment, and a new one whenever a format or the set
/// of tracks changes. Pure; one owner. Times of all pieces count from one origin, whatever changes in between.
/// </summary>
internal sealed class LivePackager
{
    public const int VideoTrack = 1;
    public const int AudioTrack = 2;

    private readonly FragmentOptions _options;
    private readonly TimeSpan _patience;
    private readonly Action _keyframeWanted;
    private readonly Queue<PackagePiece> _pieces = new();
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly SilenceFill _silence = new();
    private FragmentWriter? _writer;
    private TrackFormat? _audio;
    private TrackFormat? _video;
    private TimeSpan? _firstAudio;
    private TimeSpan? _origin;
    private bool _restart;

    /// <param name="options">Where to cut.</param>
    /// <param name="audio">The sound there will be; null for none.</param>
    /// <param name="video">The picture there will be; null for none, or none that MP4 players take.</param>
    /// <param name="patience">How long sound waits for a picture that was promised, before it starts alone.</param>
    /// <param name="keyframeWanted">Asks the source for a keyframe.</param>
    public LivePackager(FragmentOptions options, TrackFormat? audio, TrackFormat? video, TimeSpan patience, Action keyframeWanted)
    {
        (_options, _patience, _keyframeWanted) = (options, patience, keyframeWanted);
        _audio = audio;
        _video = video is { Codec: Codec.H264 } ? video : null;
    }

    /// <summary>The stream time that is 0 in the output; null before the first fragment.</summary>
    public TimeSpan? Origin => _origin;

    /// <summary>The newest stream time that was taken in.</summary>
    public TimeSpan? Newest { get; private set; }

    /// <summary>Takes a frame; the lease stays with the caller.</summary>
    public void Push(in StreamItem item)
    {
        var frame = item.Frame;
        if (frame.Format.Kind == MediaKind.Video) PushVideo(frame, item.AfterSkip);
        else PushAudio(frame, item.AfterSkip);
    }

    /// <summary>The next piece; false where there is none yet.</summary>
    public bool TryTake(out PackagePiece piece) => _pieces.TryDequeue(out piece);

    /// <summary>Lets out what waits.</summary>
    public void Finish()
    {
        _writer?.Finish();
        Drain();
    }

    private void PushVideo(MediaFrame frame, bool afterSkip)
    {
        if (frame.Format.Codec != Codec.H264) return;
        if ((_writer is null || _restart || _video is null) && !Begin(frame)) return;
        if (_silence.Before(frame.StreamTime, _audio) is { } until) Fill(until);
        Add(VideoTrack, frame.Format, frame.Data, frame.StreamTime, frame.IsKeyframe, frame.AfterGap || afterSkip);
    }

    // True where the picture goes into a writer that runs; a picture starts one (or starts it anew) only with a keyframe.
    private bool Begin(MediaFrame frame)
    {
        _video ??= frame.Format;
        _restart |= _writer is not null;
        if (!frame.IsKeyframe || !new Mp4Track(VideoTrack, frame.Format).IsDescribed)
        {
            if (!frame.IsKeyframe) _keyframeWanted();
            return _writer is not null && Has(VideoTrack);
        }

        _video = frame.Format;
        Start();
        return true;
    }

    private void PushAudio(MediaFrame frame, bool afterSkip)
    {
        if (!Mp4Codecs.PlaysInBrowsers(frame.Format.Codec)) return;
        if (_audio is null && _writer is not null)
        {
            // Sound where there was none: the tracks can only change where a picture can start.
            (_audio, _restart) = (frame.Format, true);
            _keyframeWanted();
            return;
        }

        if (_writer is null)
        {
            _audio = frame.Format;
            _firstAudio ??= frame.StreamTime;
            if (_video is not null && frame.StreamTime - _firstAudio < _patience) return;
            _video = null;
            Start();
        }

        if (!Has(AudioTrack) || !_silence.Accepts(frame, out var until)) return;
        if (until is { } time) Fill(time);
        if (Add(AudioTrack, frame.Format, frame.Data, frame.StreamTime, true, frame.AfterGap || afterSkip)) _audio = frame.Format;
        _silence.Added(frame);
    }

    private void Fill(TimeSpan until)
    {
        while (_silence.TryNext(until, out var at)) Add(AudioTrack, _audio!, SilenceFill.Packet, at, true, false);
    }

    private bool Add(int track, TrackFormat format, ReadOnlySpan<byte> data, TimeSpan time, bool isKeyframe, bool afterGap)
    {
        var writer = _writer!;
        var status = writer.Push(track, format, data, time, isKeyframe, afterGap);
        if (status == PushStatus.FormatChanged)
        {
            writer.Finish();
            Drain();
            if (!writer.ChangeFormat(track, format)) return false;
            if (track == VideoTrack) _video = format;
            WriteInit();
            status = writer.Push(track, format, data, time, isKeyframe, afterGap);
        }

        if (status != PushStatus.Taken) return false;
        if (Newest is not { } newest || time > newest) Newest = time;
        Drain();
        return true;
    }

    private void Start()
    {
        Finish();
        _restart = false;
        List<Mp4Track> tracks = [];
        if (_video is not null) tracks.Add(new Mp4Track(VideoTrack, _video));
        if (_audio is not null) tracks.Add(new Mp4Track(AudioTrack, _audio));
        _writer = new FragmentWriter(tracks, _options with { Origin = _origin ?? _options.Origin });
        WriteInit();
    }

    private void WriteInit()
    {
        var tracks = _writer!.Tracks;
        if (!Mp4Init.TryWrite(tracks, _buffer)) throw new InvalidOperationException("A writer runs with a track that is not described.");
        _pieces.Enqueue(new PackagePiece(TakeBuffer(), tracks, default));
    }

    private void Drain()
    {
        if (_writer is null) return;
        while (_writer.TryTake(_buffer, out var info)) _pieces.Enqueue(new PackagePiece(TakeBuffer(), null, info));
        _origin ??= _writer.Origin;
    }

    private byte[] TakeBuffer()
    {
        var bytes = _buffer.WrittenSpan.ToArray();
        _buffer.ResetWrittenCount();
        return bytes;
    }

    private bool Has(int track)
    {
        foreach (var known in _writer!.Tracks) if (known.Id == track) return true;
        return false;
    }
}
