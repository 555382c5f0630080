using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>What a call's peer sees: the injected stream from a keyframe on, else a small still picture now and then. Lives on the rtp loop.</summary>
internal sealed class PictureSender(RtpLeg leg, StillPicture still, MediaFramePool frames, Instant start)
{
    // Often at first, for NATs and for phones that show nothing before the first keyframe; then rarely.
    private const int QuickPictures = 5;

    // What a socket of the usual size takes at once: 212992 bytes of buffer hold about that much in packets.
    private const int MaxReplay = 128 * 1024;

    // One millisecond between the pictures of the past: a decoder runs through them.
    private const int ReplayStep = 90;

    private static readonly TimeSpan QuickEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastSpacing = TimeSpan.FromMilliseconds(500);

    private SendLine? _line;
    private TrackFormat? _format;
    private Instant _due = start;
    private Instant _stillAt = Instant.Never;
    private long _stills;
    private int _replayed;
    private bool _waits = true;

    /// <summary>What is sent; null while nothing may be.</summary>
    public TrackFormat? Format => _format;

    /// <summary>True while pictures of the injected stream go out.</summary>
    public bool Flows { get; private set; }

    /// <summary>When the next still is due.</summary>
    public Instant NextDeadline => _format is null ? Instant.Never : _due;

    /// <summary>Takes over what was agreed on.</summary>
    public void Configure(Instant now)
    {
        var before = _format?.Codec;
        _format = leg.SendFormat;
        if (_format is null || before != _format.Codec) (Flows, _waits) = (false, true);
        if (_format is null) return;
        _line ??= new SendLine(_format.ClockRate, now);
        if (before != _format.Codec && _due > now) _due = now;
    }

    /// <summary>A stream is injected, or none any more: the still comes back at once.</summary>
    public void Restart(Instant now) => (Flows, _waits, _replayed, _due) = (false, true, 0, Instant.Min(_due, now));

    /// <summary>Takes a picture of the injected stream; true where its source should be asked for a keyframe.</summary>
    /// <param name="item">The picture; the caller keeps its lease.</param>
    /// <param name="mediaAt">When it was captured, on our clock.</param>
    /// <param name="now">The time.</param>
    public bool Take(in StreamItem item, Instant mediaAt, Instant now)
    {
        var frame = item.Frame;
        if (_format is null || frame.Format.Codec != _format.Codec || _line is null)
        {
            _waits = true;
            return false;
        }

        _waits |= item.AfterSkip;
        if (_waits && !frame.IsKeyframe) return true;
        if (item.Replayed && (_replayed += frame.Length) > MaxReplay && !frame.IsKeyframe)
        {
            // The rest of a long picture group would flood the peer: it has the keyframe, and another one soon.
            _waits = true;
            return true;
        }

        (_waits, Flows) = (false, true);
        var ticks = _line.At(item.Replayed ? now : mediaAt);
        leg.Send(frame, ticks, _line.InstantOf(ticks));
        _line.Sent(ticks, item.Replayed ? ReplayStep : 1);
        _due = now + Every;
        return false;
    }

    /// <summary>The peer asked for a keyframe and there is no stream to pass that on to.</summary>
    public void KeyframeAsked(Instant now)
    {
        if (_stillAt == Instant.Never || now - _stillAt >= LeastSpacing) _due = now;
    }

    /// <summary>Sends the still where it is due.</summary>
    public void Play(Instant now)
    {
        if (_format is null || _line is null || _due > now) return;
        var bytes = _format.Codec == Codec.Vp8 ? still.Vp8 : still.H264(_stills);
        var ticks = _line.At(now);
        var frame = frames.Rent(bytes.Length, out var room);
        bytes.Span.CopyTo(room);
        frame.Complete(_format, bytes.Length, true, ticks, TimeSpan.Zero, now);
        leg.Send(frame, ticks, now);
        frame.Release();
        _line.Sent(ticks, 1);
        // What the stream goes on with could not be decoded behind this one.
        (_stillAt, _waits, Flows) = (now, true, false);
        _due = now + (++_stills < QuickPictures ? QuickEvery : Every);
    }

    /// <summary>Nothing is sent any more.</summary>
    public void Close() => _format = null;
}
