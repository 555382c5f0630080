// RFC 3261 section 7: writing messages. Line breaks inside values become spaces, so no value can smuggle in a header.
using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>Writes one message after the other into a buffer it keeps.</summary>
internal sealed class SipWriter
{
    private readonly ArrayBufferWriter<byte> _out = new(2048);

    public ReadOnlySpan<byte> Written => _out.WrittenSpan;

    public SipWriter Request(string method, string uri)
    {
        _out.ResetWrittenCount();
        Text(method);
        _out.Write(" "u8);
        Text(uri);
        _out.Write(" SIP/2.0\r\n"u8);
        return this;
    }

    public SipWriter Response(int code, string reason)
    {
        _out.ResetWrittenCount();
        _out.Write("SIP/2.0 "u8);
        Number(code);
        _out.Write(" "u8);
        Text(reason);
        _out.Write("\r\n"u8);
        return this;
    }

    public SipWriter Header(SipHeader id, string value) => Header(SipHeaders.Name(id), value);

    public SipWriter Header(string name, string value)
    {
        Text(name);
        _out.Write(": "u8);
        Text(value);
        _out.Write("\r\n"u8);
        return this;
    }

    public SipWriter Header(SipHeader id, long value)
    {
        Text(SipHeaders.Name(id));
        _out.Write(": "u8);
        Number(value);
        _out.Write("\r\n"u8);
        return this;
    }

    public SipWriter Header(SipHeader id, ReadOnlySpan<byte> raw)
    {
        Text(SipHeaders.Name(id));
        _out.Write(": "u8);
        Raw(raw);
        _out.Write("\r\n"u8);
        return this;
    }

    /// <summary>Copies every header of that kind from a received message, in order.</summary>
    public SipWriter Copy(SipMessage message, SipHeader id)
    {
        for (var i = 0; i < message.HeaderCount; i++)
            if (message.HeaderId(i) == id) Header(id, message.HeaderValue(i));
        return this;
    }

    /// <summary>Ends the message.</summary>
    public ReadOnlySpan<byte> Body(string contentType, ReadOnlySpan<byte> body)
    {
        if (!body.IsEmpty) Header(SipHeader.ContentType, contentType);
        Header(SipHeader.ContentLength, body.Length);
        _out.Write("\r\n"u8);
        _out.Write(body);
        return _out.WrittenSpan;
    }

    public ReadOnlySpan<byte> NoBody() => Body("", default);

    /// <summary>Writes a parsed message again, with long header names, folding undone and the true Content-Length.</summary>
    public ReadOnlySpan<byte> Write(SipMessage message)
    {
        _out.ResetWrittenCount();
        _out.Write(message.Bytes[..message.Bytes.IndexOfAny((byte)'\r', (byte)'\n')]);
        _out.Write("\r\n"u8);
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var id = message.HeaderId(i);
            if (id == SipHeader.ContentLength) continue;
            if (id != SipHeader.Other) Text(SipHeaders.Name(id));
            else _out.Write(message.HeaderName(i));
            _out.Write(": "u8);
            Raw(message.HeaderValue(i));
            _out.Write("\r\n"u8);
        }

        Header(SipHeader.ContentLength, message.Body.Length);
        _out.Write("\r\n"u8);
        _out.Write(message.Body.Span);
        return _out.WrittenSpan;
    }

    public byte[] ToArray() => _out.WrittenSpan.ToArray();

    private void Raw(ReadOnlySpan<byte> value)
    {
        var room = _out.GetSpan(Math.Max(1, value.Length));
        _out.Advance(SipText.Unfold(value, room));
    }

    private void Text(string text)
    {
        var room = _out.GetSpan(Math.Max(1, Encoding.UTF8.GetMaxByteCount(text.Length)));
        var length = Encoding.UTF8.GetBytes(text, room);
        room = room[..length];
        foreach (ref var b in room) if (b is (byte)'\r' or (byte)'\n' or 0) b = (byte)' ';
        _out.Advance(length);
    }

    private void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _out.GetSpan(20), out var length);
        _out.Advance(length);
    }
}
