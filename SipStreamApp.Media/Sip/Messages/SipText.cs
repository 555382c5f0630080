// RFC 3261 section 25.1: character classes, white space and quoted strings of the grammar.
using System.Buffers;
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>Small scanners over bytes of a message. None allocates unless it returns a string.</summary>
internal static class SipText
{
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~"u8);

    private static readonly SearchValues<byte> LwsBytes = SearchValues.Create(" \t\r\n"u8);

    public static bool IsToken(ReadOnlySpan<byte> s) => !s.IsEmpty && !s.ContainsAnyExcept(TokenBytes);

    // A header value was cut out at its end of line already, so a line break inside it can only be folding.
    public static bool IsLws(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    public static bool HasLws(ReadOnlySpan<byte> s) => s.ContainsAny(LwsBytes);

    public static ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> s)
    {
        var i = 0;
        while (i < s.Length && IsLws(s[i])) i++;
        return s[i..];
    }

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> s)
    {
        s = TrimStart(s);
        var end = s.Length;
        while (end > 0 && IsLws(s[end - 1])) end--;
        return s[..end];
    }

    public static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> lowerOrAnyCase) => Ascii.EqualsIgnoreCase(a, lowerOrAnyCase);

    /// <summary>Digits only, nothing else; false for more than <paramref name="max"/>.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> s, uint max, out uint value)
    {
        value = 0;
        if (s.IsEmpty) return false;
        ulong n = 0;
        foreach (var b in s)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            n = n * 10 + (uint)(b - '0');
            if (n > max) return false;
        }

        value = (uint)n;
        return true;
    }

    /// <summary>Index of the closing quote of a quoted string that starts at 0, or -1.</summary>
    public static int EndOfQuoted(ReadOnlySpan<byte> s)
    {
        for (var i = 1; i < s.Length; i++)
        {
            if (s[i] == '\\') i++;
            else if (s[i] == '"') return i;
        }

        return -1;
    }

    /// <summary>Index of the first <paramref name="delimiter"/> outside quotes and angle brackets, or the length; -1 where a quote is not closed.</summary>
    public static int FindOutsideQuotes(ReadOnlySpan<byte> s, byte delimiter)
    {
        var at = 0;
        while (at < s.Length)
        {
            var hit = s[at..].IndexOfAny(delimiter, (byte)'"', (byte)'<');
            if (hit < 0) break;
            at += hit;
            if (s[at] == delimiter) return at;
            var end = s[at] == '"' ? EndOfQuoted(s[at..]) : s[at..].IndexOf((byte)'>');
            if (end < 0) return s[at] == '"' ? -1 : s.Length;
            at += end + 1;
        }

        return s.Length;
    }

    /// <summary>Takes the next value of a comma-separated list; false at its end. Empty elements are skipped.</summary>
    public static bool NextListItem(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> item)
    {
        while (!rest.IsEmpty)
        {
            var end = FindOutsideQuotes(rest, (byte)',');
            if (end < 0) end = rest.Length;
            item = Trim(rest[..end]);
            rest = end < rest.Length ? rest[(end + 1)..] : default;
            if (!item.IsEmpty) return true;
        }

        item = default;
        return false;
    }

    /// <summary>The value as text with folding undone (RFC 3261 section 7.3.1).</summary>
    public static string ToText(ReadOnlySpan<byte> s)
    {
        if (s.IndexOfAny((byte)'\r', (byte)'\n') < 0) return Encoding.UTF8.GetString(s);
        var copy = new byte[s.Length];
        return Encoding.UTF8.GetString(copy, 0, Unfold(s, copy));
    }

    /// <summary>Copies <paramref name="s"/> with every run of white space around a line break as one space; returns the length.</summary>
    public static int Unfold(ReadOnlySpan<byte> s, Span<byte> target)
    {
        var n = 0;
        for (var i = 0; i < s.Length; i++)
        {
            if (s[i] is not ((byte)'\r' or (byte)'\n'))
            {
                target[n++] = s[i];
                continue;
            }

            while (n > 0 && target[n - 1] is (byte)' ' or (byte)'\t') n--;
            while (i + 1 < s.Length && IsLws(s[i + 1])) i++;
            target[n++] = (byte)' ';
        }

        return n;
    }

    /// <summary>Removes the quotes and escapes of a quoted string; other text is returned as it is.</summary>
    public static string Unquote(string s)
    {
        if (s.Length < 2 || s[0] != '"' || s[^1] != '"') return s;
        var inner = s[1..^1];
        if (!inner.Contains('\\')) return inner;
        var text = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == '\\' && i + 1 < inner.Length) i++;
            text.Append(inner[i]);
        }

        return text.ToString();
    }

    /// <summary>Puts text in quotes, escaping what must be; line breaks become spaces.</summary>
    public static string Quote(string s)
    {
        var text = new StringBuilder(s.Length + 2).Append('"');
        foreach (var c in s)
        {
            if (c is '"' or '\\') text.Append('\\');
            text.Append(char.IsControl(c) ? ' ' : c);
        }

        return text.Append('"').ToString();
    }
}
