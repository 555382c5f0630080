// FIPS 197: the AES key schedule, by the AESKEYGENASSIST instruction
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using AesNi = System.Runtime.Intrinsics.X86.Aes;

namespace SipStreamApp.Media.Srtp;

/// <summary>The round keys of AES-128 or AES-256, and one block at a time.</summary>
internal static class AesNiKey
{
    public static bool IsSupported => AesNi.IsSupported && Ssse3.IsSupported && Sse41.IsSupported;

    /// <summary>Reverses the bytes of a block: counters and GHASH count from the other end than the wire.</summary>
    public static Vector128<byte> Reversal
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }

    public static Vector128<byte>[] Expand(ReadOnlySpan<byte> key) => key.Length switch
    {
        16 => Expand128(Vector128.Create(key)),
        32 => Expand256(Vector128.Create(key), Vector128.Create(key[16..])),
        _ => throw new CryptographicException("AES keys have 16 or 32 bytes here"),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Encrypt(ReadOnlySpan<Vector128<byte>> keys, Vector128<byte> block)
    {
        block ^= keys[0];
        for (var i = 1; i < keys.Length - 1; i++) block = AesNi.Encrypt(block, keys[i]);
        return AesNi.EncryptLast(block, keys[^1]);
    }

    private static Vector128<byte>[] Expand128(Vector128<byte> k)
    {
        var keys = new Vector128<byte>[11];
        keys[0] = k;
        keys[1] = k = Mix(k, AesNi.KeygenAssist(k, 0x01), 3);
        keys[2] = k = Mix(k, AesNi.KeygenAssist(k, 0x02), 3);
        keys[3] = k = Mix(k, AesNi.KeygenAssist(k, 0x04), 3);
        keys[4] = k = Mix(k, AesNi.KeygenAssist(k, 0x08), 3);
        keys[5] = k = Mix(k, AesNi.KeygenAssist(k, 0x10), 3);
        keys[6] = k = Mix(k, AesNi.KeygenAssist(k, 0x20), 3);
        keys[7] = k = Mix(k, AesNi.KeygenAssist(k, 0x40), 3);
        keys[8] = k = Mix(k, AesNi.KeygenAssist(k, 0x80), 3);
        keys[9] = k = Mix(k, AesNi.KeygenAssist(k, 0x1B), 3);
        keys[10] = Mix(k, AesNi.KeygenAssist(k, 0x36), 3);
        return keys;
    }

    private static Vector128<byte>[] Expand256(Vector128<byte> a, Vector128<byte> b)
    {
        var keys = new Vector128<byte>[15];
        (keys[0], keys[1]) = (a, b);
        keys[2] = a = Mix(a, AesNi.KeygenAssist(b, 0x01), 3);
        keys[3] = b = Mix(b, AesNi.KeygenAssist(a, 0), 2);
        keys[4] = a = Mix(a, AesNi.KeygenAssist(b, 0x02), 3);
        keys[5] = b = Mix(b, AesNi.KeygenAssist(a, 0), 2);
        keys[6] = a = Mix(a, AesNi.KeygenAssist(b, 0x04), 3);
        keys[7] = b = Mix(b, AesNi.KeygenAssist(a, 0), 2);
        keys[8] = a = Mix(a, AesNi.KeygenAssist(b, 0x08), 3);
        keys[9] = b = Mix(b, AesNi.KeygenAssist(a, 0), 2);
        keys[10] = a = Mix(a, AesNi.KeygenAssist(b, 0x10), 3);
        keys[11] = b = Mix(b, AesNi.KeygenAssist(a, 0), 2);
        keys[12] = a = Mix(a, AesNi.KeygenAssist(b, 0x20), 3);
        keys[13] = b = Mix(b, AesNi.KeygenAssist(a, 0), 2);
        keys[14] = Mix(a, AesNi.KeygenAssist(b, 0x40), 3);
        return keys;
    }

    private static Vector128<byte> Mix(Vector128<byte> key, Vector128<byte> assist, int word)
    {
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 8);
        return key ^ Vector128.Create(assist.AsUInt32().GetElement(word)).AsByte();
    }
}
