// RFC 8122 section 5: the hash of the peer's certificate that signalling vouches for.
using System.Security.Cryptography;

namespace SipStreamApp.Media.WebRtc.Dtls;

/// <summary>A fingerprint from the peer's SDP.</summary>
/// <param name="Algorithm">"sha-256", "sha-384" or "sha-512", any case; weaker ones never match.</param>
/// <param name="Value">The hash.</param>
internal sealed record PeerFingerprint(string Algorithm, byte[] Value)
{
    /// <summary>True where it is the hash of this certificate (DER).</summary>
    public bool Matches(ReadOnlySpan<byte> certificate)
    {
        var actual = Algorithm.ToLowerInvariant() switch
        {
            "sha-256" => SHA256.HashData(certificate),
            "sha-384" => SHA384.HashData(certificate),
            "sha-512" => SHA512.HashData(certificate),
            _ => null,
        };
        return actual is not null && CryptographicOperations.FixedTimeEquals(actual, Value);
    }
}
