using System.Buffers;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.SdkMse;

/// <summary>
/// One player of the Web SDK that takes its media from a WebSocket (media provider MSE). Packets are made when they are read, so a socket
/// that does not take them leaves the frames in the hub's ring, which lets old ones go and continues at a keyframe.
/// </summary>
public sealed class SdkMseSession : IDisposable
{
    // Beyond this a message is sent as it is: a socket should not hold more than a keyframe back.
    private const int Enough = 64 * 1024;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    // Sound of a stream with a picture that does not come for so long is silence, or the SDK would never begin; and so much room is left.
    private static readonly TimeSpan SoundPatience = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan SoundRoom = TimeSpan.FromMilliseconds(500);

    // A keyframe older than this would keep the player so far behind: a fresh one is asked for, and waited for so long.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeyframePatience = TimeSpan.FromSeconds(2);

    private readonly EngineClock _clock;
    private readonly WakeSignal _signal = new();
    private readonly ArrayBufferWriter<byte> _message = new();
    private readonly Queue<StreamItem> _held = new();
    private readonly TrackFormat? _promised;
    private readonly Subscription _reader;
    private readonly SdkMuxer _muxer;
    private readonly Instant _openedAt;
    private Instant _soundAt;
    private bool _hasStarted;

    internal SdkMseSession(LiveStream stream, bool audio, bool video, string note, EngineClock clock)
    {
        (HasAudio, HasVideo, Note, _clock) = (audio, video, note, clock);
        _openedAt = _soundAt = clock.Now;
        _promised = audio && stream.AudioFormat is { } source ? AacFormat.For(source) : null;
        _muxer = new SdkMuxer(audio, video, stream.RequestKeyframe);
        _reader = stream.Subscribe("sdk-mse", replay: true, _signal.Set, aac: audio);
        _hasStarted = !video;
        if (video) stream.RequestKeyframe();
    }

    /// <summary>True where AAC will come; else the answer's audio line has port 0.</summary>
    public bool HasAudio { get; }

    /// <summary>True where H.264 will come; else the answer's video line has port 0.</summary>
    public bool HasVideo { get; }

    /// <summary>What is missing and why, in words; empty where all is there that was asked for.</summary>
    public string Note { get; }

    /// <summary>Frames this player lost by being too slow.</summary>
    public long Dropped => _reader.Dropped;

    /// <summary>Why the stream ended; null while it goes on.</summary>
    public StreamEndReason? EndReason => _reader.EndReason;

    /// <summary>
    /// The next binary message: one or more packets. Null after the last one, when the stream has ended (<see cref="EndReason"/>). The
    /// bytes are valid until the next call. One caller at a time.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel)
    {
        _message.ResetWrittenCount();
        for (;;)
        {
            // Looked at before the ring: a reason that is there now has every frame before it in the ring.
            var reason = _reader.EndReason;
            while (_message.WrittenCount < Enough && _reader.TryRead(out var item)) Take(item);
            if (!_hasStarted && reason is not null) Start();
            if (HasVideo && HasAudio && _hasStarted && _clock.Now - _soundAt > SoundPatience) _muxer.FillSilence(SoundRoom, _promised!, _message);
            if (_message.WrittenCount > 0) return _message.WrittenMemory;
            if (reason is not null) return null;
            await _signal.WaitAsync(Look, cancel);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        while (_held.TryDequeue(out var item)) item.Frame.Release();
    }

    private void Take(in StreamItem item)
    {
        if (_hasStarted)
        {
            Push(item);
            return;
        }

        // What was replayed is held until it is known whether it is fresh enough, or something fresher comes.
        var isKey = item.Frame.Format.Kind == MediaKind.Video && item.Frame.IsKeyframe;
        if (isKey) while (_held.TryDequeue(out var old)) old.Frame.Release();
        _held.Enqueue(item);
        if ((isKey && _clock.Now - item.Frame.ArrivedAt <= Fresh) || _clock.Now - _openedAt > KeyframePatience) Start();
    }

    private void Start()
    {
        _hasStarted = true;
        while (_held.TryDequeue(out var item)) Push(item);
    }

    private void Push(in StreamItem item)
    {
        if (item.Frame.Format.Codec == Codec.Aac) _soundAt = _clock.Now;
        _muxer.Push(item, _message);
        item.Frame.Release();
    }
}
