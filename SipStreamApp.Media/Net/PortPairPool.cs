using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Which RTP/RTCP pairs of a range are free: round robin, and a returned pair rests before it is lent again.</summary>
/// <remarks>
/// A former peer may go on sending for a while; on a port that is lent again at once its packets would fall into somebody else's call.
/// Any thread may call.
/// </remarks>
internal sealed class PortPairPool
{
    private const long Lent = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly long[] _freeFrom; // ticks from which a pair may be lent; Lent while somebody has it
    private readonly PortRange _range;
    private readonly TimeSpan _rest;
    private int _next;
    private int _lent;

    public PortPairPool(PortRange range, TimeSpan rest) => (_range, _rest, _freeFrom) = (range, rest, new long[range.Pairs]);

    /// <summary>Number of pairs in the range.</summary>
    public int Capacity => _freeFrom.Length;

    /// <summary>Pairs that are lent now.</summary>
    public int InUse => Volatile.Read(ref _lent);

    /// <summary>Lends a pair; false where all are lent or rest.</summary>
    public bool TryTake(Instant now, out int evenPort)
    {
        lock (_lock)
        {
            for (var i = 0; i < _freeFrom.Length; i++)
            {
                var pair = _next;
                _next = _next + 1 == _freeFrom.Length ? 0 : _next + 1;
                if (_freeFrom[pair] > now.Ticks) continue;
                _freeFrom[pair] = Lent;
                _lent++;
                evenPort = _range.FirstPair + pair * 2;
                return true;
            }
        }

        evenPort = 0;
        return false;
    }

    /// <summary>Takes a pair back; also one that another program turned out to hold.</summary>
    public void Return(int evenPort, Instant now) => PutBack(evenPort, now + _rest);

    /// <summary>Takes a pair back that nobody sent to: it needs no rest.</summary>
    public void ReturnUnused(int evenPort, Instant now) => PutBack(evenPort, now);

    private void PutBack(int evenPort, Instant freeFrom)
    {
        lock (_lock)
        {
            var pair = (evenPort - _range.FirstPair) / 2;
            if (_freeFrom[pair] != Lent) throw new InvalidOperationException($"Port {evenPort} was not lent.");
            _freeFrom[pair] = freeFrom.Ticks;
            _lent--;
        }
    }
}
