// RFC 2104 with SHA-1, as RFC 3711 section 4.2.1 uses it
namespace SipStreamApp.Media.Srtp;

/// <summary>HMAC-SHA1 under one key; the key's two blocks are hashed once, not per packet.</summary>
internal abstract class HmacSha1 : IDisposable
{
    /// <summary>The 20-byte code over <paramref name="data"/> and then <paramref name="word"/> in network order.</summary>
    public abstract void Compute(ReadOnlySpan<byte> data, uint word, Span<byte> mac);

    public abstract void Dispose();

    public static HmacSha1 Create(ReadOnlySpan<byte> key, SrtpEngine engine) =>
        engine == SrtpEngine.Automatic && HmacLibcrypto.IsSupported ? new HmacLibcrypto(key) : new HmacPortable(key);
}
