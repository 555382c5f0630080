// RFC 3550 section 6.4.1 and appendix A.8: interarrival jitter, J += (|D| - J) / 16.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Smoothed difference of relative transit times, in timestamp units.</summary>
internal struct JitterEstimator(int clockRate)
{
    private readonly int _clockRate = clockRate;
    private uint _transit;
    private bool _started;

    public double Value { get; private set; }

    public readonly double Milliseconds => Value * 1000 / _clockRate;

    public void Add(uint timestamp, Instant arrivedAt)
    {
        var transit = unchecked((uint)MediaTime.ToMediaTicks(arrivedAt.Ticks, _clockRate) - timestamp);
        var difference = Math.Abs((double)unchecked((int)(transit - _transit)));
        // A timestamp that jumped by more than ten seconds is a new time line, not jitter.
        if (_started && difference < 10.0 * _clockRate) Value += (difference - Value) / 16;
        (_transit, _started) = (transit, true);
    }
}
