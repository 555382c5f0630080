// RFC 8122 section 5: fingerprint:<hash> <AA:BB:...>; RFC 4145 section 4 and RFC 8842 section 5: setup.
namespace SipStreamApp.Media.Sdp;

/// <summary>Hash of a certificate; algorithm in lower case, value in upper-case hex with colons.</summary>
internal readonly record struct DtlsFingerprint(string Algorithm, string Value)
{
    public static DtlsFingerprint Sha256(ReadOnlySpan<byte> hash) => new("sha-256", string.Join(':', Convert.ToHexString(hash).Chunk(2).Select(p => new string(p))));

    public static bool TryParse(ReadOnlySpan<char> text, out DtlsFingerprint fingerprint)
    {
        fingerprint = default;
        var rest = text.Trim();
        var algorithm = SdpText.Token(ref rest).ToString().ToLowerInvariant();
        var value = SdpText.Token(ref rest).ToString().ToUpperInvariant();
        var length = algorithm switch
        {
            "sha-1" => 20,
            "sha-224" => 28,
            "sha-256" => 32,
            "sha-384" => 48,
            "sha-512" => 64,
            _ => 0,
        };
        if (length == 0 || value.Length != length * 3 - 1) return false;
        for (var i = 0; i < value.Length; i++)
            if (i % 3 == 2 ? value[i] != ':' : !char.IsAsciiHexDigit(value[i])) return false;
        fingerprint = new(algorithm, value);
        return true;
    }

    public byte[] ToBytes() => Convert.FromHexString(Value.Replace(":", "", StringComparison.Ordinal));

    public override string ToString() => $"{Algorithm} {Value}";
}

/// <summary>Who opens the DTLS connection.</summary>
internal enum DtlsSetup
{
    /// <summary>Not said.</summary>
    None,

    /// <summary>Either; the answerer decides.</summary>
    ActPass,

    /// <summary>The writer opens it.</summary>
    Active,

    /// <summary>The writer waits.</summary>
    Passive,

    /// <summary>Not now.</summary>
    HoldConn,
}
