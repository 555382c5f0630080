// RFC 3711 section 4.1.1 and NIST SP 800-38D section 6.5: AES counter mode, eight blocks in flight
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using AesNi = System.Runtime.Intrinsics.X86.Aes;
using static System.Runtime.Intrinsics.X86.Ssse3;

namespace SipStreamApp.Media.Srtp;

/// <summary>Counter mode by AES-NI. One AESENC takes four cycles but two may start in each, so eight blocks cost what one does.</summary>
internal sealed class CtrAesNi(ReadOnlySpan<byte> key) : CtrCipher
{
    private const int Stride = 128;

    private readonly Vector128<byte>[] _keys = AesNiKey.Expand(key);

    public override void Xor(ulong high, ulong low, ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (output.Length < input.Length) throw new ArgumentException("Output is shorter than input", nameof(output));
        Xor(_keys, Vector128.Create(low, high).AsUInt32(), input, output);
    }

    public override void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_keys.AsSpan()));

    /// <summary>The counter is a block with its bytes reversed; its lowest 32 bits count.</summary>
    [SkipLocalsInit]
    public static void Xor(Vector128<byte>[] keys, Vector128<uint> counter, ReadOnlySpan<byte> input, Span<byte> output)
    {
        ref var source = ref MemoryMarshal.GetReference(input);
        ref var target = ref MemoryMarshal.GetReference(output);
        ref var key = ref MemoryMarshal.GetArrayDataReference(keys);
        var last = keys.Length - 1;
        var length = (nuint)input.Length;
        nuint at = 0;
        for (; length - at >= Stride; at += Stride, counter += Vector128.CreateScalar(8u))
            Eight(ref key, last, counter, ref Unsafe.Add(ref source, at), ref Unsafe.Add(ref target, at));
        if (at == length) return;
        Span<byte> block = stackalloc byte[Stride];
        var rest = (int)(length - at);
        input[^rest..].CopyTo(block);
        ref var padded = ref MemoryMarshal.GetReference(block);
        if (rest > 64) Eight(ref key, last, counter, ref padded, ref padded);
        else Four(ref key, last, counter, ref padded, ref padded);
        block[..rest].CopyTo(output[(int)at..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(ref Vector128<byte> keys, int last, Vector128<uint> counter, ref byte source, ref byte target)
    {
        var order = AesNiKey.Reversal;
        var k = keys;
        var b0 = Shuffle(counter.AsByte(), order) ^ k;
        var b1 = Shuffle((counter + Vector128.CreateScalar(1u)).AsByte(), order) ^ k;
        var b2 = Shuffle((counter + Vector128.CreateScalar(2u)).AsByte(), order) ^ k;
        var b3 = Shuffle((counter + Vector128.CreateScalar(3u)).AsByte(), order) ^ k;
        var b4 = Shuffle((counter + Vector128.CreateScalar(4u)).AsByte(), order) ^ k;
        var b5 = Shuffle((counter + Vector128.CreateScalar(5u)).AsByte(), order) ^ k;
        var b6 = Shuffle((counter + Vector128.CreateScalar(6u)).AsByte(), order) ^ k;
        var b7 = Shuffle((counter + Vector128.CreateScalar(7u)).AsByte(), order) ^ k;
        for (var r = 1; r < last; r++)
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

        // EncryptLast xors its key at the very end, so the data can ride along: one instruction saved per block.
        k = Unsafe.Add(ref keys, last);
        AesNi.EncryptLast(b0, k ^ Vector128.LoadUnsafe(ref source)).StoreUnsafe(ref target);
        AesNi.EncryptLast(b1, k ^ Vector128.LoadUnsafe(ref source, 16)).StoreUnsafe(ref target, 16);
        AesNi.EncryptLast(b2, k ^ Vector128.LoadUnsafe(ref source, 32)).StoreUnsafe(ref target, 32);
        AesNi.EncryptLast(b3, k ^ Vector128.LoadUnsafe(ref source, 48)).StoreUnsafe(ref target, 48);
        AesNi.EncryptLast(b4, k ^ Vector128.LoadUnsafe(ref source, 64)).StoreUnsafe(ref target, 64);
        AesNi.EncryptLast(b5, k ^ Vector128.LoadUnsafe(ref source, 80)).StoreUnsafe(ref target, 80);
        AesNi.EncryptLast(b6, k ^ Vector128.LoadUnsafe(ref source, 96)).StoreUnsafe(ref target, 96);
        AesNi.EncryptLast(b7, k ^ Vector128.LoadUnsafe(ref source, 112)).StoreUnsafe(ref target, 112);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(ref Vector128<byte> keys, int last, Vector128<uint> counter, ref byte source, ref byte target)
    {
        var order = AesNiKey.Reversal;
        var k = keys;
        var b0 = Shuffle(counter.AsByte(), order) ^ k;
        var b1 = Shuffle((counter + Vector128.CreateScalar(1u)).AsByte(), order) ^ k;
        var b2 = Shuffle((counter + Vector128.CreateScalar(2u)).AsByte(), order) ^ k;
        var b3 = Shuffle((counter + Vector128.CreateScalar(3u)).AsByte(), order) ^ k;
        for (var r = 1; r < last; r++)
        {
            k = Unsafe.Add(ref keys, r);
            b0 = AesNi.Encrypt(b0, k);
            b1 = AesNi.Encrypt(b1, k);
            b2 = AesNi.Encrypt(b2, k);
            b3 = AesNi.Encrypt(b3, k);
        }

        k = Unsafe.Add(ref keys, last);
        AesNi.EncryptLast(b0, k ^ Vector128.LoadUnsafe(ref source)).StoreUnsafe(ref target);
        AesNi.EncryptLast(b1, k ^ Vector128.LoadUnsafe(ref source, 16)).StoreUnsafe(ref target, 16);
        AesNi.EncryptLast(b2, k ^ Vector128.LoadUnsafe(ref source, 32)).StoreUnsafe(ref target, 32);
        AesNi.EncryptLast(b3, k ^ Vector128.LoadUnsafe(ref source, 48)).StoreUnsafe(ref target, 48);
    }
}
