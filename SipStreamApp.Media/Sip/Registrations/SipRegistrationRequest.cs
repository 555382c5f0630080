// What the host says to keep an address registered.
namespace SipStreamApp.Media.Sip;

/// <summary>An account at a registrar.</summary>
internal sealed record SipRegistrationRequest
{
    /// <summary>The registrar's domain, e.g. sip:example.com.</summary>
    public required SipUri Registrar { get; init; }

    /// <summary>The address to register, e.g. sip:alice@example.com.</summary>
    public required SipNameAddr AddressOfRecord { get; init; }

    public SipCredentials? Credentials { get; init; }

    /// <summary>User part of the Contact; the user of the address where null.</summary>
    public string? ContactUser { get; init; }

    /// <summary>Outbound proxy, becomes a loose Route.</summary>
    public SipUri? Proxy { get; init; }

    /// <summary>Addresses of the first hop where the host knows them; empty to resolve.</summary>
    public IReadOnlyList<SipEndpoint> Targets { get; init; } = [];

    /// <summary>How long to ask for.</summary>
    public TimeSpan Expires { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often to send an empty keep-alive (CRLF CRLF) so that a NAT keeps its hole open; zero for never.</summary>
    public TimeSpan KeepAlive { get; init; }
}
