// RFC 3261 section 20 and extensions: header names and their compact forms (section 7.3.3).
using System.Text;

namespace SipStreamApp.Media.Sip;

internal enum SipHeader : byte
{
    Other,
    Accept,
    Allow,
    Authorization,
    CallId,
    Contact,
    ContentEncoding,
    ContentLength,
    ContentType,
    CSeq,
    Date,
    Event,
    Expires,
    From,
    MaxForwards,
    MinExpires,
    MinSe,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyRequire,
    RAck,
    Reason,
    RecordRoute,
    ReferTo,
    Require,
    RetryAfter,
    Route,
    RSeq,
    Server,
    SessionExpires,
    Subject,
    Supported,
    To,
    Unsupported,
    UserAgent,
    Via,
    Warning,
    WwwAuthenticate,
}

internal static class SipHeaders
{
    private static readonly string[] Names =
    [
        "", "Accept", "Allow", "Authorization", "Call-ID", "Contact", "Content-Encoding", "Content-Length", "Content-Type", "CSeq",
        "Date", "Event", "Expires", "From", "Max-Forwards", "Min-Expires", "Min-SE", "Proxy-Authenticate", "Proxy-Authorization",
        "Proxy-Require", "RAck", "Reason", "Record-Route", "Refer-To", "Require", "Retry-After", "Route", "RSeq", "Server",
        "Session-Expires", "Subject", "Supported", "To", "Unsupported", "User-Agent", "Via", "Warning", "WWW-Authenticate",
    ];

    private static readonly (byte[] Name, SipHeader Id)[][] ByLength = BuildIndex();

    public static string Name(SipHeader id) => Names[(int)id];

    public static SipHeader Identify(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1) return Compact((byte)(name[0] | 0x20));
        if (name.Length >= ByLength.Length) return SipHeader.Other;
        foreach (var (known, id) in ByLength[name.Length])
            if (SipText.Same(name, known)) return id;
        return SipHeader.Other;
    }

    private static SipHeader Compact(byte letter) => letter switch
    {
        (byte)'c' => SipHeader.ContentType,
        (byte)'e' => SipHeader.ContentEncoding,
        (byte)'f' => SipHeader.From,
        (byte)'i' => SipHeader.CallId,
        (byte)'k' => SipHeader.Supported,
        (byte)'l' => SipHeader.ContentLength,
        (byte)'m' => SipHeader.Contact,
        (byte)'o' => SipHeader.Event,
        (byte)'r' => SipHeader.ReferTo,
        (byte)'s' => SipHeader.Subject,
        (byte)'t' => SipHeader.To,
        (byte)'v' => SipHeader.Via,
        (byte)'x' => SipHeader.SessionExpires,
        _ => SipHeader.Other,
    };

    private static (byte[], SipHeader)[][] BuildIndex()
    {
        var longest = Names.Max(n => n.Length);
        var index = new (byte[], SipHeader)[longest + 1][];
        for (var length = 0; length <= longest; length++)
        {
            index[length] = [.. Names.Select((name, i) => (Encoding.ASCII.GetBytes(name), (SipHeader)i))
                .Where(e => e.Item1.Length == length && e.Item2 != SipHeader.Other)];
        }

        return index;
    }
}
