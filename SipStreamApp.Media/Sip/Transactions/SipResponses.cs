// RFC 3261 section 8.2.6 (forming a response), 18.2.1-18.2.2 and RFC 3581 (where it goes).
using System.Net;

namespace SipStreamApp.Media.Sip;

internal static class SipResponses
{
    /// <summary>Starts a response in the writer; the caller adds headers and the body.</summary>
    public static SipWriter Begin(SipWriter writer, SipMessage request, SipEndpoint source, int code, string? reason, string? toTag)
    {
        writer.Response(code, string.IsNullOrEmpty(reason) ? SipReasons.Phrase(code) : reason);
        var first = true;
        for (var i = 0; i < request.HeaderCount; i++)
        {
            if (request.HeaderId(i) != SipHeader.Via) continue;
            if (first) TopVia(writer, request.HeaderValue(i), source);
            else writer.Header(SipHeader.Via, request.HeaderValue(i));
            first = false;
        }

        if (code is > 100 and < 300) writer.Copy(request, SipHeader.RecordRoute);
        // Malformed requests are answered too: copy what is there, once.
        if (request.Has(SipHeader.From)) writer.Header(SipHeader.From, request.Value(SipHeader.From));
        if (request.Has(SipHeader.To))
        {
            var to = SipText.ToText(request.Value(SipHeader.To));
            writer.Header(SipHeader.To, toTag is null || code == 100 || request.ToTag.Length > 0 ? to : $"{to};tag={toTag}");
        }

        if (request.Has(SipHeader.CallId)) writer.Header(SipHeader.CallId, request.Value(SipHeader.CallId));
        if (request.Has(SipHeader.CSeq)) writer.Header(SipHeader.CSeq, request.Value(SipHeader.CSeq));
        return writer;
    }

    /// <summary>Datagrams go to the source address, and to its port where rport was asked for; connections are answered on themselves.</summary>
    /// <remarks>maddr is not followed: it would let anyone aim our responses at a third party.</remarks>
    public static SipEndpoint Destination(SipMessage request, SipEndpoint source)
    {
        if (source.IsReliable || request.TopVia is not { } via || via.RPort is not null) return source;
        return source with { Port = via.Port == 0 ? SipEndpoint.DefaultPort(source.Transport) : via.Port };
    }

    private static void TopVia(SipWriter writer, ReadOnlySpan<byte> value, SipEndpoint source)
    {
        var rest = value;
        if (!SipViaView.TryRead(ref rest, out var view))
        {
            writer.Header(SipHeader.Via, value);
            return;
        }

        var asked = SipParamReader.TryFind(view.Params, "rport"u8, out _);
        var host = SipText.ToText(view.Host);
        var same = IPAddress.TryParse(host.AsSpan().Trim("[]"), out var sentBy) && sentBy.Equals(source.Address);
        if (same && !asked)
        {
            writer.Header(SipHeader.Via, value);
            return;
        }

        var parameters = new SipParams(SipText.ToText(view.Params)).Without("received").Without("rport").With("received", source.Address.ToString());
        if (asked) parameters = parameters.With("rport", source.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var port = view.Port == 0 ? "" : $":{view.Port}";
        var more = rest.IsEmpty ? "" : ", " + SipText.ToText(SipText.Trim(rest));
        writer.Header(SipHeader.Via, $"SIP/2.0/{SipText.ToText(view.Transport)} {host}{port}{parameters}{more}");
    }
}
