using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>The way of one m-line's packets out of the phone: loses, delays and reorders. Lives on the phone's loop.</summary>
internal sealed class PhoneWire : IDisposable
{
    private readonly PhoneLine _line;
    private readonly Random _random;
    private readonly LoopTimer _timer;
    private readonly PriorityQueue<(byte[] Datagram, UdpPort Port, PeerAddress To), (long Due, long Order)> _held = new();
    private long _order;

    public PhoneWire(NetLoop loop, PhoneLine line)
    {
        (_line, _random, Loss) = (line, new Random(line.Seed), line.Loss);
        _timer = loop.CreateTimer(Release);
    }

    /// <summary>Share of RTP packets that get lost from now on.</summary>
    public double Loss { get; set; }

    /// <summary>RTP packets that went out.</summary>
    public long Sent { get; private set; }

    /// <summary>RTP packets that got lost.</summary>
    public long Lost { get; private set; }

    /// <summary>RTP packets that were overtaken.</summary>
    public long Overtaken { get; private set; }

    public void SendRtp(ReadOnlySpan<byte> datagram, UdpPort port, in PeerAddress to, Instant now)
    {
        if (Loss > 0 && _random.NextDouble() < Loss)
        {
            Lost++;
            return;
        }

        Sent++;
        var late = _line.Reorder > 0 && _random.NextDouble() < _line.Reorder;
        if (late) Overtaken++;
        Send(datagram, port, to, now, late ? _line.ReorderBy : TimeSpan.Zero);
    }

    public void SendRtcp(ReadOnlySpan<byte> datagram, UdpPort port, in PeerAddress to, Instant now) => Send(datagram, port, to, now, TimeSpan.Zero);

    public void Dispose()
    {
        _timer.Cancel();
        _held.Clear();
    }

    private void Send(ReadOnlySpan<byte> datagram, UdpPort port, in PeerAddress to, Instant now, TimeSpan more)
    {
        var delay = _line.Delay + more;
        if (delay == TimeSpan.Zero)
        {
            port.Send(datagram, to);
            return;
        }

        _held.Enqueue((datagram.ToArray(), port, to), ((now + delay).Ticks, _order++));
        _timer.Set(Instant.Min(_timer.Deadline, now + delay));
    }

    private void Release(Instant now)
    {
        while (_held.TryPeek(out var next, out var when))
        {
            if (when.Due > now.Ticks)
            {
                _timer.Set(new Instant(when.Due));
                return;
            }

            _held.Dequeue();
            if (!next.Port.IsClosed) next.Port.Send(next.Datagram, next.To);
        }
    }
}
