// RFC 3711 section 4.1.1: AES in counter mode
namespace SipStreamApp.Media.Srtp;

/// <summary>AES counter mode under one key.</summary>
internal abstract class CtrCipher : IDisposable
{
    /// <summary>The longest run under one IV: the block counter has 16 bits.</summary>
    public const int MaxLength = 0x10000 * 16;

    /// <summary>Xors the key stream that starts at the block (<paramref name="high"/>, <paramref name="low"/>); input may be output.</summary>
    public abstract void Xor(ulong high, ulong low, ReadOnlySpan<byte> input, Span<byte> output);

    public abstract void Dispose();

    public static CtrCipher Create(ReadOnlySpan<byte> key, SrtpEngine engine) =>
        engine == SrtpEngine.Automatic && AesNiKey.IsSupported ? new CtrAesNi(key) : new CtrPortable(key);
}
