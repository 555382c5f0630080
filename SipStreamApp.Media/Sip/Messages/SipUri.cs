// RFC 3261 section 19.1: SIP and SIPS URIs, comparison by section 19.1.4.
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>A URI, immutable. Other schemes than sip and sips keep their text only.</summary>
internal sealed class SipUri
{
    private SipUri(string text, in SipUriView view)
    {
        Text = text;
        Scheme = Encoding.ASCII.GetString(view.Scheme).ToLowerInvariant();
        IsSip = view.IsSip;
        User = Encoding.UTF8.GetString(view.User);
        Host = Encoding.ASCII.GetString(view.Host);
        Port = view.Port;
        Params = new SipParams(Encoding.UTF8.GetString(view.Params));
        Headers = Encoding.UTF8.GetString(view.Headers);
    }

    /// <summary>The URI as it came.</summary>
    public string Text { get; }

    /// <summary>Lower case.</summary>
    public string Scheme { get; }

    public bool IsSip { get; }

    /// <summary>User part with escapes as they came; empty where there is none.</summary>
    public string User { get; }

    public string Host { get; }

    /// <summary>0 where the URI names none.</summary>
    public int Port { get; }

    public SipParams Params { get; }

    /// <summary>What stands behind "?".</summary>
    public string Headers { get; }

    public bool IsSecure => Scheme == "sips";

    /// <summary>True for a loose router (RFC 3261 section 19.1.1, lr).</summary>
    public bool IsLoose => Params.Has("lr");

    /// <summary>The transport parameter, or null where none or an unknown one is named.</summary>
    public SipTransport? Transport => Params["transport"]?.ToLowerInvariant() switch
    {
        "udp" => SipTransport.Udp,
        "tcp" => SipTransport.Tcp,
        "tls" => SipTransport.Tls,
        _ => IsSecure ? SipTransport.Tls : null,
    };

    /// <summary>The host as an address, where it is one.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host.AsSpan().Trim("[]"), out var address) && (Host.Contains('.') || Host[0] == '[') ? address : null;

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = SipUriView.TryRead(bytes, out var view) ? new SipUri(Encoding.UTF8.GetString(bytes), view) : null;
        return uri is not null;
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SipUri? uri)
    {
        uri = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), out uri);
    }

    /// <summary>Builds a sip URI; the user part is escaped where it must be. Null where the host is not one.</summary>
    public static SipUri? Create(string user, string host, int port = 0, SipTransport transport = SipTransport.Udp)
    {
        if (IPAddress.TryParse(host, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6) host = $"[{ip}]";
        var text = new StringBuilder("sip:");
        if (user.Length > 0) text.Append(EscapeUser(user)).Append('@');
        text.Append(host);
        if (port != 0) text.Append(':').Append(port);
        if (transport != SipTransport.Udp) text.Append(";transport=").Append(transport == SipTransport.Tcp ? "tcp" : "tls");
        return TryParse(text.ToString(), out var uri) ? uri : null;
    }

    public static string EscapeUser(string user)
    {
        const string Plain = "-_.!~*'()&=+$,;?/%";
        var text = new StringBuilder(user.Length);
        foreach (var b in Encoding.UTF8.GetBytes(user))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || Plain.Contains((char)b)) text.Append((char)b);
            else text.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>Same resource by section 19.1.4, as far as parameters that identify it go (transport, user, method, maddr, ttl).</summary>
    public bool Matches(SipUri other)
    {
        if (!IsSip || !other.IsSip) return string.Equals(Text, other.Text, StringComparison.Ordinal);
        if (Scheme != other.Scheme || Port != other.Port) return false;
        if (!string.Equals(Uri.UnescapeDataString(User), Uri.UnescapeDataString(other.User), StringComparison.Ordinal)) return false;
        if (!string.Equals(Host, other.Host, StringComparison.OrdinalIgnoreCase)) return false;
        foreach (var name in (string[])["transport", "user", "method", "maddr", "ttl"])
            if (!string.Equals(Params[name], other.Params[name], StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }

    /// <summary>This URI as it may stand in a request line: without headers and method (RFC 3261 section 19.1.1, table 1).</summary>
    public string RequestLineText
    {
        get
        {
            if (!IsSip || (Headers.Length == 0 && !Params.Has("method"))) return Text;
            var text = Headers.Length == 0 ? Text : Text[..Text.LastIndexOf('?')];
            return Params.Has("method") ? text[..(text.Length - Params.Text.Length)] + Params.Without("method") : text;
        }
    }

    public override string ToString() => Text;
}
