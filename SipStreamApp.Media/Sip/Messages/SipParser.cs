// RFC 3261 section 7 and 25.1: one pass over the bytes.
//
//   INVITE sip:bob@example.com SIP/2.0 CRLF      request line, or   SIP/2.0 180 Ringing CRLF
//   Via: SIP/2.0/UDP host;branch=... CRLF        headers; a line that starts with white space continues the one before
//   CRLF
//   body                                          Content-Length bytes
namespace SipStreamApp.Media.Sip;

/// <summary>What the parser found.</summary>
internal enum SipParseStatus
{
    Ok,

    /// <summary>Nothing but line ends: a keep-alive.</summary>
    KeepAlive,

    /// <summary>Broken; where <see cref="SipParseResult.Message"/> is present it is a request that can be answered.</summary>
    Malformed,

    /// <summary>Another protocol version than SIP/2.0: answer 505.</summary>
    VersionNotSupported,
}

/// <summary>Result of a parse: never an exception.</summary>
/// <param name="Status">What came out.</param>
/// <param name="Reason">Why it was refused; empty when fine. Safe to use as a reason phrase.</param>
/// <param name="Message">The message; for a malformed one only where a response can be formed from it.</param>
internal readonly record struct SipParseResult(SipParseStatus Status, string Reason, SipMessage? Message)
{
    /// <summary>The response code a malformed request deserves.</summary>
    public int ResponseCode => Status == SipParseStatus.VersionNotSupported ? 505 : 400;
}

/// <summary>Start line and CSeq, as far as read.</summary>
internal struct SipStartLine
{
    public int StatusCode;
    public SipMethod Method;
    public uint CSeq;
    public Range MethodRange;
    public Range TextRange;
}

internal static class SipParser
{
    /// <summary>The longest message that is accepted, in bytes.</summary>
    public const int MaxMessage = 65535;

    /// <summary>The most header lines one message may have.</summary>
    public const int MaxHeaders = 256;

    /// <summary>Parses one whole datagram, or one message a framer cut out of a stream.</summary>
    public static SipParseResult Parse(ReadOnlySpan<byte> data)
    {
        var skip = 0;
        while (skip < data.Length && data[skip] is (byte)'\r' or (byte)'\n') skip++;
        if (skip == data.Length) return new(SipParseStatus.KeepAlive, "", null);
        data = data[skip..];
        if (data.Length > MaxMessage) return Refuse("Message Too Large");

        var position = 0;
        if (!NextLine(data, ref position, out var line)) return Refuse("No Line End");
        var start = default(SipStartLine);
        var status = ReadStartLine(data[line], ref start, out var reason);
        if (status == SipParseStatus.Malformed && start.MethodRange.Equals(default) && start.StatusCode == 0) return Refuse(reason);

        Span<SipHeaderRange> headers = stackalloc SipHeaderRange[MaxHeaders];
        if (!ReadHeaders(data, ref position, headers, out var count, out var headerReason) && status == SipParseStatus.Ok)
            (status, reason) = (SipParseStatus.Malformed, headerReason);

        var end = data.Length;
        var used = headers[..count];
        if (status == SipParseStatus.Ok && !SipChecks.ContentLength(data, used, position, ref end, out reason)) status = SipParseStatus.Malformed;
        if (status == SipParseStatus.Ok && !SipChecks.Headers(data, used, ref start, out reason)) status = SipParseStatus.Malformed;

        if (status != SipParseStatus.Ok && (start.StatusCode != 0 || !CanAnswer(data, used, start))) return new(status, reason, null);
        var message = new SipMessage(data[..end].ToArray(), used.ToArray(), start, position..end);
        return new(status, reason, message);
    }

    /// <summary>True where enough was read for a response: a Via to send it along, and not an ACK, which is never answered.</summary>
    private static bool CanAnswer(ReadOnlySpan<byte> data, ReadOnlySpan<SipHeaderRange> headers, in SipStartLine start)
    {
        if (start.Method == SipMethod.Ack) return false;
        foreach (ref readonly var h in headers)
            if (h.Id == SipHeader.Via && h.ValueLength > 0) return data.Slice(h.ValueStart, h.ValueLength).Length > 0;
        return false;
    }

