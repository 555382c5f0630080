// RFC 3261 section 7.4 and RFC 5621: the session description of a message, also inside multipart/mixed or alternative.
namespace SipStreamApp.Media.Sip;

internal static class SipBody
{
    public const string Sdp = "application/sdp";

    /// <summary>The SDP of a message; empty where it holds none.</summary>
    public static ReadOnlyMemory<byte> FindSdp(SipMessage message)
    {
        if (message.Body.IsEmpty) return default;
        var type = message.Value(SipHeader.ContentType);
        if (IsType(type, "application/sdp"u8)) return message.Body;
        if (!StartsWith(type, "multipart/"u8)) return default;
        var semi = type.IndexOf((byte)';');
        if (semi < 0 || !SipParamReader.TryFind(type[semi..], "boundary"u8, out var boundary)) return default;
        boundary = boundary is [(byte)'"', .., (byte)'"'] ? boundary[1..^1] : boundary;
        return boundary.IsEmpty ? default : FindPart(message.Body, boundary);
    }

    /// <summary>True where the media type, without its parameters, is the one named.</summary>
    public static bool IsType(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> wanted)
    {
        var semi = contentType.IndexOf((byte)';');
        return SipText.Same(SipText.Trim(semi < 0 ? contentType : contentType[..semi]), wanted);
    }

    public static bool IsMultipart(ReadOnlySpan<byte> contentType) => StartsWith(contentType, "multipart/"u8);

    private static ReadOnlyMemory<byte> FindPart(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> boundary)
    {
        var span = body.Span;
        var at = NextDelimiter(span, boundary, 0, out var partStart);
        while (at >= 0)
        {
            var next = NextDelimiter(span, boundary, partStart, out var nextStart);
            var end = next < 0 ? span.Length : next;
            var blank = span[partStart..end].IndexOf("\r\n\r\n"u8);
            if (blank >= 0 && PartIsSdp(span.Slice(partStart, blank))) return body[(partStart + blank + 4)..end];
            (at, partStart) = (next, nextStart);
        }

        return default;
    }

    // The line break before "--boundary" belongs to the delimiter (RFC 2046 section 5.1.1).
    private static int NextDelimiter(ReadOnlySpan<byte> body, ReadOnlySpan<byte> boundary, int from, out int after)
    {
        after = from;
        while (from < body.Length)
        {
            var dashes = body[from..].IndexOf("--"u8);
            if (dashes < 0) return -1;
            var at = from + dashes;
            if (body[(at + 2)..].StartsWith(boundary))
            {
                after = at + 2 + boundary.Length;
                return at >= 2 && body[at - 2] == '\r' && body[at - 1] == '\n' ? Math.Max(0, at - 2) : at;
            }

            from = at + 1;
        }

        return -1;
    }

    private static bool PartIsSdp(ReadOnlySpan<byte> headers)
    {
        foreach (var range in headers.Split("\r\n"u8))
        {
            var line = headers[range];
            var colon = line.IndexOf((byte)':');
            if (colon > 0 && SipHeaders.Identify(SipText.Trim(line[..colon])) == SipHeader.ContentType)
                return IsType(line[(colon + 1)..], "application/sdp"u8);
        }

        return false;
    }

    private static bool StartsWith(ReadOnlySpan<byte> s, ReadOnlySpan<byte> prefix) =>
        s.Length >= prefix.Length && SipText.Same(s[..prefix.Length], prefix);
}
