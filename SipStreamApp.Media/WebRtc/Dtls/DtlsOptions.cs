using System.Collections.Immutable;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Media.WebRtc.Dtls;

/// <summary>Limits of the DTLS side.</summary>
internal sealed record DtlsOptions
{
    public static readonly DtlsOptions Default = new();

    /// <summary>
    /// Threads at most; made when needed, gone when idle. A handshake holds one for its two round trips, nearly all of it asleep,
    /// so this bounds handshakes per second with far-away peers (16 at 200 ms: 40 per second), not the load.
    /// </summary>
    public int Workers { get; init; } = 16;

    /// <summary>Peers that may wait for a thread; further ones are left to try again (their ClientHello is repeated).</summary>
    public int MaxQueued { get; init; } = 64;

    /// <summary>From the first record to the keys.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A peer that is silent for so long in its handshake gives its thread up while others wait for one.</summary>
    public TimeSpan SilenceUnderLoad { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>First retransmission of a flight. RFC 6347 says 1 s; a lost flight would then be a visible pause before the picture.</summary>
    public TimeSpan FirstResend { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A thread without work ends after this.</summary>
    public TimeSpan WorkerIdle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Which SRTP profile to take from the offer, best first.</summary>
    public ImmutableArray<SrtpProfile> Profiles { get; init; } =
        [SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmHmacSha1_80, SrtpProfile.AeadAes256Gcm];
}
