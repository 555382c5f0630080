// RFC 3261 section 25.1: generic-param = token [ EQUAL gen-value ], behind header values and inside URIs.
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>Walks over <c>;name=value</c> pairs without allocating.</summary>
internal ref struct SipParamReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>True once a parameter broke the grammar.</summary>
    public bool Failed { get; private set; }

    public bool Next(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!_rest.IsEmpty)
        {
            var end = SipText.FindOutsideQuotes(_rest, (byte)';');
            if (end < 0)
            {
                Failed = true;
                break;
            }

            var part = SipText.Trim(_rest[..end]);
            _rest = end < _rest.Length ? _rest[(end + 1)..] : default;
            // Empty parameters (";;") are met in the field and mean nothing.
            if (part.IsEmpty) continue;
            var eq = part.IndexOf((byte)'=');
            name = eq < 0 ? part : SipText.Trim(part[..eq]);
            value = eq < 0 ? default : SipText.Trim(part[(eq + 1)..]);
            return true;
        }

        name = value = default;
        return false;
    }

    /// <summary>The value of the named parameter; true also for one without a value.</summary>
    public static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> wanted, out ReadOnlySpan<byte> value)
    {
        var reader = new SipParamReader(text);
        while (reader.Next(out var name, out value))
            if (SipText.Same(name, wanted)) return true;
        value = default;
        return false;
    }
}

/// <summary>Parameters as text, in the order they came; small, so looked up by walking.</summary>
internal readonly record struct SipParams(string Text)
{
    public static readonly SipParams None = new("");

    public bool IsEmpty => string.IsNullOrEmpty(Text);

    /// <summary>The value without quotes; empty for a parameter without a value, null where it is missing.</summary>
    public string? this[string name]
    {
        get
        {
            if (IsEmpty) return null;
            var bytes = Encoding.UTF8.GetBytes(Text);
            return SipParamReader.TryFind(bytes, Encoding.UTF8.GetBytes(name), out var value) ? SipText.Unquote(SipText.ToText(value)) : null;
        }
    }

    public bool Has(string name) => this[name] is not null;

    /// <summary>These parameters with one more at the end (any of that name is replaced).</summary>
    public SipParams With(string name, string value)
    {
        var kept = Without(name);
        return new($"{kept.Text};{name}" + (value.Length == 0 ? "" : "=" + value));
    }

    public SipParams Without(string name)
    {
        if (!Has(name)) return this;
        var text = new StringBuilder();
        var reader = new SipParamReader(Encoding.UTF8.GetBytes(Text));
        while (reader.Next(out var key, out var value))
        {
            var keyText = SipText.ToText(key);
            if (string.Equals(keyText, name, StringComparison.OrdinalIgnoreCase)) continue;
            text.Append(';').Append(keyText);
            if (!value.IsEmpty) text.Append('=').Append(SipText.ToText(value));
        }

        return new(text.ToString());
    }

    public override string ToString() => Text ?? "";
}
