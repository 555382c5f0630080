using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>
/// What a call's peer hears: keys being pressed, else a sound file, else the injected stream, else silence. Peers and NATs that wait for a
/// first packet begin to send at silence too, and PBXs that hang up on nothing do not. Lives on the rtp loop.
/// </summary>
internal sealed class SoundSender(RtpLeg leg, MediaFramePool frames, Instant start)
{
    // Opus in its discontinuous mode sends one packet in 400 ms of silence (RFC 6716 section 2.1.9).
    private static readonly TimeSpan OpusPause = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);

    // A stream that is late by so much has paused, and silence takes its place.
    private static readonly TimeSpan StreamPatience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MostLate = TimeSpan.FromMilliseconds(200);

    private readonly DtmfPlayout _keys = new();
    private readonly byte[] _event = new byte[TelephoneEvent.Length];
    private SendLine? _line;
    private TrackFormat? _format;
    private int _eventRate;
    private SoundPackets? _clip;
    private int _position;
    private long _pressedAt;
    private Instant _due = start;
    private Instant _silentSince = Instant.Never;
    private bool _hasStream;
    private (long Media, long Line)? _anchor;

    /// <summary>Called where the codec changed while a file was played: it must come again in the new one, and goes on at that packet.</summary>
    public Action<string, Codec, int>? ClipWanted { get; init; }

    /// <summary>What is sent; null while nothing may be.</summary>
    public TrackFormat? Format => _format;

    /// <summary>True where keys can be sent in the sound.</summary>
    public bool TakesKeys => _format is not null && _eventRate > 0;

    /// <summary>True while a file is played.</summary>
    public bool HasClip => _clip is not null;

    /// <summary>When there is something to send.</summary>
    public Instant NextDeadline => _format is null ? Instant.Never : _keys.IsActive ? _keys.NextDeadline : _due;

    /// <summary>Takes over what was agreed on.</summary>
    public void Configure(Instant now)
    {
        var before = _format?.Codec;
        _format = leg.SendFormat;
        _eventRate = leg.Negotiated is { TelephoneEventSend: not null } media ? media.TelephoneEventRate : 0;
        if (!TakesKeys) _keys.Clear();
        if (_format is null) return;
        _line ??= new SendLine(_format.ClockRate, now);
        _line.ChangeRate(_format.ClockRate, now);
        if (before == _format.Codec) return;
        (_anchor, _due) = (null, now);
        if (_clip is not { } clip || clip.Codec == _format.Codec) return;
        _clip = null;
        ClipWanted?.Invoke(clip.Name, _format.Codec, _position);
    }

    /// <summary>Lets keys be pressed; false where too many wait.</summary>
    public bool Press(string keys, Action<bool> done, Instant now) => _keys.Enqueue(keys, done, now);

    /// <summary>Plays a file from that packet on; null stops it. One of another codec than is sent is asked for again.</summary>
    public void Play(SoundPackets? clip, int position, Instant now)
    {
        (_clip, _position) = (clip, position);
        if (clip is not null && _format is not null && clip.Codec != _format.Codec)
        {
            _clip = null;
            ClipWanted?.Invoke(clip.Name, _format.Codec, position);
        }

        _anchor = null;
        if (_line is not null) _due = _line.InstantOf(_line.At(now));
    }

    /// <summary>Says whether a stream is injected: silence then waits a little.</summary>
    public void SetStream(bool hasStream, Instant now)
    {
        (_hasStream, _anchor) = (hasStream, null);
        if (!hasStream && _line is not null) _due = _line.InstantOf(_line.At(now));
    }

    /// <summary>The codec the stream's sound has to be made into, or null where it can be sent as it is (or nothing can).</summary>
    public Codec? Derived(Codec? source) =>
        _format is null || source is not { } codec || codec == _format.Codec || (IsG711(codec) && IsG711(_format.Codec)) ? null : _format.Codec;

    /// <summary>Takes sound of the injected stream.</summary>
    /// <param name="frame">Its frame; the caller keeps its lease.</param>
    /// <param name="mediaAt">When it was captured, on our clock.</param>
    /// <param name="afterGap">True where sound is missing before it.</param>
    public void Take(MediaFrame frame, Instant mediaAt, bool afterGap)
    {
        if (_format is null || _keys.IsActive || _clip is not null) _anchor = null;
        else if (frame.Format.Codec == _format.Codec) Send(frame, frame, mediaAt, afterGap);
        else if (IsG711(frame.Format.Codec) && IsG711(_format.Codec))
        {
            var other = frames.Rent(frame.Length, out var room);
            G711.Convert(frame.Data, room, fromMu: frame.Format.Codec == Codec.Pcmu);
            other.Complete(_format, frame.Length, true, frame.MediaTicks, frame.StreamTime, frame.ArrivedAt, frame.AfterGap);
            Send(other, frame, mediaAt, afterGap);
            other.Release();
        }
    }

    /// <summary>Sends what is due.</summary>
    public void Play(Instant now)
    {
        if (_format is null || _line is null) return;
        while (_keys.TryTake(now, _eventRate, _event, out var begins))
        {
            if (begins)
            {
                (_pressedAt, _anchor) = (_line.At(now), null);
                _line.Sent(_pressedAt, (int)(DtmfPlayout.Press.TotalSeconds * _line.ClockRate));
            }

            leg.SendEvent(_event, begins, _pressedAt, _line.InstantOf(_pressedAt));
        }

        if (_keys.IsActive) return;
        if (now - _due > MostLate) _due = now;
        while (_due <= now)
        {
            if (_clip is { } clip) SendClip(clip);
            else SendSilence();
        }
    }

    /// <summary>Nothing is sent any more.</summary>
    public void Close()
    {
        _format = null;
        _keys.Clear();
    }

    private static bool IsG711(Codec codec) => codec is Codec.Pcmu or Codec.Pcma;

    private void Send(MediaFrame frame, MediaFrame source, Instant mediaAt, bool afterGap)
    {
        // Within a talk spurt the source's own clock counts: rounding of times would make the ticks uneven.
        if (_anchor is not { } anchor || afterGap || source.MediaTicks < anchor.Media || anchor.Line + source.MediaTicks - anchor.Media < _line!.Next)
            _anchor = anchor = (source.MediaTicks, _line!.At(mediaAt));
        var ticks = anchor.Line + source.MediaTicks - anchor.Media;
        leg.Send(frame, ticks, _line.InstantOf(ticks));
        _line.Sent(ticks, AudioDuration.Ticks(frame.Format.Codec, frame.Data));
        (_due, _silentSince) = (_line.NextDue + StreamPatience, Instant.Never);
    }

    private void SendClip(SoundPackets clip)
    {
        SendPacket(clip.Packet(_position++));
        (_due, _silentSince) = (_line!.NextDue, Instant.Never);
        if (_position < clip.Count) return;
        _clip = null;
        if (_hasStream) _due += StreamPatience;
    }

    private void SendSilence()
    {
        _anchor = null;
        if (_silentSince == Instant.Never) _silentSince = _due;
        SendPacket(SilenceSource.Payload(_format!.Codec).Span);
        var isSparse = _format.Codec == Codec.Opus && _due - _silentSince >= OpusPause;
        _due = isSparse ? _due + OpusPause : _due + PacketTime;
    }

    private void SendPacket(ReadOnlySpan<byte> payload)
    {
        var ticks = _line!.At(_due);
        var frame = frames.Rent(payload.Length, out var room);
        payload.CopyTo(room);
        frame.Complete(_format!, payload.Length, true, ticks, TimeSpan.Zero, _due);
        leg.Send(frame, ticks, _line.InstantOf(ticks));
        frame.Release();
        _line.Sent(ticks, _format!.ClockRate / 50);
    }
}
