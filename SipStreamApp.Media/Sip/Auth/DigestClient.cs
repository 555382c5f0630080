// RFC 3261 section 22.2-22.3, RFC 8760 section 2: answering the challenges of a server and of any number of proxies.
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>Challenges seen so far, one per realm, and the running nonce counts. Kept by a call or a registration for its whole life.</summary>
internal sealed class DigestClient(SipCredentials? credentials, SipRandom random)
{
    private const int MaxRealms = 8;

    private readonly List<Entry> _entries = [];

    /// <summary>A new request starts: what was learned is used at once, and each realm may challenge it once more.</summary>
    public void BeginRequest()
    {
        foreach (var entry in _entries) entry.ChallengedNow = false;
    }

    /// <summary>Takes in the challenges of a 401 or 407. True where the request is worth sending again.</summary>
    public bool Absorb(SipMessage response)
    {
        if (credentials is null) return false;
        var header = response.StatusCode == 407 ? SipHeader.ProxyAuthenticate : SipHeader.WwwAuthenticate;
        var strongest = new Dictionary<string, (DigestFields Fields, DigestAlgorithm Algorithm)>();
        for (var i = 0; i < response.HeaderCount; i++)
        {
            if (response.HeaderId(i) != header || DigestFields.Parse(response.HeaderValue(i)) is not { } fields) continue;
            if (!DigestHash.TryParse(fields["algorithm"], out var algorithm) || fields["nonce"].Length == 0) continue;
            // Only qop=auth and the form without qop are answered; auth-int alone is not.
            if (fields.Has("qop") && !fields.OffersAuth()) continue;
            var realm = fields["realm"];
            if (!strongest.TryGetValue(realm, out var known) || known.Algorithm < algorithm) strongest[realm] = (fields, algorithm);
        }

        var useful = false;
        foreach (var (realm, (fields, algorithm)) in strongest) useful |= Accept(realm, response.StatusCode == 407, fields, algorithm);
        return useful;
    }

    /// <summary>Writes one credentials header for every realm known.</summary>
    public void Write(SipWriter writer, string method, string uri)
    {
        foreach (var entry in _entries)
            writer.Header(entry.IsProxy ? SipHeader.ProxyAuthorization : SipHeader.Authorization, Credentials(entry, method, uri));
    }

    private bool Accept(string realm, bool isProxy, DigestFields fields, DigestAlgorithm algorithm)
    {
        var entry = _entries.Find(e => e.Realm == realm && e.IsProxy == isProxy);
        var stale = fields["stale"].Equals("true", StringComparison.OrdinalIgnoreCase);
        // Asked twice in one request without "stale": the password is wrong. A stale nonce that comes back unchanged would loop.
        if (entry is { ChallengedNow: true } && (!stale || entry.Nonce == fields["nonce"])) return false;
        if (entry is null)
        {
            if (_entries.Count >= MaxRealms) return false;
            _entries.Add(entry = new Entry(realm, isProxy));
        }

        entry.ChallengedNow = true;
        if (entry.Nonce != fields["nonce"]) entry.Nc = 0;
        (entry.Nonce, entry.Opaque, entry.Algorithm, entry.AlgorithmText) = (fields["nonce"], fields.Has("opaque") ? fields["opaque"] : null, algorithm, fields["algorithm"]);
        entry.HasQop = fields.Has("qop");
        return true;
    }

    private string Credentials(Entry entry, string method, string uri)
    {
        var qop = entry.HasQop ? "auth" : "";
        var session = DigestHash.IsSession(entry.Algorithm);
        var cnonce = entry.HasQop || session ? random.Token(8) : "";
        if (entry.HasQop) entry.Nc++;
        var input = new DigestInput(entry.Realm, entry.Nonce, method, uri, qop, entry.Nc, cnonce);
        var response = DigestHash.Response(entry.Algorithm, credentials!, input);
        var text = new StringBuilder("Digest username=").Append(SipText.Quote(credentials!.UserName))
            .Append(", realm=").Append(SipText.Quote(entry.Realm))
            .Append(", nonce=").Append(SipText.Quote(entry.Nonce))
            .Append(", uri=\"").Append(uri).Append("\", response=\"").Append(response).Append('"');
        if (entry.AlgorithmText.Length > 0) text.Append(", algorithm=").Append(DigestHash.Name(entry.Algorithm));
        if (cnonce.Length > 0) text.Append(", cnonce=\"").Append(cnonce).Append('"');
        if (entry.HasQop) text.Append(System.Globalization.CultureInfo.InvariantCulture, $", qop=auth, nc={entry.Nc:x8}");
        if (entry.Opaque is not null) text.Append(", opaque=").Append(SipText.Quote(entry.Opaque));
        return text.ToString();
    }

    private sealed class Entry(string realm, bool isProxy)
    {
        public string Realm { get; } = realm;
        public bool IsProxy { get; } = isProxy;
        public string Nonce { get; set; } = "";
        public string? Opaque { get; set; }
        public DigestAlgorithm Algorithm { get; set; }
        public string AlgorithmText { get; set; } = "";
        public bool HasQop { get; set; }
        public uint Nc { get; set; }
        public bool ChallengedNow { get; set; }
    }
}
