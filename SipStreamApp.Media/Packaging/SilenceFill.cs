using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Packaging;

/// <summary>
/// Silence in place of Opus that does not come (DTX, mute, hold): a player whose sound has a hole stops the picture too. Only while the
/// picture goes on, or over a short pause: where everything stopped, the hole is real. AAC needs none of it, its maker fills its own holes.
/// </summary>
internal sealed class SilenceFill
{
    // Beyond the jitter that the buffer before the hub leaves over, and small enough that the picture is not held up visibly.
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(240);
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1000);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private TimeSpan? _end;
    private bool _filled;

    /// <summary>20 ms of nothing.</summary>
    public static ReadOnlySpan<byte> Packet => SilenceSource.Payload(Codec.Opus).Span;

    /// <summary>Up to where sound has to be made up before a picture of this time.</summary>
    public TimeSpan? Before(TimeSpan picture, TrackFormat? audio)
    {
        if (audio is not { Codec: Codec.Opus }) return null;
        _end ??= picture;
        if (picture - _end.Value > Pause) _end = picture - Lag;
        return picture - _end.Value >= Lag ? picture - Kept : null;
    }

    /// <summary>False where the frame's time is already filled; else says up to where its pause has to be.</summary>
    public bool Accepts(MediaFrame frame, out TimeSpan? fillTo)
    {
        fillTo = null;
        if (frame.Format.Codec != Codec.Opus || _end is not { } end) return true;
        if (_filled && frame.StreamTime < end - Step / 2) return false;
        if (frame.StreamTime - end is var pause && pause > Step / 2 && pause <= Pause) fillTo = frame.StreamTime - Step / 2;
        return true;
    }

    /// <summary>Takes note of real sound.</summary>
    public void Added(MediaFrame frame)
    {
        var ticks = AudioDuration.Ticks(frame.Format.Codec, frame.Data);
        _end = frame.StreamTime + TimeSpan.FromSeconds((ticks > 0 ? ticks : 960) / 48000.0);
        _filled = false;
    }

    /// <summary>The time of the next packet of silence that ends before <paramref name="until"/>; false where it is reached.</summary>
    public bool TryNext(TimeSpan until, out TimeSpan at)
    {
        at = _end ?? until;
        if (at + Step > until + Step / 2) return false;
        _end = at + Step;
        return _filled = true;
    }
}
