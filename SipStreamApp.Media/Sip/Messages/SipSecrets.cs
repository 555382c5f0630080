// RFC 3261 section 22.4: what must not reach a log or a trace view.
using System.Text.RegularExpressions;

namespace SipStreamApp.Media.Sip;

/// <summary>Hides the parts of a message from which a password could be guessed.</summary>
internal static partial class SipSecrets
{
    private const string Masked = "***";

    /// <summary>Masks digest responses (and whole Basic or unknown credentials), passwords in URIs and SDP media keys.</summary>
    public static string Mask(string message)
    {
        var text = Credentials().Replace(message, static m =>
            m.Groups["scheme"].Value.Equals("Digest", StringComparison.OrdinalIgnoreCase)
                ? m.Groups["head"].Value + m.Groups["scheme"].Value + DigestValues().Replace(m.Groups["rest"].Value, "$1" + Masked)
                : m.Groups["head"].Value + m.Groups["scheme"].Value + " " + Masked);
        text = UriPassword().Replace(text, "$1" + Masked + "@");
        return SdpKey().Replace(text, "$1" + Masked);
    }

    [GeneratedRegex(@"(?<head>^(?:Proxy-)?Authorization\s*:\s*)(?<scheme>[^\s,]+)(?<rest>[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"(\b(?:response|cnonce)\s*=\s*)(?:""[^""]*""?|[^,\s]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DigestValues();

    [GeneratedRegex(@"(sips?:[^\s:@<>;]+:)[^\s@<>]+@", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UriPassword();

    [GeneratedRegex(@"(^a=crypto:\S+\s+\S+\s+inline:)[^\s|]+", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex SdpKey();
}
