// RFC 3261 table 4 (section 17) and RFC 6026: timer values, as instance options.
namespace SipStreamApp.Media.Sip;

/// <summary>Timer values. Tests shrink them; production leaves them alone.</summary>
internal sealed record SipTimers
{
    public static readonly SipTimers Default = new();

    /// <summary>Round-trip estimate.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest gap between retransmissions.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest life of a message in the network.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Timers B, F, H, J, L and M, and the wait for ACK: 64*T1.</summary>
    public TimeSpan Transaction => T1 * 64;

    /// <summary>Timer D, for retransmitted finals of an INVITE: at least 32 s on UDP.</summary>
    public TimeSpan D { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>How long an outgoing call may ring before it is given up (the UAC's own limit; a proxy's timer C is 3 minutes).</summary>
    public TimeSpan Ring { get; init; } = TimeSpan.FromMinutes(3);
}
