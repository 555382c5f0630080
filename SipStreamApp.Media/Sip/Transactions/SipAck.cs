// RFC 3261 section 17.1.1.3 (ACK of a refusal) and 9.1 (CANCEL): both are made from the INVITE they belong to.
namespace SipStreamApp.Media.Sip;

internal static class SipAck
{
    /// <summary>ACK for a final response from 300 up: same branch, To of the response.</summary>
    public static byte[]? ForFailure(SipWriter writer, byte[] invite, SipMessage response)
    {
        if (SipParser.Parse(invite).Message is not { } request) return null;
        return Derive(writer, request, "ACK", response.Value(SipHeader.To));
    }

    /// <summary>CANCEL of a request that is under way.</summary>
    public static byte[]? Cancel(SipWriter writer, ReadOnlySpan<byte> invite, string? reason)
    {
        if (SipParser.Parse(invite).Message is not { } request) return null;
        return Derive(writer, request, "CANCEL", request.Value(SipHeader.To), reason);
    }

    private static byte[] Derive(SipWriter writer, SipMessage request, string method, ReadOnlySpan<byte> to, string? reason = null)
    {
        writer.Request(method, request.RequestUri?.Text ?? "")
            .Header(SipHeader.Via, request.Value(SipHeader.Via))
            .Header(SipHeader.MaxForwards, 70)
            .Copy(request, SipHeader.Route)
            .Header(SipHeader.From, request.Value(SipHeader.From))
            .Header(SipHeader.To, to)
            .Header(SipHeader.CallId, request.Value(SipHeader.CallId))
            .Header(SipHeader.CSeq, $"{request.CSeq} {method}");
        if (reason is not null) writer.Header(SipHeader.Reason, reason);
        writer.NoBody();
        return writer.ToArray();
    }
}
