using System.Diagnostics.CodeAnalysis;
using SipStreamApp.Media.Calls.Outcomes;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>The SIP addresses that follow from an identity: who calls, by way of whom, to where.</summary>
/// <param name="AddressOfRecord">From, and To of a REGISTER.</param>
/// <param name="Registrar">Request-URI of a REGISTER.</param>
/// <param name="Proxy">Outbound proxy, or null.</param>
internal sealed record SipAddresses(SipNameAddr AddressOfRecord, SipUri Registrar, SipUri? Proxy)
{
    /// <summary>Digest name and password; null where there is no password.</summary>
    public SipCredentials? Credentials { get; private init; }

    /// <summary>Where the first request goes when <paramref name="uri"/> is called or registered at.</summary>
    public SipNextHop NextHop(SipUri uri) => SipNextHop.Of(Proxy ?? uri);

    /// <summary>Reads an identity; the end says which part is not an address.</summary>
    public static bool TryFrom(SipIdentity who, [NotNullWhen(true)] out SipAddresses? addresses, [NotNullWhen(false)] out CallEnd? wrong)
    {
        (addresses, wrong) = (null, null);
        SipUri? proxy = null;
        if (!string.IsNullOrEmpty(who.OutboundProxy) && !TryHop(who.OutboundProxy, who, out proxy))
        {
            wrong = CallCauses.BadAddress(who.OutboundProxy);
            return false;
        }

        // The port belongs to the next hop. The default one is left out of the URI: servers compare domains by their text.
        var port = proxy is null && who.Port is { } p && p != SipEndpoint.DefaultPort(who.Transport == SipTransportChoice.Tls ? SipTransport.Tls : SipTransport.Udp) ? p : 0;
        var choice = proxy is null ? who.Transport : SipTransportChoice.Auto;
        if (Named(SipUri.Create("", who.Domain, port), choice) is not { } registrar || SipUri.Create(who.Login, who.Domain) is not { } from)
        {
            wrong = CallCauses.BadAddress($"{who.Login}@{who.Domain}");
            return false;
        }

        var name = string.IsNullOrEmpty(who.AuthenticationName) ? who.Login : who.AuthenticationName;
        addresses = new SipAddresses(new SipNameAddr(who.VisibleName ?? "", from, SipParams.None), registrar, proxy)
        {
            Credentials = string.IsNullOrEmpty(who.Password) ? null : new SipCredentials(name, who.Password),
        };
        return true;
    }

    /// <summary>The address to call: a number or user of the domain, user@host, or a whole sip: URI.</summary>
    public bool TryCallee(string callee, [NotNullWhen(true)] out SipUri? uri)
    {
        if (callee.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) || callee.StartsWith("sips:", StringComparison.OrdinalIgnoreCase))
            return SipUri.TryParse(callee, out uri) && uri.IsSip;
        if (callee.Contains('@', StringComparison.Ordinal)) return SipUri.TryParse("sip:" + callee, out uri);
        uri = SipUri.Create(callee, Registrar.Host, Registrar.Port);
        if (uri is not null && Registrar.Params.Text.Length > 0) return SipUri.TryParse(uri.Text + Registrar.Params.Text, out uri);
        return uri is not null;
    }

    private static bool TryHop(string text, SipIdentity who, [NotNullWhen(true)] out SipUri? proxy)
    {
        if (!SipUri.TryParse(text.StartsWith("sip", StringComparison.OrdinalIgnoreCase) && text.Contains(':', StringComparison.Ordinal) ? text : "sip:" + text, out proxy) || !proxy.IsSip)
        {
            if (!SipUri.TryParse("sip:" + text, out proxy)) return false;
        }

        var choice = who.Transport != SipTransportChoice.Auto ? who.Transport : proxy.Transport switch
        {
            SipTransport.Udp => SipTransportChoice.Udp,
            SipTransport.Tcp => SipTransportChoice.Tcp,
            SipTransport.Tls => SipTransportChoice.Tls,
            _ => SipTransportChoice.Auto,
        };
        proxy = Named(SipUri.Create("", proxy.Host, proxy.Port != 0 ? proxy.Port : who.Port ?? 0), choice);
        return proxy is not null;
    }

    // Named in the URI, the transport binds; not named, it is UDP with TCP for what is too large for it.
    private static SipUri? Named(SipUri? uri, SipTransportChoice choice)
    {
        if (uri is null || choice == SipTransportChoice.Auto) return uri;
        return SipUri.TryParse($"{uri.Text};transport={choice.ToString().ToLowerInvariant()}", out var named) ? named : null;
    }
}
