// RFC 8866 section 6.15 and RFC 6184 section 8.1: format parameters "name=value;name=value".
using System.Collections.Immutable;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Sdp;

internal static class SdpFmtp
{
    /// <summary>The value of a parameter; empty where it is not there.</summary>
    public static ReadOnlySpan<char> Find(ReadOnlySpan<char> fmtp, ReadOnlySpan<char> name)
    {
        while (!fmtp.IsEmpty)
        {
            var end = fmtp.IndexOf(';');
            var part = (end < 0 ? fmtp : fmtp[..end]).Trim();
            fmtp = end < 0 ? default : fmtp[(end + 1)..];
            var equals = part.IndexOf('=');
            if (equals > 0 && part[..equals].TrimEnd().Equals(name, StringComparison.OrdinalIgnoreCase)) return part[(equals + 1)..].Trim();
        }

        return default;
    }

    /// <summary>profile-level-id as six lower-case hex digits, or null.</summary>
    public static string? ProfileLevelId(ReadOnlySpan<char> fmtp)
    {
        var value = Find(fmtp, "profile-level-id");
        if (value.Length != 6) return null;
        foreach (var c in value) if (!char.IsAsciiHexDigit(c)) return null;
        return value.ToString().ToLowerInvariant();
    }

    /// <summary>An H.264 format with profile and, from sprop-parameter-sets, the first SPS and PPS.</summary>
    public static TrackFormat ReadH264(ReadOnlySpan<char> fmtp)
    {
        ImmutableArray<byte> sps = [], pps = [];
        var sets = Find(fmtp, "sprop-parameter-sets");
        while (!sets.IsEmpty)
        {
            var comma = sets.IndexOf(',');
            var part = (comma < 0 ? sets : sets[..comma]).Trim();
            sets = comma < 0 ? default : sets[(comma + 1)..];
            if (Decode(part) is not { Length: > 1 } nal) continue;
            switch (nal[0] & 0x1F)
            {
                // Four bytes are the least an SPS has: header, profile_idc, constraints, level_idc.
                case 7 when sps.IsEmpty && nal.Length >= 4: sps = [.. nal]; break;
                case 8 when pps.IsEmpty: pps = [.. nal]; break;
            }
        }

        return TrackFormat.Default(Codec.H264) with { ProfileLevelId = ProfileLevelId(fmtp), Sps = sps, Pps = pps };
    }

    // Some encoders leave out the '=' padding.
    private static byte[]? Decode(ReadOnlySpan<char> base64)
    {
        var text = base64.TrimEnd('=').ToString();
        if (text.Length is 0 or > 4096) return null;
        text = text.PadRight((text.Length + 3) / 4 * 4, '=');
        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var written) ? bytes[..written] : null;
    }
}
