using System.Collections.Immutable;
using System.Globalization;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Fills in a <see cref="TrackFormat"/> from parameter sets.</summary>
internal static class H264Format
{
    /// <summary>The same track with these sets, and with profile, level and size read from them.</summary>
    public static TrackFormat Describe(TrackFormat format, ImmutableArray<byte> sps, ImmutableArray<byte> pps)
    {
        var described = format with { Sps = sps, Pps = pps };
        if (!SpsInfo.TryParse(sps.AsSpan(), out var info)) return described;
        return described with { ProfileLevelId = info.ProfileLevelId, Width = info.Width, Height = info.Height };
    }

    /// <summary>The codec string of RFC 6381 for MSE and HLS ("avc1.42e01f"), or null before the profile is known.</summary>
    public static string? CodecString(TrackFormat format)
    {
        if (format.Sps is { IsDefault: false, Length: >= 4 } sps)
            return string.Create(CultureInfo.InvariantCulture, $"avc1.{sps[1]:x2}{sps[2]:x2}{sps[3]:x2}");
        return format.ProfileLevelId is { } id ? "avc1." + id.ToLowerInvariant() : null;
    }
}
