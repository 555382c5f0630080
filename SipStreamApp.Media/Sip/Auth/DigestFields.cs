// RFC 3261 section 25.1: Digest name=value, name="value", ... in challenges and credentials.
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>The fields behind the scheme of an authentication header.</summary>
internal sealed class DigestFields
{
    private const int MaxFields = 32;

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    public string this[string name] => _fields.GetValueOrDefault(name, "");

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>Null where the scheme is not Digest.</summary>
    public static DigestFields? Parse(ReadOnlySpan<byte> value)
    {
        value = SipText.Trim(value);
        if (value.Length < 7 || !SipText.Same(value[..6], "Digest"u8) || !SipText.IsLws(value[6])) return null;
        var result = new DigestFields();
        var rest = value[7..];
        while (result._fields.Count < MaxFields && SipText.NextListItem(ref rest, out var item))
        {
            var eq = item.IndexOf((byte)'=');
            if (eq <= 0) continue;
            var name = Encoding.UTF8.GetString(SipText.Trim(item[..eq]));
            result._fields.TryAdd(name, SipText.Unquote(SipText.ToText(SipText.Trim(item[(eq + 1)..]))));
        }

        return result;
    }

    /// <summary>True where the qop list of a challenge offers "auth".</summary>
    public bool OffersAuth()
    {
        foreach (var option in this["qop"].Split(',', StringSplitOptions.TrimEntries))
            if (option.Equals("auth", StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
