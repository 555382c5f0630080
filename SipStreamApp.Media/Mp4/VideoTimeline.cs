namespace SipStreamApp.Media.Mp4;

/// <summary>Picture: a frame lasts until the next one, or as long as frames usually do where a hole follows.</summary>
internal sealed class VideoTimeline(int timescale, TimeSpan hole) : TrackTimeline(timescale, hole)
{
    private bool _isClosed;

    /// <summary>Duration of a frame in the usual run of things.</summary>
    public long Usual { get; private set; } = timescale / 25;

    /// <summary>What the frame before the last placement lasts; meaningful where it was not closed.</summary>
    public long PreviousDuration { get; private set; }

    /// <inheritdoc/>
    public override Placement Place(long target, int nominal, bool afterGap)
    {
        if (IsFresh || _isClosed)
        {
            // End is past the closed frame here.
            var at = IsFresh ? target : Math.Max(target, End);
            var seam = !IsFresh && at != End;
            (IsFresh, _isClosed, End) = (false, false, at);
            return new Placement(at, 0, seam);
        }

        var delta = Math.Max(1, target - End);
        var isHole = delta > HoleTicks || (afterGap && delta > Usual + Usual / 2);
        PreviousDuration = isHole ? Math.Min(Usual, delta) : delta;
        // Little by little: one late frame must not make the edge of the next hole wrong; a new frame rate is learnt within some frames.
        if (!isHole) Usual = Math.Max(1, Usual + (Math.Clamp(delta, Usual / 2, Usual * 2) - Usual) / 8);
        End += delta;
        return new Placement(End, 0, isHole && delta > PreviousDuration);
    }

    /// <summary>Gives the last frame its usual duration, since no next one will tell.</summary>
    public long Close()
    {
        _isClosed = true;
        End += Usual;
        return Usual;
    }
}
