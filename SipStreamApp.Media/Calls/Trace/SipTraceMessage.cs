using System.Globalization;

namespace SipStreamApp.Media.Calls.Trace;

/// <summary>One SIP message of a call, as it went over the wire but for its secrets, which are masked.</summary>
/// <param name="Number">Its place in the trace, from 0.</param>
/// <param name="At">Since the call was asked for.</param>
/// <param name="Sent">True where we sent it.</param>
/// <param name="Local">Our address ("192.0.2.1:5062").</param>
/// <param name="Peer">The other address.</param>
/// <param name="Transport">UDP, TCP or TLS.</param>
/// <param name="RepeatOf">Number of the message it repeats (a retransmission); null for a new one.</param>
/// <param name="Text">The whole message.</param>
public sealed record SipTraceMessage(int Number, TimeSpan At, bool Sent, string Local, string Peer, string Transport, int? RepeatOf, string Text)
{
    /// <summary>Request line or status line.</summary>
    public string StartLine => Text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? Text[..end] : Text;

    /// <summary>Status code of a response; null for a request.</summary>
    public int? Status => Text.StartsWith("SIP/2.0 ", StringComparison.Ordinal) && Text.Length >= 11
        && int.TryParse(Text.AsSpan(8, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;

    /// <summary>Method of the request, or of the one a response belongs to.</summary>
    public string Method => Status is null ? StartLine.Split(' ')[0] : Header("CSeq")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var method, ..] ? method : "";

    /// <summary>What stands on its arrow: "INVITE (SDP)", "183 Session Progress (SDP)".</summary>
    public string Label
    {
        get
        {
            var label = Status is { } code ? $"{code} {(StartLine.Length > 12 ? StartLine[12..] : "")}".TrimEnd() : Method;
            return Body.Length > 0 && Header("Content-Type")?.Contains("sdp", StringComparison.OrdinalIgnoreCase) == true ? label + " (SDP)" : label;
        }
    }

    /// <summary>What comes after the empty line; empty where nothing does.</summary>
    public string Body => Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end ? Text[(end + 4)..] : "";

    /// <summary>The first header of that name (long form, or its one-letter form), or null.</summary>
    public string? Header(string name)
    {
        var brief = name switch { "Call-ID" => "i", "From" => "f", "To" => "t", "Content-Type" => "c", "Contact" => "m", "Via" => "v", _ => name };
        foreach (var line in Text.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty) break;
            var colon = line.IndexOf(':');
            if (colon <= 0) continue;
            var found = line[..colon].Trim();
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase) || found.Equals(brief, StringComparison.OrdinalIgnoreCase)) return line[(colon + 1)..].Trim().ToString();
        }

        return null;
    }
}
