// RFC 3261 section 20.10, 20.20: name-addr / addr-spec with header parameters (From, To, Contact, Route, Record-Route).
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>One address value as slices of the message.</summary>
internal readonly ref struct SipNameAddrView
{
    public ReadOnlySpan<byte> Display { get; private init; }
    public ReadOnlySpan<byte> Uri { get; private init; }
    public ReadOnlySpan<byte> Params { get; private init; }

    /// <summary>Takes one value of a comma-separated list; <paramref name="rest"/> moves behind it.</summary>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out SipNameAddrView view)
    {
        view = default;
        var s = SipText.TrimStart(rest);
        if (s.IsEmpty) return false;
        ReadOnlySpan<byte> display = default, uri;
        if (s[0] == '"')
        {
            var close = SipText.EndOfQuoted(s);
            if (close < 0) return false;
            display = s[..(close + 1)];
            s = SipText.TrimStart(s[(close + 1)..]);
            if (s.IsEmpty || s[0] != '<') return false;
        }

        var stop = s.IndexOfAny("<,;\""u8);
        if (stop >= 0 && s[stop] == '"') return false;
        if (stop >= 0 && s[stop] == '<')
        {
            if (display.IsEmpty) display = SipText.Trim(s[..stop]);
            var close = s.IndexOf((byte)'>');
            if (close < stop) return false;
            uri = s[(stop + 1)..close];
            s = SipText.TrimStart(s[(close + 1)..]);
            if (!s.IsEmpty && s[0] != ';' && s[0] != ',') return false;
        }
        else
        {
            uri = SipText.Trim(stop < 0 ? s : s[..stop]);
            s = stop < 0 ? default : s[stop..];
            // Outside angle brackets a URI must not hold "?": its headers would be ambiguous (section 20.10, RFC 4475 3.1.2.13).
            if (uri.IndexOf((byte)'?') >= 0) return false;
        }

        if (!SipUriView.TryRead(uri, out _)) return false;
        var end = SipText.FindOutsideQuotes(s, (byte)',');
        if (end < 0) return false;
        view = new SipNameAddrView { Display = display, Uri = uri, Params = SipText.Trim(s[..end]) };
        rest = end < s.Length ? s[(end + 1)..] : default;
        return true;
    }

    /// <summary>True where the whole value is one address.</summary>
    public static bool TryReadOnly(ReadOnlySpan<byte> value, out SipNameAddrView view) => TryRead(ref value, out view) && value.IsEmpty;
}

/// <summary>An address with its display name and header parameters.</summary>
internal sealed class SipNameAddr(string display, SipUri uri, SipParams parameters)
{
    /// <summary>Without quotes; empty where there is none.</summary>
    public string Display { get; } = display;

    public SipUri Uri { get; } = uri;

    public SipParams Params { get; } = parameters;

    public string? Tag => Params["tag"];

    public static bool TryParse(ReadOnlySpan<byte> value, [NotNullWhen(true)] out SipNameAddr? address)
    {
        address = null;
        return SipNameAddrView.TryReadOnly(value, out var view) && TryMake(view, out address);
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SipNameAddr? address)
    {
        address = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), out address);
    }

    /// <summary>Reads all addresses of a list; stops at the first that is broken.</summary>
    public static void ReadList(ReadOnlySpan<byte> value, List<SipNameAddr> into)
    {
        while (!value.IsEmpty && SipNameAddrView.TryRead(ref value, out var view))
            if (TryMake(view, out var address)) into.Add(address);
    }

    /// <summary>As it stands in a header, always with angle brackets.</summary>
    public override string ToString() => (Display.Length == 0 ? "" : SipText.Quote(Display) + " ") + $"<{Uri}>{Params}";

    private static bool TryMake(in SipNameAddrView view, [NotNullWhen(true)] out SipNameAddr? address)
    {
        address = SipUri.TryParse(view.Uri, out var uri)
            ? new SipNameAddr(SipText.Unquote(SipText.ToText(view.Display)), uri, new SipParams(SipText.ToText(view.Params)))
            : null;
        return address is not null;
    }
}
