// FIPS 180-4 section 5.3.6.2 and 6.7: SHA-512/256, which RFC 7616 calls SHA-512-256. The platform has SHA-512 only with its own start value.
using System.Buffers.Binary;
using System.Numerics;

namespace SipStreamApp.Media.Sip;

/// <summary>SHA-512/256 of short texts; written for digests, not for bulk data.</summary>
internal static class Sha512T256
{
    private static readonly ulong[] RoundConstants = [.. Primes(80).Select(static p => RootFraction(p, 3))];

    private static readonly ulong[] Start = MakeStart();

    public static byte[] HashData(ReadOnlySpan<byte> data) => Hash(data, Start)[..32];

    private static byte[] Hash(ReadOnlySpan<byte> data, ulong[] start)
    {
        var padded = new byte[(data.Length + 17 + 127) / 128 * 128];
        data.CopyTo(padded);
        padded[data.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(padded.AsSpan(padded.Length - 8), (ulong)data.Length * 8);
        var state = (ulong[])start.Clone();
        for (var at = 0; at < padded.Length; at += 128) Compress(state, padded.AsSpan(at, 128));
        var result = new byte[64];
        for (var i = 0; i < 8; i++) BinaryPrimitives.WriteUInt64BigEndian(result.AsSpan(i * 8), state[i]);
        return result;
    }

    private static void Compress(ulong[] state, ReadOnlySpan<byte> block)
    {
        Span<ulong> w = stackalloc ulong[80];
        for (var t = 0; t < 16; t++) w[t] = BinaryPrimitives.ReadUInt64BigEndian(block[(t * 8)..]);
        for (var t = 16; t < 80; t++)
        {
            var s0 = BitOperations.RotateRight(w[t - 15], 1) ^ BitOperations.RotateRight(w[t - 15], 8) ^ (w[t - 15] >> 7);
            var s1 = BitOperations.RotateRight(w[t - 2], 19) ^ BitOperations.RotateRight(w[t - 2], 61) ^ (w[t - 2] >> 6);
            w[t] = unchecked(w[t - 16] + s0 + w[t - 7] + s1);
        }

        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var t = 0; t < 80; t++)
        {
            var s1 = BitOperations.RotateRight(e, 14) ^ BitOperations.RotateRight(e, 18) ^ BitOperations.RotateRight(e, 41);
            var t1 = unchecked(h + s1 + ((e & f) ^ (~e & g)) + RoundConstants[t] + w[t]);
            var s0 = BitOperations.RotateRight(a, 28) ^ BitOperations.RotateRight(a, 34) ^ BitOperations.RotateRight(a, 39);
            var t2 = unchecked(s0 + ((a & b) ^ (a & c) ^ (b & c)));
            (h, g, f, e, d, c, b, a) = (g, f, e, unchecked(d + t1), c, b, a, unchecked(t1 + t2));
        }

        ReadOnlySpan<ulong> add = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < 8; i++) state[i] = unchecked(state[i] + add[i]);
    }

    // Section 5.3.6: SHA-512 with every start word changed by a5..a5, over the name of the function.
    private static ulong[] MakeStart()
    {
        var changed = Primes(8).Select(static p => RootFraction(p, 2) ^ 0xa5a5a5a5a5a5a5a5).ToArray();
        var hash = Hash("SHA-512/256"u8, changed);
        return [.. Enumerable.Range(0, 8).Select(i => BinaryPrimitives.ReadUInt64BigEndian(hash.AsSpan(i * 8)))];
    }

    private static List<int> Primes(int count)
    {
        var primes = new List<int>();
        for (var n = 2; primes.Count < count; n++) if (!primes.Exists(p => n % p == 0)) primes.Add(n);
        return primes;
    }

    /// <summary>First 64 bits of the fraction of a prime's square or cube root (section 4.2.3, 5.3.5), by bisection.</summary>
    private static ulong RootFraction(int prime, int degree)
    {
        var target = (BigInteger)prime << (64 * degree);
        var (low, high) = (BigInteger.Zero, BigInteger.One << 70);
        while (high - low > 1)
        {
            var middle = (low + high) >> 1;
            if (BigInteger.Pow(middle, degree) <= target) low = middle;
            else high = middle;
        }

        return (ulong)(low & ulong.MaxValue);
    }
}
