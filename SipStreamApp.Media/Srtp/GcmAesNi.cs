// NIST SP 800-38D: GCM by AES-NI and PCLMULQDQ
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using AesNi = System.Runtime.Intrinsics.X86.Aes;

namespace SipStreamApp.Media.Srtp;

/// <summary>AES-GCM with eight blocks in flight; the hash of one run of 128 bytes is computed beside the encryption of another.</summary>
internal sealed class GcmAesNi : GcmCipher
{
    private const int Stride = 128;

    private readonly Vector128<byte>[] _keys;
    private readonly Vector128<ulong>[] _powers;
    private readonly Vector256<ulong>[] _wide;

    public GcmAesNi(ReadOnlySpan<byte> key)
    {
        _keys = AesNiKey.Expand(key);
        _powers = Ghash.Table(AesNiKey.Encrypt(_keys, default));
        _wide = GhashWide.Table(_powers);
    }

    public static bool IsSupported => AesNiKey.IsSupported && Pclmulqdq.IsSupported;

    public override void Seal(GcmIv iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag)
    {
        if (cipher.Length < plain.Length || tag.Length != 16) throw new ArgumentException("Wrong output length", nameof(cipher));
        ref var powers = ref MemoryMarshal.GetArrayDataReference(_powers);
        var counter = Counter(iv);
        var mask = AesNiKey.Encrypt(_keys, Ssse3.Shuffle(counter.AsByte(), AesNiKey.Reversal));
        var hash = Ghash.Update(ref powers, default, aad);
        counter += Vector128.CreateScalar(1u);
        var whole = plain.Length & -Stride;
        if (whole != 0)
        {
            // The hash runs one stride behind, since it needs what the encryption has written.
            CtrAesNi.Xor(_keys, counter, plain[..Stride], cipher);
            counter += Vector128.CreateScalar(8u);
            hash = Both(counter, plain[Stride..whole], cipher[Stride..], cipher, hash);
            counter += Vector128.CreateScalar((uint)(whole - Stride) / 16);
            hash = Ghash.Finish(ref powers, hash, cipher.Slice(whole - Stride, Stride), default, 0);
        }

        var tail = cipher[whole..plain.Length];
        CtrAesNi.Xor(_keys, counter, plain[whole..], tail);
        hash = Ghash.Finish(ref powers, hash, tail, Lengths(aad.Length, plain.Length), 1);
        (Ssse3.Shuffle(hash.AsByte(), AesNiKey.Reversal) ^ mask).CopyTo(tag);
    }

    public override bool Open(GcmIv iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> cipher, Span<byte> plain, ReadOnlySpan<byte> tag)
    {
        if (plain.Length < cipher.Length || tag.Length != 16) throw new ArgumentException("Wrong output length", nameof(plain));
        ref var powers = ref MemoryMarshal.GetArrayDataReference(_powers);
        var first = Counter(iv);
        var mask = AesNiKey.Encrypt(_keys, Ssse3.Shuffle(first.AsByte(), AesNiKey.Reversal));
        var hash = Ghash.Update(ref powers, default, aad);
        first += Vector128.CreateScalar(1u);
        var whole = cipher.Length & -Stride;
        hash = Both(first, cipher[..whole], plain, cipher, hash);
        var rest = cipher[whole..];
        hash = Ghash.Finish(ref powers, hash, rest, Lengths(aad.Length, cipher.Length), 1);
        CtrAesNi.Xor(_keys, first + Vector128.CreateScalar((uint)whole / 16), rest, plain[whole..]);
        // Compared without a branch on where the first difference lies.
        var difference = Ssse3.Shuffle(hash.AsByte(), AesNiKey.Reversal) ^ mask ^ Vector128.Create(tag);
        if (difference == Vector128<byte>.Zero) return true;
        plain = plain[..cipher.Length];
        CtrAesNi.Xor(_keys, first, plain, plain);
        return false;
    }

