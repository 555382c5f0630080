// NIST SP 800-38D section 6.4: GHASH, computed as POLYVAL (RFC 8452 appendix A): with the bytes of each block reversed
// and the hash key multiplied by x once, carry-less products need no shift, and a reduction is two multiplications.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SipStreamApp.Media.Srtp;

/// <summary>Powers of the hash key, and sums of products under one reduction.</summary>
internal static class Ghash
{
    /// <summary>Eight blocks of data and the length block, all under one reduction.</summary>
    public const int Powers = 9;

    /// <summary>H^1 to H^9, each followed by the sum of its halves (Karatsuba's middle factor).</summary>
    public static Vector128<ulong>[] Table(Vector128<byte> hashKey)
    {
        var h = Ssse3.Shuffle(hashKey, AesNiKey.Reversal).AsUInt64();
        var (low, high) = (h.GetElement(0), h.GetElement(1));
        // Times x in the reversed field: shift left, fold the bit that falls out by x^127 + x^126 + x^121 + 1.
        var carry = 0UL - (high >> 63);
        h = Vector128.Create(low << 1 ^ carry & 1, (high << 1 | low >> 63) ^ carry & 0xC200000000000000);
        var table = new Vector128<ulong>[Powers * 2];
        var power = h;
        for (var i = 0; i < Powers; i++)
        {
            if (i > 0)
            {
                var sum = new Sum();
                sum.Add(power, ref table[0]);
                power = sum.Reduce();
            }

            table[2 * i] = power;
            table[2 * i + 1] = Vector128.Create(power.GetElement(0) ^ power.GetElement(1), 0);
        }

        return table;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Load(ref byte data, nuint at) =>
        Ssse3.Shuffle(Vector128.LoadUnsafe(ref data, at), AesNiKey.Reversal).AsUInt64();

    /// <summary>The table entry of H^<paramref name="power"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref Vector128<ulong> Power(ref Vector128<ulong> table, int power) => ref Unsafe.Add(ref table, 2 * (power - 1));

    /// <summary>Takes in data of any length, the last block padded with zeros.</summary>
    public static Vector128<ulong> Update(ref Vector128<ulong> table, Vector128<ulong> hash, ReadOnlySpan<byte> data)
    {
        while (data.Length > 128)
        {
            hash = Finish(ref table, hash, data[..128], default, 0);
            data = data[128..];
        }

        return data.IsEmpty ? hash : Finish(ref table, hash, data, default, 0);
    }

    /// <summary>Takes in at most 128 bytes and, where <paramref name="extra"/> is 1, one block more.</summary>
    [SkipLocalsInit]
    public static Vector128<ulong> Finish(
        ref Vector128<ulong> table, Vector128<ulong> hash, ReadOnlySpan<byte> data, Vector128<ulong> block, int extra)
    {
        ref var bytes = ref MemoryMarshal.GetReference(data);
        var whole = data.Length / 16;
        var rest = data.Length % 16;
        var power = whole + (rest + 15) / 16 + extra;
        var sum = new Sum();
        for (var i = 0; i < whole; i++)
        {
            sum.Add(Load(ref bytes, (nuint)i * 16) ^ hash, ref Power(ref table, power--));
            hash = default;
        }

        if (rest != 0)
        {
            Span<byte> padded = stackalloc byte[16];
            padded.Clear();
            data[^rest..].CopyTo(padded);
            sum.Add(Load(ref MemoryMarshal.GetReference(padded), 0) ^ hash, ref Power(ref table, power--));
            hash = default;
        }

        if (extra != 0) sum.Add(block ^ hash, ref table);
        return sum.Reduce();
    }

    /// <summary>An unreduced sum of products.</summary>
    public struct Sum
    {
        private Vector128<ulong> _low;
        private Vector128<ulong> _middle;
        private Vector128<ulong> _high;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector128<ulong> value, ref Vector128<ulong> power)
        {
            var folded = value ^ Sse2.Shuffle(value.AsUInt32(), 0x4E).AsUInt64();
            _low ^= Pclmulqdq.CarrylessMultiply(value, power, 0x00);
            _high ^= Pclmulqdq.CarrylessMultiply(value, power, 0x11);
            _middle ^= Pclmulqdq.CarrylessMultiply(folded, Unsafe.Add(ref power, 1), 0x00);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Vector128<ulong> Reduce() => Ghash.Reduce(_low, _middle, _high);
    }

    /// <summary>The 256-bit product in Karatsuba's three parts, modulo the polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        middle ^= low ^ high;
        low ^= Sse2.ShiftLeftLogical128BitLane(middle, 8);
        high ^= Sse2.ShiftRightLogical128BitLane(middle, 8);
        var polynomial = Vector128.CreateScalar(0xC200000000000000UL);
        low = Sse2.Shuffle(low.AsUInt32(), 0x4E).AsUInt64() ^ Pclmulqdq.CarrylessMultiply(low, polynomial, 0x00);
        low = Sse2.Shuffle(low.AsUInt32(), 0x4E).AsUInt64() ^ Pclmulqdq.CarrylessMultiply(low, polynomial, 0x00);
        return low ^ high;
    }
}
