// What the host says to place a call.
namespace SipStreamApp.Media.Sip;

/// <summary>An outgoing call.</summary>
internal sealed record SipCallRequest
{
    /// <summary>Whom to call.</summary>
    public required SipUri RequestUri { get; init; }

    /// <summary>Our address, without tag.</summary>
    public required SipNameAddr From { get; init; }

    /// <summary>Shown as callee; the request URI where null.</summary>
    public SipNameAddr? To { get; init; }

    /// <summary>User part of our Contact; the user of From where null.</summary>
    public string? ContactUser { get; init; }

    public SipCredentials? Credentials { get; init; }

    /// <summary>Outbound proxy, becomes the first Route (loose).</summary>
    public SipUri? Proxy { get; init; }

    /// <summary>Addresses of the first hop where the host knows them; empty to resolve.</summary>
    public IReadOnlyList<SipEndpoint> Targets { get; init; } = [];

    /// <summary>Our session description. Must not be empty.</summary>
    public required ReadOnlyMemory<byte> Offer { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
