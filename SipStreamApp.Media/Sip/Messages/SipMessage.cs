// RFC 3261 section 7: a request or response. The bytes are kept; headers are ranges, turned into objects when first asked for.
using System.Text;

namespace SipStreamApp.Media.Sip;

/// <summary>Where one header stands inside the message.</summary>
internal readonly record struct SipHeaderRange(SipHeader Id, ushort NameStart, ushort NameLength, ushort ValueStart, ushort ValueLength);

/// <summary>A parsed message, immutable. It owns its bytes.</summary>
internal sealed class SipMessage
{
    private readonly byte[] _bytes;
    private readonly SipHeaderRange[] _headers;
    private readonly Range _bodyRange;
    private SipNameAddr? _from;
    private SipNameAddr? _to;
    private SipVia? _via;
    private SipUri? _uri;
    private string? _callId;

    internal SipMessage(byte[] bytes, SipHeaderRange[] headers, in SipStartLine start, Range body)
    {
        (_bytes, _headers, _bodyRange) = (bytes, headers, body);
        (StatusCode, Method, CSeq, Start) = (start.StatusCode, start.Method, start.CSeq, start);
    }

    internal SipStartLine Start { get; }

    public bool IsRequest => StatusCode == 0;

    /// <summary>0 for a request.</summary>
    public int StatusCode { get; }

    /// <summary>The request's method; for a response the method of its CSeq.</summary>
    public SipMethod Method { get; }

    public uint CSeq { get; }

    public string MethodText => Method != SipMethod.Unknown ? SipMethods.Name(Method) : Encoding.UTF8.GetString(_bytes.AsSpan(Start.MethodRange));

    public string ReasonPhrase => IsRequest ? "" : Encoding.UTF8.GetString(_bytes.AsSpan(Start.TextRange));

    /// <summary>The bytes as received.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public ReadOnlyMemory<byte> Body => _bytes.AsMemory(_bodyRange);

    public int HeaderCount => _headers.Length;

    /// <summary>Null for a response, and for a malformed request that is only kept to be answered.</summary>
    public SipUri? RequestUri => _uri ??= IsRequest && SipUri.TryParse(_bytes.AsSpan(Start.TextRange), out var uri) ? uri : null;

    public SipNameAddr? From => _from ??= SipNameAddr.TryParse(Value(SipHeader.From), out var address) ? address : null;

    public SipNameAddr? To => _to ??= SipNameAddr.TryParse(Value(SipHeader.To), out var address) ? address : null;

    public SipVia? TopVia => _via ??= SipVia.TryParse(Value(SipHeader.Via), out var via) ? via : null;

    public string CallId => _callId ??= SipText.ToText(Value(SipHeader.CallId));

    public string FromTag => From?.Tag ?? "";

    public string ToTag => To?.Tag ?? "";

    public SipHeader HeaderId(int index) => _headers[index].Id;

    public ReadOnlySpan<byte> HeaderName(int index) => _bytes.AsSpan(_headers[index].NameStart, _headers[index].NameLength);

    public ReadOnlySpan<byte> HeaderValue(int index) => _bytes.AsSpan(_headers[index].ValueStart, _headers[index].ValueLength);

    /// <summary>The raw value of the first such header; empty where there is none.</summary>
    public ReadOnlySpan<byte> Value(SipHeader id)
    {
        foreach (ref readonly var h in _headers.AsSpan())
            if (h.Id == id) return _bytes.AsSpan(h.ValueStart, h.ValueLength);
        return default;
    }

    public bool Has(SipHeader id)
    {
        foreach (ref readonly var h in _headers.AsSpan())
            if (h.Id == id) return true;
        return false;
    }

    /// <summary>The first such header as text, or null.</summary>
    public string? Text(SipHeader id) => Has(id) ? SipText.ToText(Value(id)) : null;

    /// <summary>The first header with this name, known or not, as text, or null.</summary>
    public string? Text(string name)
    {
        for (var i = 0; i < _headers.Length; i++)
            if (Ascii.EqualsIgnoreCase(HeaderName(i), name)) return SipText.ToText(HeaderValue(i));
        return null;
    }

    /// <summary>Digits of the first such header (a parameter or comment behind them is ignored); null where missing or not a number.</summary>
    public uint? Number(SipHeader id)
    {
        var value = SipText.Trim(Value(id));
        var end = 0;
        while (end < value.Length && char.IsAsciiDigit((char)value[end])) end++;
        return SipText.TryNumber(value[..end], uint.MaxValue, out var n) ? n : null;
    }

    /// <summary>All values of list headers with this name, in order, one string each.</summary>
    public List<string> List(SipHeader id)
    {
        var list = new List<string>();
        foreach (ref readonly var h in _headers.AsSpan())
        {
            if (h.Id != id) continue;
            ReadOnlySpan<byte> rest = _bytes.AsSpan(h.ValueStart, h.ValueLength);
            while (SipText.NextListItem(ref rest, out var item)) list.Add(SipText.ToText(item));
        }

        return list;
    }

    public List<SipNameAddr> Addresses(SipHeader id)
    {
        var list = new List<SipNameAddr>();
        foreach (ref readonly var h in _headers.AsSpan())
            if (h.Id == id) SipNameAddr.ReadList(_bytes.AsSpan(h.ValueStart, h.ValueLength), list);
        return list;
    }

    /// <summary>True where a list header (Require, Supported, Allow ...) holds the token.</summary>
    public bool HasToken(SipHeader id, ReadOnlySpan<byte> token)
    {
        foreach (ref readonly var h in _headers.AsSpan())
        {
            if (h.Id != id) continue;
            ReadOnlySpan<byte> rest = _bytes.AsSpan(h.ValueStart, h.ValueLength);
            while (SipText.NextListItem(ref rest, out var item)) if (SipText.Same(item, token)) return true;
        }

        return false;
    }

    /// <summary>Number of Via values, counting lists on one line.</summary>
    public int ViaCount
    {
        get
        {
            var count = 0;
            foreach (ref readonly var h in _headers.AsSpan())
            {
                if (h.Id != SipHeader.Via) continue;
                ReadOnlySpan<byte> rest = _bytes.AsSpan(h.ValueStart, h.ValueLength);
                while (SipText.NextListItem(ref rest, out _)) count++;
            }

            return count;
        }
    }

    /// <summary>First line, for logs and traces.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_bytes.AsSpan(0, Math.Max(0, _bytes.AsSpan().IndexOfAny((byte)'\r', (byte)'\n'))));
}
