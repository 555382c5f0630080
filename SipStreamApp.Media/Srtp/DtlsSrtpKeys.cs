// RFC 5764 section 4.2: keying material exported under "EXTRACTOR-dtls_srtp"
//
//  +-------------------+-------------------+--------------------+--------------------+
//  | client write key  | server write key  | client write salt  | server write salt  |
//  +-------------------+-------------------+--------------------+--------------------+
using System.Security.Cryptography;

namespace SipStreamApp.Media.Srtp;

/// <summary>The exporter's output of a DTLS handshake, cut into the two directions.</summary>
internal sealed class DtlsSrtpKeys : IDisposable
{
    /// <summary>The exporter's label.</summary>
    public const string ExporterLabel = "EXTRACTOR-dtls_srtp";

    public SrtpProfile Profile { get; }
    public byte[] ClientKey { get; }
    public byte[] ClientSalt { get; }
    public byte[] ServerKey { get; }
    public byte[] ServerSalt { get; }

    private DtlsSrtpKeys(SrtpProfile profile, ReadOnlySpan<byte> exported)
    {
        var (key, salt) = (profile.KeyLength, profile.SaltLength);
        Profile = profile;
        ClientKey = exported[..key].ToArray();
        ServerKey = exported.Slice(key, key).ToArray();
        ClientSalt = exported.Slice(2 * key, salt).ToArray();
        ServerSalt = exported.Slice(2 * key + salt, salt).ToArray();
    }

    /// <summary>How many bytes to ask the exporter for.</summary>
    public static int ExportLength(SrtpProfile profile) => 2 * (profile.KeyLength + profile.SaltLength);

    /// <summary>Cuts <see cref="ExportLength"/> bytes of exporter output.</summary>
    public static DtlsSrtpKeys Split(SrtpProfile profile, ReadOnlySpan<byte> exported) =>
        exported.Length == ExportLength(profile)
            ? new DtlsSrtpKeys(profile, exported)
            : throw new ArgumentException("Wrong length of keying material", nameof(exported));

    /// <summary>The context for what this end sends.</summary>
    public SrtpSender CreateSender(bool isDtlsServer) =>
        isDtlsServer ? new(Profile, ServerKey, ServerSalt) : new(Profile, ClientKey, ClientSalt);

    /// <summary>The context for what the other end sends.</summary>
    public SrtpReceiver CreateReceiver(bool isDtlsServer) =>
        isDtlsServer ? new(Profile, ClientKey, ClientSalt) : new(Profile, ServerKey, ServerSalt);

    /// <summary>Wipes the master keys.</summary>
    public void Dispose()
    {
        foreach (var key in (ReadOnlySpan<byte[]>)[ClientKey, ClientSalt, ServerKey, ServerSalt])
            CryptographicOperations.ZeroMemory(key);
    }
}
