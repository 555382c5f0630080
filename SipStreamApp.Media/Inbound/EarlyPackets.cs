// RFC 3264 section 5.1: whoever offers must be ready to receive before the answer is there. RTP and signalling travel separate ways.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Inbound;

/// <summary>
/// RTP that came before the answer that says what it is: kept for two seconds, so that the first keyframe is not lost to a slow 200 OK.
/// Bounded: anybody can send here.
/// </summary>
internal sealed class EarlyPackets
{
    private const int MaxPackets = 256;
    private const int MaxBytes = 2048;
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    private readonly Queue<(byte[] Datagram, PeerAddress From, Instant At)> _packets = new();

    public int Count => _packets.Count;

    public void Add(ReadOnlySpan<byte> datagram, in PeerAddress from, Instant now)
    {
        if (datagram.Length > MaxBytes) return;
        while (_packets.Count >= MaxPackets || (_packets.TryPeek(out var first) && now - first.At > MaxAge)) _packets.Dequeue();
        _packets.Enqueue((datagram.ToArray(), from, now));
    }

    /// <summary>Takes the next one in order of arrival; those that are too old by now are left out.</summary>
    public bool TryTake(Instant now, out byte[] datagram, out PeerAddress from, out Instant at)
    {
        while (_packets.TryDequeue(out var packet))
        {
            (datagram, from, at) = packet;
            if (now - at <= MaxAge) return true;
        }

        (datagram, from, at) = ([], default, default);
        return false;
    }
}
