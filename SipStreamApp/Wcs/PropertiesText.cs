using System.Globalization;
using System.Text;

namespace SipStreamApp.Wcs;

/// <summary>One setting of a properties file.</summary>
/// <param name="Key">As written.</param>
/// <param name="Value">Without the blanks around it; may be empty.</param>
internal sealed record PropertyLine(string Key, string Value);

/// <summary>
/// Reads the text of a Java properties file: <c>key=value</c>, <c>key: value</c> or <c>key value</c>, comments by # and !, a backslash at the end of a line goes
/// on in the next, <c>\uXXXX</c>. No sections. Never throws: a line that makes no sense is a key without a value.
/// </summary>
internal static class PropertiesText
{
    public static IReadOnlyList<PropertyLine> Read(string text)
    {
        var found = new List<PropertyLine>();
        var whole = new StringBuilder();
        foreach (var raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            var line = raw.Trim('\r').TrimStart();
            if (whole.Length == 0 && (line.Length == 0 || line[0] is '#' or '!')) continue;
            var slashes = line.Length - line.TrimEnd('\\').Length;
            if (slashes % 2 == 1)
            {
                whole.Append(line, 0, line.Length - 1);
                continue;
            }

            found.Add(Split(whole.Append(line).ToString()));
            whole.Clear();
        }

        if (whole.Length > 0) found.Add(Split(whole.ToString()));
        return found;
    }

    private static PropertyLine Split(string line)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':') && !char.IsWhiteSpace(line[end])) end += line[end] == '\\' ? 2 : 1;
        end = Math.Min(end, line.Length);
        var rest = line[end..].TrimStart();
        if (rest is ['=' or ':', ..]) rest = rest[1..];
        return new(Unescape(line[..end]), Unescape(rest.Trim()));
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u' && i + 5 <= text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                i += 4;
            }
            else
            {
                plain.Append(text[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', var other => other });
            }
        }

        return plain.ToString();
    }
}
