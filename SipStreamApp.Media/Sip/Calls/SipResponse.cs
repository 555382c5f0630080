// RFC 3261 section 8.2.6: what a response says beyond the headers it copies.
namespace SipStreamApp.Media.Sip;

/// <summary>A response to be written.</summary>
internal sealed record SipResponse(int Code, string? Phrase = null)
{
    /// <summary>Our To tag; the user agent takes a fresh one where null.</summary>
    public string? ToTag { get; init; }

    /// <summary>User part of the Contact; null for none.</summary>
    public string? ContactUser { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public string ContentType { get; init; } = SipBody.Sdp;

    public ReadOnlyMemory<byte> Body { get; init; }
}
