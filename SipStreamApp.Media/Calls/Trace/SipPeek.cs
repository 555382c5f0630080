// RFC 3261 section 7.3: just enough of a message to know whose it is, without parsing it a second time.
using System.Text;

namespace SipStreamApp.Media.Calls.Trace;

/// <summary>Call-ID, From tag and method of a message.</summary>
internal readonly record struct SipPeek(string CallId, string FromTag, bool IsRequest, bool IsInvite)
{
    /// <summary>Reads them; false for what is no SIP message (keep-alives).</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out SipPeek peek)
    {
        peek = default;
        string? callId = null;
        var (tag, invite) = ("", false);
        var first = true;
        var isRequest = false;
        foreach (var range in message.Split((byte)'\n'))
        {
            var line = message[range].TrimEnd((byte)'\r');
            if (first)
            {
                if (line.IndexOf("SIP/2.0"u8) < 0) return false;
                isRequest = !line.StartsWith("SIP/2.0"u8);
                first = false;
                continue;
            }

            if (line.IsEmpty) break;
            var colon = line.IndexOf((byte)':');
            if (colon <= 0) continue;
            var name = line[..colon].Trim((byte)' ');
            var value = line[(colon + 1)..].Trim((byte)' ');
            if (callId is null && Is(name, "Call-ID"u8, (byte)'i')) callId = Encoding.UTF8.GetString(value);
            else if (tag.Length == 0 && Is(name, "From"u8, (byte)'f')) tag = Tag(value);
            else if (Is(name, "CSeq"u8, 0)) invite = value.EndsWith("INVITE"u8);
        }

        if (callId is null) return false;
        peek = new SipPeek(callId, tag, isRequest, invite);
        return true;
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> full, byte brief) =>
        Ascii.EqualsIgnoreCase(name, full) || (brief != 0 && name.Length == 1 && (name[0] | 0x20) == brief);

    // Behind the closing bracket: a URI may have parameters of its own.
    private static string Tag(ReadOnlySpan<byte> from)
    {
        var rest = from[(from.LastIndexOf((byte)'>') + 1)..];
        var at = rest.IndexOf("tag="u8);
        if (at < 0) return "";
        rest = rest[(at + 4)..];
        var end = rest.IndexOfAny((byte)';', (byte)' ', (byte)',');
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
