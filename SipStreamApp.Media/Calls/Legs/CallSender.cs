using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>
/// Everything a call sends to its peer: reads the injected stream from the hub as any output does, and lets sound and picture of it keep
/// their distance. Made on any thread, then owned by the rtp loop.
/// </summary>
internal sealed class CallSender
{
    // Beyond this the stream's time line was broken, not late.
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(2);

    private readonly NetLoop _loop;
    private readonly LoopTimer _timer;
    private readonly LoopSignal _signal;
    private readonly SoundSender? _sound;
    private readonly PictureSender? _picture;
    private Subscription? _reader;
    private (Instant At, TimeSpan Time)? _anchor;
    private bool _configured;
    private bool _closed;

    public CallSender(NetLoop loop, StillPicture still, MediaFramePool frames, RtpLeg? audio, RtpLeg? video, Action<string, Codec, int>? clipWanted)
    {
        _loop = loop;
        _timer = loop.CreateTimer(Play);
        _signal = loop.CreateSignal(OnSignal);
        var start = loop.ReadClock();
        if (audio is not null) _sound = new SoundSender(audio, frames, start) { ClipWanted = clipWanted };
        if (video is not null) _picture = new PictureSender(video, still, frames, start);
    }

    /// <summary>The stream that is injected, or null.</summary>
    public LiveStream? Stream => _reader?.Stream;

    /// <summary>Where keys of the sound are handed in, and files; null where the call has no sound.</summary>
    public SoundSender? Sound => _sound;

    public PictureSender? Picture => _picture;

    /// <summary>Set by the owner: told when the injected stream has ended by itself.</summary>
    public Action? StreamEnded { get; init; }

    /// <summary>Takes over what offer and answer came to, from the legs.</summary>
    public void Configure(Instant now)
    {
        _configured = true;
        _sound?.Configure(now);
        _picture?.Configure(now);
        ChooseSound();
        if (_reader is not null && _picture is { Format: not null, Flows: false }) _reader.Stream.RequestKeyframe();
        SetTimer();
    }

    /// <summary>Sends a stream instead of what was sent before; null goes back to silence.</summary>
    public void Inject(LiveStream? stream)
    {
        if (_closed) return;
        var now = _loop.Now;
        _reader?.Dispose();
        (_reader, _anchor) = (null, null);
        _sound?.SetStream(stream is not null, now);
        _picture?.Restart(now);
        if (stream is not null)
        {
            _reader = stream.Subscribe("call", replay: true, _signal.Set);
            ChooseSound();
            _signal.Set();
            if (_picture is not null) stream.RequestKeyframe();
        }

        SetTimer();
    }

    /// <summary>Plays a file from that packet on, and after it what was sent before; null stops it.</summary>
    public void PlaySound(SoundPackets? clip, int position = 0)
    {
        if (_closed) return;
        _sound?.Play(clip, position, _loop.Now);
        SetTimer();
    }

    /// <summary>Presses keys in the sound; false where that was not agreed on, or too many wait.</summary>
    public bool Press(string keys, Action<bool> done)
    {
        if (_closed || _sound is not { TakesKeys: true } || !_sound.Press(keys, done, _loop.Now)) return false;
        SetTimer();
        return true;
    }

    /// <summary>The peer wants a keyframe (PLI, FIR, picture_fast_update): the injected stream's source is asked for it.</summary>
    public void OnKeyframeAsked(Instant now)
    {
        if (_closed || _picture is null) return;
        if (_picture.Flows && _reader is not null) _reader.Stream.RequestKeyframe();
        else _picture.KeyframeAsked(now);
        SetTimer();
    }

    public void Close()
    {
        if (_closed) return;
        _closed = true;
        _timer.Cancel();
        _signal.Close();
        _reader?.Dispose();
        _reader = null;
        _sound?.Close();
        _picture?.Close();
    }

    private void OnSignal()
    {
        if (_closed || _reader is not { } reader) return;
        var now = _loop.Now;
        // Looked at first: what is queued before the end is still sent.
        var isOver = reader.EndReason is not null;
        ChooseSound();
        while (reader.TryRead(out var item))
        {
            Take(in item, now);
            item.Frame.Release();
        }

        if (isOver)
        {
            Inject(null);
            StreamEnded?.Invoke();
        }

        SetTimer();
    }

    private void Take(in StreamItem item, Instant now)
    {
        var frame = item.Frame;
        var isVideo = frame.Format.Kind == MediaKind.Video;
        if (item.Replayed)
        {
            if (isVideo && _picture?.Take(in item, now, now) == true) _reader!.Stream.RequestKeyframe();
            return;
        }

        if (_anchor is not { } anchor || (anchor.At + (frame.StreamTime - anchor.Time) - now).Duration() > Break) _anchor = anchor = (now, frame.StreamTime);
        var mediaAt = anchor.At + (frame.StreamTime - anchor.Time);
        if (!isVideo) _sound?.Take(frame, mediaAt, frame.AfterGap || item.AfterSkip);
        else if (_picture?.Take(in item, mediaAt, now) == true) _reader!.Stream.RequestKeyframe();
    }

    // The stream's codec and ours may both change in the middle of the call.
    private void ChooseSound()
    {
        if (_reader is null || _sound is null) return;
        var wanted = _sound.Derived(_reader.Stream.AudioFormat?.Codec);
        if (wanted != _reader.Derived) _reader.ListenTo(wanted);
    }

    private void Play(Instant now)
    {
        if (_closed) return;
        _sound?.Play(now);
        _picture?.Play(now);
        SetTimer();
    }

    private void SetTimer()
    {
        if (_closed || !_configured) return;
        _timer.Set(Instant.Min(_sound?.NextDeadline ?? Instant.Never, _picture?.NextDeadline ?? Instant.Never));
    }
}
