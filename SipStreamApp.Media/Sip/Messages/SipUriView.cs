// RFC 3261 section 19.1: sip:user:password@host:port;uri-parameters?headers
using System.Buffers;

namespace SipStreamApp.Media.Sip;

/// <summary>The parts of a URI as slices of the message.</summary>
internal readonly ref struct SipUriView
{
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create([.. Enumerable.Range(0, 33).Select(static b => (byte)b), (byte)'<', (byte)'>', (byte)'"', 0x7F]);

    // An underscore is no letter of host names, but met in the field.
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._"u8);

    public ReadOnlySpan<byte> Scheme { get; private init; }
    public ReadOnlySpan<byte> User { get; private init; }
    public ReadOnlySpan<byte> Password { get; private init; }
    public ReadOnlySpan<byte> Host { get; private init; }
    public ReadOnlySpan<byte> Params { get; private init; }
    public ReadOnlySpan<byte> Headers { get; private init; }
    public int Port { get; private init; }
    public bool IsSip { get; private init; }

    /// <summary>Accepts sip, sips and, without looking inside, every other absolute URI.</summary>
    public static bool TryRead(ReadOnlySpan<byte> s, out SipUriView view)
    {
        view = default;
        if (s.ContainsAny(Forbidden)) return false;
        var colon = s.IndexOf((byte)':');
        if (colon <= 0 || colon == s.Length - 1 || !IsScheme(s[..colon])) return false;
        var scheme = s[..colon];
        var rest = s[(colon + 1)..];
        if (!SipText.Same(scheme, "sip"u8) && !SipText.Same(scheme, "sips"u8))
        {
            view = new SipUriView { Scheme = scheme };
            return true;
        }

        ReadOnlySpan<byte> user = default, password = default;
        // "@" is reserved everywhere after the user part, and the user part may hold ";", "?" and "/" (RFC 4475 3.1.1.2).
        var at = rest.LastIndexOf((byte)'@');
        if (at >= 0)
        {
            user = rest[..at];
            rest = rest[(at + 1)..];
            var split = user.IndexOf((byte)':');
            if (split >= 0)
            {
                password = user[(split + 1)..];
                user = user[..split];
            }

            if (user.IsEmpty || user.IndexOf((byte)'@') >= 0) return false;
        }

        var query = rest.IndexOf((byte)'?');
        var headers = query < 0 ? default : rest[(query + 1)..];
        if (query >= 0) rest = rest[..query];
        var semi = rest.IndexOf((byte)';');
        var parameters = semi < 0 ? default : rest[semi..];
        if (semi >= 0) rest = rest[..semi];
        if (!TryReadHostPort(rest, out var host, out var port)) return false;
        view = new SipUriView
        {
            Scheme = scheme, User = user, Password = password, Host = host, Port = port, Params = parameters, Headers = headers, IsSip = true,
        };
        return true;
    }

    /// <summary>host [":" port]; an IPv6 host keeps its brackets. Port 0 where none was given.</summary>
    public static bool TryReadHostPort(ReadOnlySpan<byte> s, out ReadOnlySpan<byte> host, out int port)
    {
        port = 0;
        host = s;
        if (s.IsEmpty) return false;
        int end;
        if (s[0] == '[')
        {
            end = s.IndexOf((byte)']') + 1;
            if (end < 4) return false;
            foreach (var b in s[1..(end - 1)]) if (!char.IsAsciiHexDigit((char)b) && b is not ((byte)':' or (byte)'.')) return false;
        }
        else
        {
            end = s.IndexOfAnyExcept(HostBytes);
            if (end < 0) end = s.Length;
            if (end == 0) return false;
        }

        host = s[..end];
        var rest = SipText.Trim(s[end..]);
        if (rest.IsEmpty) return true;
        if (rest[0] != ':' || !SipText.TryNumber(SipText.Trim(rest[1..]), 65535, out var number)) return false;
        port = (int)number;
        return true;
    }

    private static bool IsScheme(ReadOnlySpan<byte> s)
    {
        if (!char.IsAsciiLetter((char)s[0])) return false;
        foreach (var b in s) if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'+' or (byte)'-' or (byte)'.')) return false;
        return true;
    }
}
