// RFC 3261 section 20.42: Via: SIP/2.0/UDP host:port;branch=z9hG4bK...;received=...;rport=... (RFC 3581)
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>One Via value as slices of the message.</summary>
internal readonly ref struct SipViaView
{
    public ReadOnlySpan<byte> Transport { get; private init; }
    public ReadOnlySpan<byte> Host { get; private init; }
    public ReadOnlySpan<byte> Params { get; private init; }
    public int Port { get; private init; }

    public static bool TryRead(scoped ref ReadOnlySpan<byte> rest, out SipViaView view)
    {
        view = default;
        var end = SipText.FindOutsideQuotes(rest, (byte)',');
        if (end < 0) return false;
        var s = SipText.Trim(rest[..end]);
        rest = end < rest.Length ? rest[(end + 1)..] : default;

        if (!TakeUpToSlash(ref s, out var name) || !SipText.Same(name, "SIP"u8)) return false;
        if (!TakeUpToSlash(ref s, out var version) || !version.SequenceEqual("2.0"u8)) return false;
        s = SipText.TrimStart(s);
        var gap = 0;
        while (gap < s.Length && !SipText.IsLws(s[gap])) gap++;
        var transport = s[..gap];
        if (!SipText.IsToken(transport)) return false;
        s = SipText.TrimStart(s[gap..]);
        var semi = s.IndexOf((byte)';');
        var sentBy = SipText.Trim(semi < 0 ? s : s[..semi]);
        if (!SipUriView.TryReadHostPort(sentBy, out var host, out var port)) return false;
        view = new SipViaView { Transport = transport, Host = host, Port = port, Params = semi < 0 ? default : s[semi..] };
        return true;
    }

    private static bool TakeUpToSlash(scoped ref ReadOnlySpan<byte> s, out ReadOnlySpan<byte> part)
    {
        var slash = s.IndexOf((byte)'/');
        part = slash < 0 ? default : SipText.Trim(s[..slash]);
        if (slash >= 0) s = s[(slash + 1)..];
        return slash >= 0;
    }
}

/// <summary>The topmost Via of a message.</summary>
internal sealed class SipVia
{
    public const string MagicCookie = "z9hG4bK";

    public required string Transport { get; init; }

    public required string Host { get; init; }

    /// <summary>0 where none is named.</summary>
    public required int Port { get; init; }

    public required SipParams Params { get; init; }

    /// <summary>Empty where missing.</summary>
    public string Branch { get; private init; } = "";

    public string? Received => Params["received"];

    /// <summary>Empty where asked for and not filled in, null where absent.</summary>
    public string? RPort => Params["rport"];

    /// <summary>True for a branch made by RFC 3261; "z9hG4bK" alone does not make it unique (RFC 4475 3.2.1).</summary>
    public bool HasMagicCookie => Branch.Length > MagicCookie.Length && Branch.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase);

    public string SentBy => Port == 0 ? Host : $"{Host}:{Port}";

    public static bool TryParse(ReadOnlySpan<byte> value, [NotNullWhen(true)] out SipVia? via)
    {
        via = null;
        if (!SipViaView.TryRead(ref value, out var view)) return false;
        SipParamReader.TryFind(view.Params, "branch"u8, out var branch);
        via = new SipVia
        {
            Transport = Encoding.ASCII.GetString(view.Transport).ToUpperInvariant(),
            Host = Encoding.ASCII.GetString(view.Host),
            Port = view.Port,
            Params = new SipParams(SipText.ToText(view.Params)),
            Branch = SipText.ToText(branch),
        };
        return true;
    }
}
