using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Telemetry;

/// <summary>
/// RTP figures over all calls since the start. Snapshots count one call each, and a call is forgotten soon after its end: what ended calls
/// had is added up here, so that the sums never go back, as counters must not.
/// </summary>
internal sealed class CallTotals
{
    // An ended call can be asked for during 10 s (and is reported once): after a minute nobody brings it again.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HashSet<(CallId, DateTimeOffset)> _counted = [];
    private readonly Queue<((CallId, DateTimeOffset) Call, DateTimeOffset EndedAt)> _order = new();
    private Sum _ended;

    /// <summary>Adds an ended call, once.</summary>
    public void Ended(CallSnapshot call)
    {
        lock (_lock)
        {
            var key = (call.Id, call.CreatedAt);
            if (!_counted.Add(key)) return;
            var now = call.EndedAt ?? call.CreatedAt;
            while (_order.TryPeek(out var oldest) && oldest.EndedAt < now - Remembered) _counted.Remove(_order.Dequeue().Call);
            _order.Enqueue((key, now));
            _ended = _ended.Plus(call);
        }
    }

    /// <summary>Ended calls and those of the list that are up.</summary>
    public Sum Now(IEnumerable<CallSnapshot> calls)
    {
        lock (_lock)
        {
            var sum = _ended;
            foreach (var call in calls) if (!_counted.Contains((call.Id, call.CreatedAt)) && !call.IsEnded) sum = sum.Plus(call);
            return sum;
        }
    }

    /// <summary>Packets of RTP: received, lost on the way, sent; bytes of payload received.</summary>
    internal readonly record struct Sum(long Received, long Lost, long Sent, long Bytes)
    {
        public Sum Plus(CallSnapshot call) => call.Media.Aggregate(
            this, (s, m) => new Sum(s.Received + m.PacketsReceived, s.Lost + m.PacketsLost, s.Sent + m.PacketsSent, s.Bytes + m.BytesReceived));
    }
}
