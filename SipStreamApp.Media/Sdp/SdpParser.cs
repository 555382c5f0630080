// RFC 8866 section 9 (grammar), read tolerantly: CRLF or LF, unknown lines kept, missing o=/s=/t= accepted.
using System.Buffers;
using System.Globalization;
using System.Text;

namespace SipStreamApp.Media.Sdp;

/// <summary>Text to <see cref="SdpSession"/>. Never throws; only a broken v=, m= or c= line spoils the whole.</summary>
internal static class SdpParser
{
    private static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c is not ('\t' or '\n')).Select(c => (char)c), '\x7f']);

    public static SdpProblem Parse(ReadOnlySpan<byte> utf8, out SdpSession session, SdpLimits? limits = null)
    {
        session = new SdpSession();
        if (utf8.Length > (limits ?? SdpLimits.Default).MaxBytes) return new(SdpStatus.TooLarge, 0, "bytes");
        return Parse(Encoding.UTF8.GetString(utf8), out session, limits);
    }

    public static SdpProblem Parse(string text, out SdpSession session, SdpLimits? limits = null)
    {
        session = new SdpSession();
        limits ??= SdpLimits.Default;
        if (text.Length > limits.MaxBytes) return new(SdpStatus.TooLarge, 0, "bytes");

        // A lone CR ends a line and other control characters are spaces, so that no value can hold what the writer must not write.
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (text.AsSpan().ContainsAny(Controls)) text = string.Create(text.Length, text, static (to, from) => from.AsSpan().ReplaceAny(to, Controls, ' '));
        SdpMedia? media = null;
        var number = 0;
        var started = false;
        foreach (var raw in text.AsSpan().EnumerateSplit('\n'))
        {
            if (++number > limits.MaxLines) return new(SdpStatus.TooLarge, number, "lines");
            var line = raw.TrimEnd(" \t");
            if (line.IsEmpty) continue;
            if (!started)
            {
                line = line.TrimStart('\uFEFF');
                if (!line.StartsWith("v=") || line[2..].Trim() is not "0") return new(SdpStatus.Malformed, number, "v=0 expected");
                started = true;
                continue;
            }

            // A line that is not <letter>= carries nothing we could act on (seen: stray text after the body); the rest still counts.
            if (line.Length < 2 || line[1] != '=') continue;
            var value = line[2..];
            if (line[0] == 'm')
            {
                if (session.Media.Count == limits.MaxMedia) return new(SdpStatus.TooLarge, number, "media lines");
                if (!TryMedia(value, number, out media)) return new(SdpStatus.Malformed, number, "m= line");
                session.Media.Add(media);
            }
            else if (!TryField(session, media, line[0], value)) return new(SdpStatus.Malformed, number, $"{line[0]}= line");
        }

        return started ? default : new(SdpStatus.Malformed, 0, "empty");
    }

    private static bool TryField(SdpSession session, SdpMedia? media, char type, ReadOnlySpan<char> value)
    {
        switch (type)
        {
            case 'a':
                var colon = value.IndexOf(':');
                var name = (colon < 0 ? value : value[..colon]).Trim();
                if (!name.IsEmpty)
                    (media?.Attributes ?? session.Attributes).Add(name.ToString(), colon < 0 ? null : value[(colon + 1)..].ToString());
                return true;
            case 'c':
                if (!SdpConnection.TryParse(value, out var connection)) return false;
                // Several c= lines are legal only for layered multicast: the first is the one to talk to.
                if (media is null) session.Connection ??= connection;
                else media.Connection ??= connection;
                return true;
            case 'b':
                colon = value.IndexOf(':');
                if (colon > 0 && long.TryParse(value[(colon + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bandwidth))
                    (media?.Bandwidths ?? session.Bandwidths).Add(new(value[..colon].Trim().ToString(), bandwidth));
                return true;
            case 'o' when media is null:
                if (TryOrigin(value, out var origin)) session.Origin = origin;
                return true;
            case 's' when media is null:
                session.Name = value.ToString();
                return true;
            case 't' when media is null:
                session.Times.Add(value.ToString());
                return true;
            default:
                if (char.IsAsciiLetterLower(type) && type != 'v') (media?.Extra ?? session.Extra).Add(new(type, value.ToString()));
                return true;
        }
    }

    private static bool TryOrigin(ReadOnlySpan<char> value, out SdpOrigin origin)
    {
        var rest = value;
        var user = SdpText.Token(ref rest).ToString();
        var id = SdpText.Token(ref rest).ToString();
        var version = SdpText.Token(ref rest).ToString();
        origin = default;
        if (!SdpConnection.TryParse(rest, out var address)) return false;
        origin = new(user, id, version, address);
        return true;
    }

    private static bool TryMedia(ReadOnlySpan<char> value, int number, out SdpMedia media)
    {
        var rest = value;
        var type = SdpText.Token(ref rest);
        var port = SdpText.Token(ref rest);
        var protocol = SdpText.Token(ref rest);
        media = new SdpMedia { Line = number, Type = type.ToString(), Protocol = protocol.ToString() };
        var slash = port.IndexOf('/');
        var count = 1;
        if (slash >= 0 && !SdpText.Int(port[(slash + 1)..], 1, 65535, out count)) return false;
        if (protocol.IsEmpty || !SdpText.Int(slash < 0 ? port : port[..slash], 0, 65535, out var portNumber)) return false;
        (media.Port, media.PortCount) = (portNumber, count);
        for (var format = SdpText.Token(ref rest); !format.IsEmpty; format = SdpText.Token(ref rest)) media.Formats.Add(format.ToString());
        return true;
    }

    private static LineSplit EnumerateSplit(this ReadOnlySpan<char> text, char separator) => new(text, separator);

    /// <summary>Lines without a copy; an ending separator makes no further line.</summary>
    private ref struct LineSplit(ReadOnlySpan<char> text, char separator)
    {
        private ReadOnlySpan<char> _rest = text;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly LineSplit GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty) return false;
            var end = _rest.IndexOf(separator);
            Current = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            return true;
        }
    }
}
