// RFC 3551 section 6 (static payload types) and RFC 8866 section 6.6 (rtpmap).
using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

internal static class RtpMappings
{
    /// <summary>The payload types of an m= line in its order; a dynamic one without rtpmap is left out.</summary>
    /// <param name="media">The line.</param>
    /// <param name="offered">What we offered: an answer that repeats one of its numbers without rtpmap means that type.</param>
    public static ImmutableArray<RtpMapping> Read(SdpMedia media, ImmutableArray<LocalPayload> offered = default)
    {
        var result = ImmutableArray.CreateBuilder<RtpMapping>();
        UInt128 seen = 0;
        foreach (var format in media.Formats)
        {
            if (!SdpText.Int(format, 0, 127, out var pt) || (seen >> pt & 1) != 0) continue;
            seen |= UInt128.One << pt;
            if ((FromRtpmap(media, pt) ?? Static(pt) ?? Offered(offered, pt)) is not { } mapping) continue;
            result.Add(mapping with
            {
                Fmtp = string.Join(';', Values(media, "fmtp", pt, wildcard: false)),
                Feedback = [.. Values(media, "rtcp-fb", pt, wildcard: true)],
            });
        }

        return result.ToImmutable();
    }

    private static RtpMapping? FromRtpmap(SdpMedia media, int pt)
    {
        foreach (var value in Values(media, "rtpmap", pt, wildcard: false))
        {
            var parts = value.Split('/', StringSplitOptions.TrimEntries);
            if (parts.Length < 2 || parts[0].Length == 0 || !SdpText.Int(parts[1], 1, 10_000_000, out var clock)) continue;
            var video = media.Kind == MediaKind.Video;
            var channels = video ? 0 : parts.Length > 2 && SdpText.Int(parts[2], 1, 255, out var n) ? n : 1;
            return new(new PayloadType((byte)pt), parts[0], clock, channels);
        }

        return null;
    }

    private static RtpMapping? Offered(ImmutableArray<LocalPayload> offered, int pt)
    {
        if (offered.IsDefault) return null;
        foreach (var p in offered)
            if (p.PayloadType.Value == pt)
                return new(p.PayloadType, p.Codec is { } c ? TrackFormat.Default(c).EncodingName : "telephone-event", p.ClockRate, p.Codec is { } a ? TrackFormat.Default(a).Channels : 1);
        return null;
    }

    private static RtpMapping? Static(int pt)
    {
        (string Name, int Clock, int Channels)? entry = pt switch
        {
            0 => ("PCMU", 8000, 1),
            3 => ("GSM", 8000, 1),
            4 => ("G723", 8000, 1),
            8 => ("PCMA", 8000, 1),
            9 => ("G722", 8000, 1),
            13 => ("CN", 8000, 1),
            15 => ("G728", 8000, 1),
            18 => ("G729", 8000, 1),
            26 => ("JPEG", 90000, 0),
            31 => ("H261", 90000, 0),
            34 => ("H263", 90000, 0),
            _ => null,
        };
        return entry is var (name, clock, channels) ? new(new PayloadType((byte)pt), name, clock, channels) : null;
    }

    private static IEnumerable<string> Values(SdpMedia media, string attribute, int pt, bool wildcard)
    {
        foreach (var value in media.Attributes.All(attribute))
        {
            var space = value.IndexOfAny([' ', '\t']);
            if (space <= 0) continue;
            var key = value.AsSpan(0, space);
            if (SdpText.Int(key, 0, 127, out var n) ? n == pt : wildcard && key is "*") yield return value[(space + 1)..].Trim();
        }
    }
}
