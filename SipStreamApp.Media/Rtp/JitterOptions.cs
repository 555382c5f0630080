namespace SipStreamApp.Media.Rtp;

/// <summary>Limits of one jitter buffer.</summary>
internal sealed record JitterOptions
{
    /// <summary>How long after the stream's arrival line a packet is released; 0 passes packets that are in order at once. 60 ms.</summary>
    public TimeSpan Target { get; init; } = TimeSpan.FromMilliseconds(60);

    /// <summary>Lets the target rise to the delay spread of the last seconds (never where the target is 0). True.</summary>
    public bool Adaptive { get; init; } = true;

    /// <summary>No packet is held longer than this, nor does the target rise above it. 500 ms.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a gap holds back what came behind it, counted from the first packet behind it. 20 ms.</summary>
    public TimeSpan ReorderWait { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Most packets (and widest run of sequence numbers) held. 1024.</summary>
    public int MaxPackets { get; init; } = 1024;

    /// <summary>Largest payload; larger ones are dropped and counted. 1500 bytes.</summary>
    public int MaxPacketBytes { get; init; } = 1500;
}
