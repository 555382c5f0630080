using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>A payload type that was negotiated for an m-line.</summary>
/// <param name="Type">The number.</param>
/// <param name="ClockRate">Its RTP clock in Hz.</param>
/// <param name="Timed">False for telephone-event: its timestamp is the start of the event, not the time of the packet (RFC 4733).</param>
internal readonly record struct AcceptedPayload(PayloadType Type, int ClockRate, bool Timed = true);

/// <summary>Settings of one receiver.</summary>
internal sealed record RtpReceiverOptions
{
    public JitterOptions Jitter { get; init; } = new();

    /// <summary>Consecutive packets a new SSRC must show while the present one is not silent for long. 3.</summary>
    public int TakeoverPackets { get; init; } = 3;

    /// <summary>Silence of the present source after which a new SSRC is taken at once. 1 s.</summary>
    public TimeSpan TakeoverSilence { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>What became of a datagram.</summary>
internal enum ReceiveResult
{
    Accepted,

    /// <summary>Not RTP.</summary>
    Malformed,

    /// <summary>A payload type that was not negotiated; it keeps its place in the order and nothing else.</summary>
    UnknownPayload,

    /// <summary>Of a source that is not (yet) the one this m-line listens to.</summary>
    OtherSource,
    Duplicate,
    Late,
    Dropped,
}

/// <summary>A packet in order, on the continuous media clock. The payload stays valid until the next call on the receiver.</summary>
internal readonly ref struct ReceivedPacket
{
    public ReadOnlySpan<byte> Payload { get; init; }

    public PayloadType PayloadType { get; init; }

    public bool Marker { get; init; }

    public ushort SequenceNumber { get; init; }

    /// <summary>The timestamp as it stood in the packet.</summary>
    public uint Timestamp { get; init; }

    public Ssrc Ssrc { get; init; }

    /// <summary>Unwrapped timestamp, continuous over a change of source; of the last timed packet where this one is not timed.</summary>
    public long MediaTicks { get; init; }

    /// <summary>Packets missing before this one.</summary>
    public int LostBefore { get; init; }

    /// <summary>Something is missing before this one, or the source changed.</summary>
    public bool Gap { get; init; }

    /// <summary>First packet of a new source: sender reports of the one before no longer hold.</summary>
    public bool NewSource { get; init; }

    public Instant ArrivedAt { get; init; }
}

/// <summary>A sender report with its RTP time on the receiver's media clock.</summary>
internal readonly record struct ReceivedSenderReport(NtpTime Ntp, long MediaTicks, Instant ArrivedAt);

/// <summary>Figures over the life of a receiver.</summary>
internal readonly record struct ReceiverStatistics(
    long Received, long Expected, long Lost, long Duplicates, long Reordered, long Late, long Bytes,
    double FractionLost, double JitterMilliseconds, int SourceChanges, long UnknownPayload, long Malformed, long OtherSource, long Dropped);
