using System.Globalization;
using System.Net;

namespace SipStreamApp.Media.Sdp;

/// <summary>Small readers over text; none of them throws.</summary>
internal static class SdpText
{
    /// <summary>Takes the next word off <paramref name="rest"/>; empty at the end.</summary>
    public static ReadOnlySpan<char> Token(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(" \t");
        var end = rest.IndexOfAny(' ', '\t');
        var token = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return token;
    }

    /// <summary>Plain digits within a range; no sign, no spaces.</summary>
    public static bool Int(ReadOnlySpan<char> text, int min, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;

    public static bool UInt(ReadOnlySpan<char> text, out uint value) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>An IPv4 address in four parts or an IPv6 address; null otherwise (IPAddress alone takes "1" and "0x7f.1" too).</summary>
    public static IPAddress? Ip(string text)
    {
        var dots = 0;
        var colon = false;
        foreach (var c in text)
        {
            if (c == '.') dots++;
            else if (c == ':') colon = true;
            else if (!char.IsAsciiHexDigit(c)) return null;
        }

        return (colon || dots == 3) && IPAddress.TryParse(text, out var ip) ? ip : null;
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