    public override void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_keys.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_powers.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_wide.AsSpan()));
    }

    private static Vector128<uint> Counter(GcmIv iv) => Vector128.Create((ulong)iv.Low << 32 | 1, iv.High).AsUInt32();

    private static Vector128<ulong> Lengths(int aad, int text) => Vector128.Create((ulong)text * 8, (ulong)aad * 8);

    /// <summary>Encrypts whole strides of <paramref name="input"/> and hashes as many bytes of <paramref name="hashed"/>.</summary>
    private Vector128<ulong> Both(
        Vector128<uint> counter, ReadOnlySpan<byte> input, Span<byte> output, ReadOnlySpan<byte> hashed, Vector128<ulong> hash)
    {
        ref var source = ref MemoryMarshal.GetReference(input);
        ref var target = ref MemoryMarshal.GetReference(output);
        ref var behind = ref MemoryMarshal.GetReference(hashed);
        ref var keys = ref MemoryMarshal.GetArrayDataReference(_keys);
        ref var powers = ref MemoryMarshal.GetArrayDataReference(_powers);
        ref var wides = ref MemoryMarshal.GetArrayDataReference(_wide);
        var last = _keys.Length - 1;
        var order = AesNiKey.Reversal;
        var end = (nuint)input.Length;
        for (nuint at = 0; at < end; at += Stride)
        {
            var k = keys;
            var b0 = Ssse3.Shuffle(counter.AsByte(), order) ^ k;
            var b1 = Ssse3.Shuffle((counter + Vector128.CreateScalar(1u)).AsByte(), order) ^ k;
            var b2 = Ssse3.Shuffle((counter + Vector128.CreateScalar(2u)).AsByte(), order) ^ k;
            var b3 = Ssse3.Shuffle((counter + Vector128.CreateScalar(3u)).AsByte(), order) ^ k;
            var b4 = Ssse3.Shuffle((counter + Vector128.CreateScalar(4u)).AsByte(), order) ^ k;
            var b5 = Ssse3.Shuffle((counter + Vector128.CreateScalar(5u)).AsByte(), order) ^ k;
            var b6 = Ssse3.Shuffle((counter + Vector128.CreateScalar(6u)).AsByte(), order) ^ k;
            var b7 = Ssse3.Shuffle((counter + Vector128.CreateScalar(7u)).AsByte(), order) ^ k;
            counter += Vector128.CreateScalar(8u);
            var sum = new Ghash.Sum();
            var wide = new GhashWide();
            var carried = hash;
            for (nuint pair = 0; pair < 4; pair++)
            {
                k = Unsafe.Add(ref keys, 2 * pair + 1);
                b0 = AesNi.Encrypt(b0, k);
                b1 = AesNi.Encrypt(b1, k);
                b2 = AesNi.Encrypt(b2, k);
                b3 = AesNi.Encrypt(b3, k);
                b4 = AesNi.Encrypt(b4, k);
                b5 = AesNi.Encrypt(b5, k);
                b6 = AesNi.Encrypt(b6, k);
                b7 = AesNi.Encrypt(b7, k);
                if (GhashWide.IsSupported) wide.Add(ref behind, at + pair * 32, carried, ref Unsafe.Add(ref wides, 2 * pair));
                else sum.Add(Ghash.Load(ref behind, at + pair * 32) ^ carried, ref Unsafe.Add(ref powers, 14 - 4 * (int)pair));
                carried = default;
                k = Unsafe.Add(ref keys, 2 * pair + 2);
                b0 = AesNi.Encrypt(b0, k);
                b1 = AesNi.Encrypt(b1, k);
                b2 = AesNi.Encrypt(b2, k);
                b3 = AesNi.Encrypt(b3, k);
                b4 = AesNi.Encrypt(b4, k);
                b5 = AesNi.Encrypt(b5, k);
                b6 = AesNi.Encrypt(b6, k);
                b7 = AesNi.Encrypt(b7, k);
                if (!GhashWide.IsSupported)
                    sum.Add(Ghash.Load(ref behind, at + pair * 32 + 16), ref Unsafe.Add(ref powers, 12 - 4 * (int)pair));
            }

            for (var r = 9; r < last; r++)
            {
                k = Unsafe.Add(ref keys, r);
                b0 = AesNi.Encrypt(b0, k);
                b1 = AesNi.Encrypt(b1, k);
                b2 = AesNi.Encrypt(b2, k);
                b3 = AesNi.Encrypt(b3, k);
                b4 = AesNi.Encrypt(b4, k);
                b5 = AesNi.Encrypt(b5, k);
                b6 = AesNi.Encrypt(b6, k);
                b7 = AesNi.Encrypt(b7, k);
            }

            hash = GhashWide.IsSupported ? wide.Reduce() : sum.Reduce();
            k = Unsafe.Add(ref keys, last);
            AesNi.EncryptLast(b0, k ^ Vector128.LoadUnsafe(ref source, at)).StoreUnsafe(ref target, at);
            AesNi.EncryptLast(b1, k ^ Vector128.LoadUnsafe(ref source, at + 16)).StoreUnsafe(ref target, at + 16);
            AesNi.EncryptLast(b2, k ^ Vector128.LoadUnsafe(ref source, at + 32)).StoreUnsafe(ref target, at + 32);
            AesNi.EncryptLast(b3, k ^ Vector128.LoadUnsafe(ref source, at + 48)).StoreUnsafe(ref target, at + 48);
            AesNi.EncryptLast(b4, k ^ Vector128.LoadUnsafe(ref source, at + 64)).StoreUnsafe(ref target, at + 64);
            AesNi.EncryptLast(b5, k ^ Vector128.LoadUnsafe(ref source, at + 80)).StoreUnsafe(ref target, at + 80);
            AesNi.EncryptLast(b6, k ^ Vector128.LoadUnsafe(ref source, at + 96)).StoreUnsafe(ref target, at + 96);
            AesNi.EncryptLast(b7, k ^ Vector128.LoadUnsafe(ref source, at + 112)).StoreUnsafe(ref target, at + 112);
        }

        return hash;
    }
}
