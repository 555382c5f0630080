// NIST SP 800-38D: Galois/Counter Mode with a 96-bit IV and a 128-bit tag
namespace SipStreamApp.Media.Srtp;

/// <summary>A 96-bit IV as two big-endian numbers.</summary>
internal readonly record struct GcmIv(ulong High, uint Low);

/// <summary>AES-GCM under one key.</summary>
internal abstract class GcmCipher : IDisposable
{
    /// <summary>Encrypts; input and output may be the same memory but must not overlap otherwise.</summary>
    public abstract void Seal(GcmIv iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plain, Span<byte> cipher, Span<byte> tag);

    /// <summary>Decrypts and checks. Where the tag does not fit, memory that is both input and output holds the ciphertext again.</summary>
    public abstract bool Open(GcmIv iv, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> cipher, Span<byte> plain, ReadOnlySpan<byte> tag);

    public abstract void Dispose();

    public static GcmCipher Create(ReadOnlySpan<byte> key, SrtpEngine engine) =>
        engine == SrtpEngine.Automatic && GcmAesNi.IsSupported ? new GcmAesNi(key) : new GcmPortable(key);
}
