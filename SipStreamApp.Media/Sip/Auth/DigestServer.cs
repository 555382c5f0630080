// RFC 3261 section 22.1, RFC 7616 section 3.3: the side that asks. Nonces carry their time and a keyed hash, so none is stored.
using System.Security.Cryptography;
using System.Text;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sip;

internal enum DigestVerdict
{
    /// <summary>No usable credentials: ask.</summary>
    Missing,

    /// <summary>Right password, old nonce: ask again with stale=true.</summary>
    Stale,

    /// <summary>Wrong user, password, method or URI.</summary>
    Wrong,

    Ok,
}

/// <summary>Issues challenges and checks answers.</summary>
/// <param name="realm">Shown to the client; part of the hash.</param>
/// <param name="passwordOf">The password of a user, or null.</param>
/// <param name="random">Where the nonce key comes from.</param>
internal sealed class DigestServer(string realm, Func<string, string?> passwordOf, SipRandom random)
{
    private readonly byte[] _key = NewKey(random);

    /// <summary>How long a nonce is taken.</summary>
    public TimeSpan NonceLife { get; init; } = TimeSpan.FromMinutes(5);

    public DigestAlgorithm Algorithm { get; init; } = DigestAlgorithm.Md5;

    /// <summary>Value of a WWW-Authenticate header.</summary>
    public string Challenge(Instant now, bool stale = false) =>
        $"Digest realm={SipText.Quote(realm)}, nonce=\"{Nonce(now)}\", qop=\"auth\", algorithm={DigestHash.Name(Algorithm)}" + (stale ? ", stale=true" : "");

    public DigestVerdict Verify(SipMessage request, Instant now)
    {
        for (var i = 0; i < request.HeaderCount; i++)
        {
            if (request.HeaderId(i) != SipHeader.Authorization || DigestFields.Parse(request.HeaderValue(i)) is not { } fields) continue;
            if (fields["realm"] == realm) return Check(request.MethodText, fields, now);
        }

        return DigestVerdict.Missing;
    }

    private DigestVerdict Check(string method, DigestFields fields, Instant now)
    {
        var nonce = fields["nonce"];
        if (!TryReadNonce(nonce, out var issued)) return DigestVerdict.Missing;
        if (passwordOf(fields["username"]) is not { } password) return DigestVerdict.Wrong;
        if (!uint.TryParse(fields["nc"], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var nc) || fields["qop"] != "auth") return DigestVerdict.Wrong;
        var input = new DigestInput(realm, nonce, method, fields["uri"], "auth", nc, fields["cnonce"]);
        var expected = DigestHash.Response(Algorithm, new SipCredentials(fields["username"], password), input);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.UTF8.GetBytes(fields["response"]))) return DigestVerdict.Wrong;
        return now - issued > NonceLife ? DigestVerdict.Stale : DigestVerdict.Ok;
    }

    private string Nonce(Instant at)
    {
        var time = at.Ticks.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        return time + Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(time)).AsSpan(0, 12));
    }

    private bool TryReadNonce(string nonce, out Instant issued)
    {
        issued = default;
        if (nonce.Length < 16 || !long.TryParse(nonce.AsSpan(0, 16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var ticks)) return false;
        issued = new Instant(ticks);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Nonce(issued)), Encoding.UTF8.GetBytes(nonce));
    }

    private static byte[] NewKey(SipRandom random)
    {
        var key = new byte[32];
        random.Fill(key);
        return key;
    }
}
