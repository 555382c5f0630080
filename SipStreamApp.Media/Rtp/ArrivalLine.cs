using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>
/// The earliest-arrival line of a stream: where on our clock a timestamp would arrive with the least delay of the last seconds.
/// Releasing at a fixed distance behind that line, not behind each arrival, is what takes the jitter out.
/// </summary>
internal struct ArrivalLine(int clockRate, TimeSpan window, TimeSpan maxDelay)
{
    private readonly int _clockRate = clockRate;
    private readonly TimeSpan _maxDelay = maxDelay;
    private WindowMinimum _transit = new(window);
    private WindowMinimum _spread = new(window);
    private long _ticks;
    private uint _timestamp;
    private bool _started;

    /// <summary>The largest delay above the line in the last seconds.</summary>
    public readonly TimeSpan Spread => _spread.HasValue ? new TimeSpan(-_spread.Value) : TimeSpan.Zero;

    /// <summary>Takes a packet and returns where the line puts it: at or before its arrival.</summary>
    public Instant Add(uint timestamp, Instant arrivedAt)
    {
        _ticks = _started ? _ticks + unchecked((int)(timestamp - _timestamp)) : 0;
        (_timestamp, _started) = (timestamp, true);
        var media = MediaTime.ToTimeTicks(_ticks, _clockRate);
        var transit = arrivedAt.Ticks - media;
        // Far above the line: the timestamps jumped (or stood still while the source was quiet). Begin a new line here.
        if (_transit.HasValue && transit - _transit.Value > _maxDelay.Ticks) Restart();
        // Far below it: a jump as well; the spread seen so far says nothing about the new line.
        else if (_transit.HasValue && _transit.Value - transit > _maxDelay.Ticks) Restart();
        _transit.Add(arrivedAt, transit);
        _spread.Add(arrivedAt, _transit.Value - transit);
        return new Instant(media + _transit.Value);
    }

    public void Clear()
    {
        Restart();
        _started = false;
    }

    private void Restart()
    {
        _transit.Clear();
        _spread.Clear();
    }
}
