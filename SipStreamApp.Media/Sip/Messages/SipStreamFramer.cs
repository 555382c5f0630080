// RFC 3261 section 18.3 (Content-Length on streams) and RFC 5626 section 3.5.1 (CRLF CRLF ping, CRLF pong).
namespace SipStreamApp.Media.Sip;

internal enum SipFrameStatus
{
    /// <summary>Nothing whole yet.</summary>
    NeedMore,

    /// <summary>One whole message.</summary>
    Message,

    /// <summary>A ping was read: send CRLF back.</summary>
    Ping,

    /// <summary>The stream cannot be followed any more: close it.</summary>
    Broken,
}

/// <summary>Cuts a byte stream into messages. Bounded: a message larger than the limit breaks the stream.</summary>
internal sealed class SipStreamFramer(int maxMessage = SipParser.MaxMessage)
{
    /// <summary>The answer to a ping.</summary>
    public static readonly byte[] Pong = "\r\n"u8.ToArray();

    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;
    private int _scanned;
    private bool _broken;

    /// <summary>Takes in what was read from the connection; false once the stream is broken or more is pending than allowed.</summary>
    public bool Receive(ReadOnlySpan<byte> data)
    {
        if (_broken) return false;
        if (_end + data.Length > _buffer.Length) MakeRoom(data.Length);
        data.CopyTo(_buffer.AsSpan(_end));
        _end += data.Length;
        return true;
    }

    /// <summary>The next thing in the stream; the message stays valid until the next call of any member.</summary>
    public SipFrameStatus TryTake(out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_broken) return SipFrameStatus.Broken;
        var pending = _buffer.AsSpan(_start, _end - _start);
        if (pending.StartsWith("\r\n\r\n"u8))
        {
            Consume(4);
            return SipFrameStatus.Ping;
        }

        // A lone CRLF may be half a ping, or stray line ends before a message (section 7.5).
        if (pending.Length >= 3 && pending[0] == '\r' && pending[1] == '\n' && pending[2] != '\r')
        {
            Consume(2);
            pending = _buffer.AsSpan(_start, _end - _start);
        }

        var from = Math.Max(0, _scanned - 3);
        var blank = pending[from..].IndexOf("\r\n\r\n"u8);
        if (blank < 0)
        {
            _scanned = pending.Length;
            return pending.Length > maxMessage ? Break() : SipFrameStatus.NeedMore;
        }

        var head = from + blank + 4;
        if (!TryContentLength(pending[..head], out var body) || head + (long)body > maxMessage) return Break();
        if (pending.Length < head + body) return SipFrameStatus.NeedMore;
        message = pending[..(head + (int)body)];
        Consume(message.Length);
        return SipFrameStatus.Message;
    }

    // On a stream a message without Content-Length cannot be told from the next one, so it counts as 0 (mandatory by section 20.14).
    private static bool TryContentLength(ReadOnlySpan<byte> head, out uint length)
    {
        length = 0;
        var found = false;
        foreach (var range in head.Split("\r\n"u8))
        {
            var line = head[range];
            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || SipText.IsLws(line[0])) continue;
            if (SipHeaders.Identify(SipText.Trim(line[..colon])) != SipHeader.ContentLength) continue;
            if (!SipText.TryNumber(SipText.Trim(line[(colon + 1)..]), int.MaxValue, out var n) || (found && n != length)) return false;
            (length, found) = (n, true);
        }

        return true;
    }

    private SipFrameStatus Break()
    {
        _broken = true;
        _buffer = [];
        _start = _end = 0;
        return SipFrameStatus.Broken;
    }

    private void Consume(int count)
    {
        _start += count;
        _scanned = 0;
        if (_start == _end) _start = _end = 0;
    }

    private void MakeRoom(int more)
    {
        var pending = _end - _start;
        var target = pending + more <= _buffer.Length ? _buffer : new byte[Math.Max(pending + more, _buffer.Length * 2)];
        _buffer.AsSpan(_start, pending).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, pending);
    }
}
