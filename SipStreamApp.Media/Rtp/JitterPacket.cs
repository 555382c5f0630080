using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>A packet as it leaves the jitter buffer. The payload stays valid until the next call on the buffer.</summary>
internal readonly ref struct JitterPacket
{
    /// <summary>Empty for padding and for payload types nobody wants: those only keep their place in the order.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    public PayloadType PayloadType { get; init; }

    public bool Marker { get; init; }

    public ushort SequenceNumber { get; init; }

    public uint Timestamp { get; init; }

    public Ssrc Ssrc { get; init; }

    public Instant ArrivedAt { get; init; }

    /// <summary>Packets that are missing right before this one.</summary>
    public int LostBefore { get; init; }

    /// <summary>Something is missing before this one, or the source changed.</summary>
    public bool Gap { get; init; }

    /// <summary>First packet of a new source or a new run of sequence numbers.</summary>
    public bool NewSource { get; init; }

    /// <summary>False where the timestamp says nothing about the media clock (telephone-event).</summary>
    public bool Timed { get; init; }
}

/// <summary>What became of a packet that was put in.</summary>
internal enum JitterResult
{
    Held,
    Late,
    Duplicate,
    TooLarge,
    Overflow,
}
