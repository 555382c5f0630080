// RFC 3261 section 19.3 and 8.1.1.7: tags, branches and Call-IDs must be random and unique.
using System.Security.Cryptography;

namespace SipStreamApp.Media.Sip;

/// <summary>Where tags, branches, Call-IDs, nonces and back-off come from. Cryptographic, except in tests.</summary>
internal abstract class SipRandom
{
    /// <summary>The operating system's generator.</summary>
    public static SipRandom Secure { get; } = new SecureSource();

    public abstract void Fill(Span<byte> bytes);

    /// <summary>Lower-case hex of that many random bytes.</summary>
    public string Token(int bytes = 10)
    {
        Span<byte> raw = stackalloc byte[bytes];
        Fill(raw);
        return Convert.ToHexStringLower(raw);
    }

    /// <summary>Evenly spread in [0, 1).</summary>
    public double NextDouble()
    {
        Span<byte> raw = stackalloc byte[4];
        Fill(raw);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(raw) / 4294967296.0;
    }

    /// <summary>A generator that repeats itself for the same seed.</summary>
    public static SipRandom Seeded(int seed) => new SeededSource(seed);

    private sealed class SecureSource : SipRandom
    {
        public override void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
    }

    private sealed class SeededSource(int seed) : SipRandom
    {
#pragma warning disable CA5394 // Chosen by tests only, for repeatable runs.
        private readonly Random _random = new(seed);

        public override void Fill(Span<byte> bytes) => _random.NextBytes(bytes);
#pragma warning restore CA5394
    }
}
