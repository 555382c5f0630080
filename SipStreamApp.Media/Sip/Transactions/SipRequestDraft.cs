// RFC 3261 section 8.1.1: what a request says, before it is known where it goes and with which credentials.
namespace SipStreamApp.Media.Sip;

/// <summary>A request without Via, CSeq number, Contact address and credentials: these are filled in for every attempt.</summary>
internal sealed class SipRequestDraft
{
    public required string Method { get; init; }

    /// <summary>As it goes into the request line.</summary>
    public required string RequestUri { get; set; }

    public required string From { get; init; }

    public required string To { get; set; }

    public required string CallId { get; init; }

    /// <summary>Counts up with every attempt.</summary>
    public required SipCSeq CSeq { get; init; }

    public IReadOnlyList<string> Routes { get; set; } = [];

    /// <summary>Where the first hop is, as a URI: first Route, else the request URI.</summary>
    public required SipUri NextHop { get; set; }

    /// <summary>Addresses the host already knows for the next hop; empty to resolve.</summary>
    public IReadOnlyList<SipEndpoint> Targets { get; set; } = [];

    /// <summary>User part of our Contact; null for a request without Contact.</summary>
    public string? ContactUser { get; init; }

    /// <summary>Parameters behind the Contact, e.g. ";expires=600".</summary>
    public string ContactParams { get; set; } = "";

    public List<(string Name, string Value)> Headers { get; } = [];

    public string ContentType { get; init; } = "";

    public ReadOnlyMemory<byte> Body { get; init; }

    public SipMethod MethodId => SipMethods.Identify(System.Text.Encoding.ASCII.GetBytes(Method));

    public void SetHeader(string name, string value)
    {
        Headers.RemoveAll(h => h.Name == name);
        Headers.Add((name, value));
    }
}

/// <summary>A sequence number shared by the requests of one dialog or registration.</summary>
internal sealed class SipCSeq
{
    public uint Value { get; private set; }

    public uint Next() => ++Value;
}
