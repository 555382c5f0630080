// NIST SP 800-38D section 6.4: GHASH two blocks at a time, by VPCLMULQDQ
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SipStreamApp.Media.Srtp;

/// <summary>An unreduced sum of products over 256-bit registers; the halves are added at the end.</summary>
internal struct GhashWide
{
    private Vector256<ulong> _low;
    private Vector256<ulong> _middle;
    private Vector256<ulong> _high;

    public static bool IsSupported => Pclmulqdq.V256.IsSupported && Avx2.IsSupported;

    /// <summary>For blocks 0 and 1, 2 and 3, and so on of eight: their powers side by side, each pair followed by its middle factors.</summary>
    public static Vector256<ulong>[] Table(ReadOnlySpan<Vector128<ulong>> powers)
    {
        var table = new Vector256<ulong>[8];
        for (var pair = 0; pair < 4; pair++)
        {
            var first = 2 * (7 - 2 * pair);
            table[2 * pair] = Vector256.Create(powers[first], powers[first - 2]);
            table[2 * pair + 1] = Vector256.Create(powers[first + 1], powers[first - 1]);
        }

        return table;
    }

    /// <summary>Adds the two blocks at <paramref name="at"/>; <paramref name="carried"/> joins the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref byte data, nuint at, Vector128<ulong> carried, ref Vector256<ulong> powers)
    {
        var order = Vector256.Create(AesNiKey.Reversal, AesNiKey.Reversal);
        var value = Avx2.Shuffle(Vector256.LoadUnsafe(ref data, at), order).AsUInt64() ^ carried.ToVector256();
        var folded = value ^ Avx2.Shuffle(value.AsUInt32(), 0x4E).AsUInt64();
        _low ^= Pclmulqdq.V256.CarrylessMultiply(value, powers, 0x00);
        _high ^= Pclmulqdq.V256.CarrylessMultiply(value, powers, 0x11);
        _middle ^= Pclmulqdq.V256.CarrylessMultiply(folded, Unsafe.Add(ref powers, 1), 0x00);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Vector128<ulong> Reduce() => Ghash.Reduce(
        _low.GetLower() ^ _low.GetUpper(), _middle.GetLower() ^ _middle.GetUpper(), _high.GetLower() ^ _high.GetUpper());
}
