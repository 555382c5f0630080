using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>
/// The one run of packets that may become the new source of an m-line: another SSRC, or the same one with other numbers.
/// It keeps copies of at most a few packets, so that nothing is lost when it wins and nothing grows when it is forged.
/// </summary>
internal sealed class SourceCandidate(int needed, int maxBytes)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly byte[]?[] _packets = new byte[needed][];
    private readonly int[] _lengths = new int[needed];
    private readonly Instant[] _arrivals = new Instant[needed];
    private Ssrc _ssrc;
    private ushort _next;

    /// <summary>Consecutive packets kept.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the packet to the run, or begins a new run with it; returns the length of the run.</summary>
    public int Offer(in RtpPacket packet, ReadOnlySpan<byte> datagram, Instant now)
    {
        var follows = Count > 0 && packet.Ssrc == _ssrc && packet.SequenceNumber == _next && now - _arrivals[Count - 1] < MaxAge;
        if (!follows) Count = 0;
        if (datagram.Length > maxBytes) return Count;
        if (Count == needed) return Count;
        // The buffers are made when the first stranger turns up: most calls never need them.
        var buffer = _packets[Count] ??= new byte[maxBytes];
        datagram.CopyTo(buffer);
        (_lengths[Count], _arrivals[Count]) = (datagram.Length, now);
        (_ssrc, _next) = (packet.Ssrc, (ushort)(packet.SequenceNumber + 1));
        return ++Count;
    }

    public ReadOnlySpan<byte> Packet(int index, out Instant arrivedAt)
    {
        arrivedAt = _arrivals[index];
        return _packets[index].AsSpan(0, _lengths[index]);
    }

    public void Clear() => Count = 0;
}
