// Attribute values with fields of their own: a=ssrc (RFC 5576), a=extmap (RFC 8285), a=rtcp (RFC 3605), a=crypto (RFC 4568).
using System.Net;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

/// <summary>a=ssrc:&lt;id&gt; &lt;name&gt;[:&lt;value&gt;].</summary>
internal readonly record struct SdpSsrc(Ssrc Ssrc, string Name, string? Value)
{
    public static IEnumerable<SdpSsrc> Read(SdpMedia media)
    {
        foreach (var text in media.Attributes.All("ssrc"))
        {
            var space = text.IndexOf(' ');
            if (!SdpText.UInt(space < 0 ? text : text.AsSpan(0, space), out var id)) continue;
            var rest = space < 0 ? "" : text[(space + 1)..].Trim();
            var colon = rest.IndexOf(':');
            yield return new(new Ssrc(id), colon < 0 ? rest : rest[..colon], colon < 0 ? null : rest[(colon + 1)..].Trim());
        }
    }
}

/// <summary>a=extmap:&lt;id&gt;[/&lt;direction&gt;] &lt;uri&gt;.</summary>
internal readonly record struct SdpExtMap(int Id, string Uri)
{
    public static IEnumerable<SdpExtMap> Read(SdpMedia media)
    {
        foreach (var text in media.Attributes.All("extmap"))
        {
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2) continue;
            var slash = words[0].IndexOf('/');
            // 15 is reserved (RFC 8285 section 4.2); above 255 no header form can carry it.
            if (SdpText.Int(slash < 0 ? words[0] : words[0].AsSpan(0, slash), 1, 255, out var id) && id != 15) yield return new(id, words[1]);
        }
    }
}

/// <summary>a=rtcp:&lt;port&gt; [IN IP4 &lt;address&gt;].</summary>
internal static class SdpRtcp
{
    /// <summary>Where the peer takes RTCP: as written, else the RTP address at the next port.</summary>
    public static (IPAddress? Address, int Port) Read(SdpMedia media, IPAddress? rtpAddress)
    {
        var next = media.Port >= 65535 ? 0 : media.Port + 1;
        ReadOnlySpan<char> rest = media.Attributes.Find("rtcp") ?? "";
        if (!SdpText.Int(SdpText.Token(ref rest), 1, 65535, out var port)) return (rtpAddress, next);
        return (SdpConnection.TryParse(rest, out var c) && c is { IsZero: false, Address: { } own } ? own : rtpAddress, port);
    }
}

/// <summary>a=crypto:&lt;tag&gt; &lt;suite&gt; &lt;key-params&gt; [session-params], the keys left as they are.</summary>
internal readonly record struct SdpCrypto(int Tag, string Suite, string KeyParams)
{
    public static IEnumerable<SdpCrypto> Read(SdpMedia media)
    {
        foreach (var text in media.Attributes.All("crypto"))
        {
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 3 && SdpText.Int(words[0], 0, 999_999_999, out var tag)) yield return new(tag, words[1], string.Join(' ', words[2..]));
        }
    }

    public override string ToString() => $"{Tag} {Suite} {KeyParams}";
}
