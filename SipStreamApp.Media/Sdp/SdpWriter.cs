// RFC 8866 section 5: the order of lines is fixed: v o s i u e p c b t r z k a, then m i c b k a for each medium.
using System.Text;

namespace SipStreamApp.Media.Sdp;

internal static class SdpWriter
{
    private const string BeforeConnection = "iuep";

    public static string Write(SdpSession session)
    {
        var text = new StringBuilder(2048);
        Line(text, 'v', "0");
        Line(text, 'o', session.Origin.ToString());
        Line(text, 's', session.Name.Length == 0 ? "-" : session.Name);
        Extra(text, session.Extra, early: true);
        if (session.Connection is { } c) Line(text, 'c', c.ToString());
        foreach (var b in session.Bandwidths) Line(text, 'b', $"{b.Type}:{b.Value}");
        if (session.Times.Count == 0) Line(text, 't', "0 0");
        foreach (var t in session.Times) Line(text, 't', t);
        Extra(text, session.Extra, early: false);
        Attributes(text, session.Attributes);
        foreach (var media in session.Media) Media(text, media);
        return text.ToString();
    }

    private static void Media(StringBuilder text, SdpMedia media)
    {
        var ports = media.PortCount > 1 ? $"{media.Port}/{media.PortCount}" : SdpText.Number(media.Port);
        Line(text, 'm', $"{media.Type} {ports} {media.Protocol} {string.Join(' ', media.Formats)}".TrimEnd(' '));
        Extra(text, media.Extra, early: true);
        if (media.Connection is { } c) Line(text, 'c', c.ToString());
        foreach (var b in media.Bandwidths) Line(text, 'b', $"{b.Type}:{b.Value}");
        Extra(text, media.Extra, early: false);
        Attributes(text, media.Attributes);
    }

    private static void Extra(StringBuilder text, List<SdpLine> lines, bool early)
    {
        foreach (var line in lines) if (BeforeConnection.Contains(line.Type) == early) Line(text, line.Type, line.Value);
    }

    private static void Attributes(StringBuilder text, SdpAttributes attributes)
    {
        foreach (var (name, value) in attributes.Items) Line(text, 'a', value is null ? name : $"{name}:{value}");
    }

    // A value with a line break in it would become lines of its own in somebody else's parser.
    private static void Line(StringBuilder text, char type, string value)
    {
        text.Append(type).Append('=');
        foreach (var ch in value) if (ch is not ('\r' or '\n' or '\0')) text.Append(ch);
        text.Append("\r\n");
    }
}
