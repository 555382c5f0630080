// RFC 3550 section 6.4.1: the offset between a track's media clock and its sender's clock, cleaned of outliers.
namespace SipStreamApp.Media.Rtp;

/// <summary>Sender's time minus media time, in ticks of 100 ns, from successive sender reports of one source.</summary>
/// <remarks>
/// Phones stamp reports carelessly (the timestamp of the last frame with the time of now), so small differences are averaged.
/// A large one must be confirmed by the next report before it counts: a new source or a restart is, a broken report is not.
/// </remarks>
internal struct ReportMapping
{
    private static readonly long Tolerance = TimeSpan.FromMilliseconds(60).Ticks;

    private long _doubted;
    private bool _hasDoubt;

    public bool HasValue { get; private set; }

    public long Offset { get; private set; }

    public void Add(long offset)
    {
        if (!HasValue || (_hasDoubt && Math.Abs(offset - _doubted) <= Tolerance))
        {
            (Offset, HasValue, _hasDoubt) = (offset, true, false);
        }
        else if (Math.Abs(offset - Offset) <= Tolerance)
        {
            Offset += (offset - Offset) / 4;
            _hasDoubt = false;
        }
        else
        {
            (_doubted, _hasDoubt) = (offset, true);
        }
    }

    public void Clear() => (HasValue, _hasDoubt) = (false, false);
}
