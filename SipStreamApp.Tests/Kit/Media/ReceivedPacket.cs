namespace SipStreamApp.Tests.Kit.Media;

/// <summary>One RTP packet after decryption.</summary>
internal sealed record ReceivedPacket(uint Ssrc, byte PayloadType, ulong Index, uint Timestamp, bool Marker, byte[] Payload, long AtMs)
{
    public ushort Sequence => (ushort)Index;

    /// <summary>When it was taken, on the system's stopwatch: for spans that a millisecond is too coarse for.</summary>
    public long TakenAt { get; } = System.Diagnostics.Stopwatch.GetTimestamp();
}

/// <summary>A sender report with the CNAME that came with it.</summary>
internal sealed record ReceivedReport(uint Ssrc, ulong Ntp, uint RtpTimestamp, uint Packets, uint Octets, string Cname, long AtMs);
