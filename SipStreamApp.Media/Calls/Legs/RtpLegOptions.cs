namespace SipStreamApp.Media.Calls.Legs;

/// <summary>Settings of one m-line.</summary>
/// <param name="JitterTarget">Jitter buffer target; zero passes packets on as they come in order.</param>
/// <param name="Cname">RTCP canonical name, the same for all m-lines of a call (RFC 7022).</param>
internal sealed record RtpLegOptions(TimeSpan JitterTarget, string Cname)
{
    /// <summary>Packets from another address that make us send there (symmetric RTP, RFC 4961). 3.</summary>
    public int LatchPackets { get; init; } = 3;

    /// <summary>Largest payload sent, bytes; with headers it stays below any usual MTU. 1200.</summary>
    public int MaxPayload { get; init; } = 1200;
}
