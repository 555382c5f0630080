using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Tests.Media.Rtp;

/// <summary>A one-way wire with seeded loss, duplication, delay and jitter; what is sent comes out by time of arrival.</summary>
internal sealed class LossyWire(int seed, double loss = 0, double duplicate = 0, double baseDelayMs = 20, double jitterMs = 0)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<byte[], (long At, long Order)> _flight = new();
    private long _order;

    public int Lost { get; private set; }

    public int Duplicated { get; private set; }

    public Instant NextArrival => _flight.TryPeek(out _, out var key) ? new Instant(key.At) : Instant.Never;

    public void Send(byte[] packet, Instant now)
    {
        if (_random.NextDouble() < loss)
        {
            Lost++;
            return;
        }

        Enqueue(packet, now);
        if (_random.NextDouble() >= duplicate) return;
        Duplicated++;
        Enqueue(packet, now);
    }

    public bool TryReceive(Instant now, out byte[] packet, out Instant arrivedAt)
    {
        packet = [];
        arrivedAt = NextArrival;
        if (arrivedAt > now) return false;
        packet = _flight.Dequeue();
        return true;
    }

    private void Enqueue(byte[] packet, Instant now)
    {
        var at = now + TimeSpan.FromMilliseconds(baseDelayMs + _random.NextDouble() * jitterMs);
        _flight.Enqueue(packet, (at.Ticks, _order++));
    }
}
