using SipStreamApp.Security.Modes;

namespace SipStreamApp.Hosting;

/// <summary>The web pages that may use the API from a browser (Cors:Origins).</summary>
internal sealed class OriginRule
{
    private readonly HashSet<string> _origins = new(StringComparer.OrdinalIgnoreCase);
    private bool _all;
    private bool _loopback;

    private OriginRule()
    {
    }

    /// <summary>Reads "loopback", "*" or a list of origins; false with the entry that is none of these.</summary>
    public static bool TryParse(IEnumerable<string> entries, out OriginRule rule, out string? wrong)
    {
        rule = new OriginRule();
        wrong = null;
        foreach (var entry in entries.SelectMany(e => e.Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries)))
        {
            if (entry == "*") rule._all = true;
            else if (entry.Equals("loopback", StringComparison.OrdinalIgnoreCase)) rule._loopback = true;
            else if (TryNormalise(entry, out var origin)) rule._origins.Add(origin);
            else
            {
                wrong = entry;
                return false;
            }
        }

        rule._loopback |= !rule._all && rule._origins.Count == 0;
        return true;
    }

    /// <summary>True where a page of that origin may call us. "null" (sandboxed frames, files) passes by "*" only.</summary>
    public bool Allows(string origin) =>
        _all || (TryNormalise(origin, out var normal) && (_origins.Contains(normal) || (_loopback && IsLoopback(normal))));

    /// <summary>The same rule for frames: sources of the CSP directive frame-ancestors (CSP Level 3, section 6.4.2).</summary>
    public string FrameAncestors => _all ? "*" : string.Join(' ', [
        "'self'", .. _origins.Order(StringComparer.Ordinal), .. _loopback ? (string[])["http://localhost:*", "https://localhost:*", "http://127.0.0.1:*", "https://127.0.0.1:*"] : []]);

    private static bool IsLoopback(string origin) => LoopbackNames.Contains(new Uri(origin).Host);

    private static bool TryNormalise(string text, out string origin)
    {
        origin = "";
        // Browsers write the ASCII form of names; some others make Uri throw when it is asked for theirs (found by the fuzz target "headers").
        if (!System.Text.Ascii.IsValid(text)) return false;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return false;
        if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0) return false;
        origin = uri.GetLeftPart(UriPartial.Authority);
        return true;
    }
}
