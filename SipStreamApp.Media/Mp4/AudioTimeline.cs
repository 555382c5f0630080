namespace SipStreamApp.Media.Mp4;

/// <summary>
/// Sound: a sample lasts as long as its codec says, and follows the one before without a seam. Against the drift of the sender's
/// clock a few ticks are added or taken, but only when the error has left a band: decoders like even durations.
/// </summary>
internal sealed class AudioTimeline(int timescale, TimeSpan hole) : TrackTimeline(timescale, hole)
{
    private readonly int _band = timescale / 100;
    private readonly int _settled = timescale / 1000;
    private bool _correcting;

    /// <inheritdoc/>
    public override Placement Place(long target, int nominal, bool afterGap)
    {
        var error = target - End;
        if (IsFresh || error > HoleTicks || (afterGap && error > Math.Min(nominal / 2, _band)))
        {
            var afterHole = !IsFresh;
            var time = target;
            (IsFresh, _correcting) = (false, false);
            End = time + nominal;
            return new Placement(time, nominal, afterHole);
        }

        _correcting = Math.Abs(error) > (_correcting ? _settled : _band);
        // An eighth is hardly heard where a decoder stretches at all; more only where the time line was moved by half a second.
        var most = Math.Max(1, error < -HoleTicks * 5 ? nominal / 2 : nominal / 8);
        var duration = nominal + (_correcting ? Math.Clamp(error, -most, most) : 0);
        duration = Math.Max(1, duration);
        var placement = new Placement(End, duration, false);
        End += duration;
        return placement;
    }
}
