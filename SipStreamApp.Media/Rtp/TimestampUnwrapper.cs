using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Turns 32-bit RTP timestamps into media ticks that go on evenly over wraps, new sources and restarted timestamps.</summary>
/// <remarks>Inside one run it follows the sender exactly. Where a run breaks, the time of arrival bridges the hole.</remarks>
internal sealed class TimestampUnwrapper(int clockRate)
{
    // A jump ahead of arrival by more than this, or back by more than half of it, is a restart: no burst after a stall looks so.
    private static readonly TimeSpan JumpLimit = TimeSpan.FromSeconds(5);

    // A pause of the source whose timestamps stood still shows as a delay that stays for this long after the pause.
    private static readonly TimeSpan PauseProof = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAtLeast = TimeSpan.FromMilliseconds(500);

    private WindowMinimum _transit = new(TimeSpan.FromSeconds(5));
    private int _clockRate = clockRate;
    private uint _timestamp;
    private long _ticks;
    private Instant _arrivedAt;
    private bool _started;
    private Instant _pausedUntil = Instant.Never;
    private long _pause;

    public int ClockRate => _clockRate;

    /// <summary>Media ticks of the last packet.</summary>
    public long Last => _ticks;

    /// <summary>The ticks of the next packet in order; <paramref name="newSource"/> says that its timestamps are of another run.</summary>
    public long Next(uint timestamp, Instant arrivedAt, bool newSource)
    {
        if (!_started) (_started, _ticks) = (true, timestamp);
        else if (newSource || !TryFollow(timestamp, arrivedAt)) Bridge(arrivedAt);
        (_timestamp, _arrivedAt) = (timestamp, arrivedAt);
        _transit.Add(arrivedAt, Transit(arrivedAt));
        ProvePause(arrivedAt);
        return _ticks;
    }

    /// <summary>Where a timestamp of the present run lies (a sender report's, say), without moving on.</summary>
    public bool TryMap(uint timestamp, out long ticks)
    {
        ticks = _ticks + unchecked((int)(timestamp - _timestamp));
        return _started;
    }

    /// <summary>Another clock from the next packet on: ticks go on counting, scaled to it.</summary>
    public void ChangeClockRate(int clockRate)
    {
        if (clockRate == _clockRate) return;
        _ticks = MediaTime.ToMediaTicks(MediaTime.ToTimeTicks(_ticks, _clockRate), clockRate);
        _clockRate = clockRate;
        _transit.Clear();
        _pausedUntil = Instant.Never;
    }

    private long Transit(Instant arrivedAt) => arrivedAt.Ticks - MediaTime.ToTimeTicks(_ticks, _clockRate);

    private bool TryFollow(uint timestamp, Instant arrivedAt)
    {
        var elapsed = arrivedAt - _arrivedAt;
        long delta = unchecked((int)(timestamp - _timestamp));
        // After hours of silence the shorter way round may be the wrong one: take the number of wraps that fits the clock.
        if (elapsed > TimeSpan.FromHours(1))
        {
            var wraps = (double)(MediaTime.ToMediaTicks(elapsed.Ticks, _clockRate) - delta) / (1L << 32);
            delta += (long)Math.Round(wraps) << 32;
        }

        var media = new TimeSpan(MediaTime.ToTimeTicks(delta, _clockRate));
        if (media - elapsed > JumpLimit || media < -JumpLimit / 2) return false;
        if (elapsed - media > PauseAtLeast && elapsed > PauseAtLeast)
        {
            (_pausedUntil, _pause) = (arrivedAt + PauseProof, long.MaxValue);
        }

        _ticks += delta;
        return true;
    }

    // A new run begins where the earliest-arrival line of the old one would be by now, never before the last packet.
    private void Bridge(Instant arrivedAt)
    {
        var line = _transit.HasValue ? _transit.Value : _arrivedAt.Ticks - MediaTime.ToTimeTicks(_ticks, _clockRate);
        _ticks = Math.Max(_ticks, MediaTime.ToMediaTicks(arrivedAt.Ticks - line, _clockRate));
        _pausedUntil = Instant.Never;
    }

    // After a stall of the network the backlog arrives in a burst and the delay is gone; after a pause of the source it stays.
    // Only then are the ticks moved forward over the pause.
    private void ProvePause(Instant arrivedAt)
    {
        if (_pausedUntil == Instant.Never) return;
        _pause = Math.Min(_pause, Transit(arrivedAt) - _transit.Value);
        if (arrivedAt < _pausedUntil) return;
        _pausedUntil = Instant.Never;
        if (_pause < PauseAtLeast.Ticks) return;
        _ticks += MediaTime.ToMediaTicks(_pause, _clockRate);
    }
}
