// RFC 3711 section 4.3: key derivation, with key_derivation_rate 0; RFC 7714 section 11 for the AEAD profiles.
using System.Security.Cryptography;

namespace SipStreamApp.Media.Srtp;

/// <summary>The six session keys of one direction, derived once from the master key and salt.</summary>
internal sealed class SrtpSessionKeys : IDisposable
{
    private const int AuthenticationKeyLength = 20;

    public byte[] RtpKey { get; }
    public byte[] RtpAuthentication { get; }
    public byte[] RtpSalt { get; }
    public byte[] RtcpKey { get; }
    public byte[] RtcpAuthentication { get; }
    public byte[] RtcpSalt { get; }

    public SrtpSessionKeys(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        if (!SrtpProfiles.Preference.Contains(profile)) throw new ArgumentOutOfRangeException(nameof(profile), profile, null);
        if (masterKey.Length != profile.KeyLength) throw new ArgumentException("Wrong master key length", nameof(masterKey));
        if (masterSalt.Length != profile.SaltLength) throw new ArgumentException("Wrong master salt length", nameof(masterSalt));
        var authentication = profile.IsAead ? 0 : AuthenticationKeyLength;
        RtpKey = Derive(masterKey, masterSalt, 0, profile.KeyLength);
        RtpAuthentication = Derive(masterKey, masterSalt, 1, authentication);
        RtpSalt = Derive(masterKey, masterSalt, 2, profile.SaltLength);
        RtcpKey = Derive(masterKey, masterSalt, 3, profile.KeyLength);
        RtcpAuthentication = Derive(masterKey, masterSalt, 4, authentication);
        RtcpSalt = Derive(masterKey, masterSalt, 5, profile.SaltLength);
    }

    /// <summary>The AES-CM pseudo-random function over <c>label</c> (RFC 3711 section 4.3.3). A 96-bit salt counts as left-aligned in 112 bits.</summary>
    public static byte[] Derive(ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, byte label, int length)
    {
        var blocks = (length + 15) / 16;
        var counters = new byte[blocks * 16];
        for (var i = 0; i < blocks; i++)
        {
            var block = counters.AsSpan(i * 16, 16);
            masterSalt.CopyTo(block);
            block[7] ^= label;
            block[14] = (byte)(i >> 8);
            block[15] = (byte)i;
        }

        using var aes = Aes.Create();
        aes.SetKey(masterKey);
        aes.EncryptEcb(counters, counters, PaddingMode.None);
        var derived = counters.AsSpan(0, length).ToArray();
        CryptographicOperations.ZeroMemory(counters);
        return derived;
    }

    /// <summary>Wipes the keys; the ciphers made from them keep their own schedules.</summary>
    public void Dispose()
    {
        foreach (var key in (ReadOnlySpan<byte[]>)[RtpKey, RtpAuthentication, RtpSalt, RtcpKey, RtcpAuthentication, RtcpSalt])
            CryptographicOperations.ZeroMemory(key);
    }
}
