// RFC 7616 section 3.4 and RFC 8760: response = H( H(A1) ":" nonce [":" nc ":" cnonce ":" qop] ":" H(A2) )
using System.Security.Cryptography;
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>Hash algorithms of digest, the stronger the larger.</summary>
internal enum DigestAlgorithm
{
    Md5,
    Md5Sess,
    Sha256,
    Sha256Sess,
    Sha512T256,
    Sha512T256Sess,
}

internal static class DigestHash
{
    public static bool TryParse(string? name, out DigestAlgorithm algorithm)
    {
        DigestAlgorithm? found = name?.ToUpperInvariant() switch
        {
            null or "" or "MD5" => DigestAlgorithm.Md5,
            "MD5-SESS" => DigestAlgorithm.Md5Sess,
            "SHA-256" => DigestAlgorithm.Sha256,
            "SHA-256-SESS" => DigestAlgorithm.Sha256Sess,
            "SHA-512-256" => DigestAlgorithm.Sha512T256,
            "SHA-512-256-SESS" => DigestAlgorithm.Sha512T256Sess,
            _ => null,
        };
        algorithm = found ?? default;
        return found is not null;
    }

    public static string Name(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Md5 => "MD5",
        DigestAlgorithm.Md5Sess => "MD5-sess",
        DigestAlgorithm.Sha256 => "SHA-256",
        DigestAlgorithm.Sha256Sess => "SHA-256-sess",
        DigestAlgorithm.Sha512T256 => "SHA-512-256",
        _ => "SHA-512-256-sess",
    };

    public static bool IsSession(DigestAlgorithm algorithm) =>
        algorithm is DigestAlgorithm.Md5Sess or DigestAlgorithm.Sha256Sess or DigestAlgorithm.Sha512T256Sess;

    public static string Hash(DigestAlgorithm algorithm, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Convert.ToHexStringLower(algorithm switch
        {
            DigestAlgorithm.Md5 or DigestAlgorithm.Md5Sess => MD5.HashData(bytes),
            DigestAlgorithm.Sha256 or DigestAlgorithm.Sha256Sess => SHA256.HashData(bytes),
            _ => Sha512T256.HashData(bytes),
        });
    }

    /// <summary>The response value; an empty qop gives the RFC 2069 form.</summary>
    public static string Response(DigestAlgorithm algorithm, SipCredentials who, in DigestInput input)
    {
        var a1 = Hash(algorithm, $"{who.UserName}:{input.Realm}:{who.Password}");
        if (IsSession(algorithm)) a1 = Hash(algorithm, $"{a1}:{input.Nonce}:{input.CNonce}");
        var a2 = Hash(algorithm, $"{input.Method}:{input.Uri}");
        return input.Qop.Length == 0
            ? Hash(algorithm, $"{a1}:{input.Nonce}:{a2}")
            : Hash(algorithm, $"{a1}:{input.Nonce}:{input.Nc:x8}:{input.CNonce}:{input.Qop}:{a2}");
    }
}

/// <summary>Everything but the password that goes into a response.</summary>
internal readonly record struct DigestInput(string Realm, string Nonce, string Method, string Uri, string Qop = "", uint Nc = 0, string CNonce = "");