    private static SipParseStatus ReadStartLine(ReadOnlySpan<byte> line, ref SipStartLine start, out string reason)
    {
        reason = "";
        if (line.StartsWith("SIP/"u8)) return ReadStatusLine(line, ref start, out reason);
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || !SipText.IsToken(line[..first]))
        {
            reason = "Bad Request Line";
            return SipParseStatus.Malformed;
        }

        start.MethodRange = 0..first;
        start.Method = SipMethods.Identify(line[..first]);
        start.TextRange = first == last ? first..first : (first + 1)..last;
        var version = line[(last + 1)..];
        if (first == last || line[start.TextRange].IndexOf((byte)' ') >= 0 || !SipUriView.TryRead(line[start.TextRange], out var uri))
        {
            reason = "Bad Request-URI";
            return SipParseStatus.Malformed;
        }

        if (!SipText.Same(version, "SIP/2.0"u8))
        {
            reason = version.Length > 4 && SipText.Same(version[..4], "SIP/"u8) ? "Version Not Supported" : "Bad Request Line";
            return reason[0] == 'V' ? SipParseStatus.VersionNotSupported : SipParseStatus.Malformed;
        }

        // Headers must not stand in a Request-URI (section 19.1.1, table 1; RFC 4475 3.1.2.11).
        if (uri.Headers.IsEmpty) return SipParseStatus.Ok;
        reason = "Headers In Request-URI";
        return SipParseStatus.Malformed;
    }

    private static SipParseStatus ReadStatusLine(ReadOnlySpan<byte> line, ref SipStartLine start, out string reason)
    {
        reason = "Bad Status Line";
        if (!line.StartsWith("SIP/2.0 "u8)) return SipParseStatus.Malformed;
        var rest = line[8..];
        if (rest.Length < 3 || (rest.Length > 3 && rest[3] != ' ')) return SipParseStatus.Malformed;
        if (!SipText.TryNumber(rest[..3], 699, out var code) || code < 100) return SipParseStatus.Malformed;
        start.StatusCode = (int)code;
        start.TextRange = rest.Length > 4 ? 12..line.Length : line.Length..line.Length;
        reason = "";
        return SipParseStatus.Ok;
    }

    private static bool ReadHeaders(ReadOnlySpan<byte> data, ref int position, Span<SipHeaderRange> headers, out int count, out string reason)
    {
        count = 0;
        reason = "";
        while (NextLine(data, ref position, out var line))
        {
            var (from, to) = (line.Start.Value, line.End.Value);
            if (from == to) return reason.Length == 0;
            // Folding: take continuation lines in before looking at the value (section 7.3.1).
            while (position < data.Length && data[position] is (byte)' ' or (byte)'\t' && NextLine(data, ref position, out var more)) to = more.End.Value;
            var text = data[from..to];
            var colon = text.IndexOf((byte)':');
            // Space may stand behind the name, never before it: it begins where the line begins.
            var name = colon <= 0 ? default : text[..colon].TrimEnd(" \t"u8);
            if (!SipText.IsToken(name))
            {
                reason = "Bad Header Line";
                continue;
            }

            if (count == headers.Length)
            {
                reason = "Too Many Headers";
                continue;
            }

            var value = SipText.TrimStart(text[(colon + 1)..]);
            var valueStart = to - value.Length;
            value = SipText.Trim(value);
            headers[count++] = new SipHeaderRange(SipHeaders.Identify(name), (ushort)from, (ushort)name.Length, (ushort)valueStart, (ushort)value.Length);
        }

        // A datagram that ends before the empty line was cut short.
        if (reason.Length == 0) reason = "No Empty Line After Headers";
        return false;
    }

    private static bool NextLine(ReadOnlySpan<byte> data, ref int position, out Range line)
    {
        var length = data[position..].IndexOf((byte)'\n');
        line = default;
        if (length < 0)
        {
            position = data.Length;
            return false;
        }

        var end = length > 0 && data[position + length - 1] == '\r' ? position + length - 1 : position + length;
        line = position..end;
        position += length + 1;
        return true;
    }

    private static SipParseResult Refuse(string reason) => new(SipParseStatus.Malformed, reason, null);
}
