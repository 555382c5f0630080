// RFC 6381 section 3.3: the codecs parameter; "avc1.PPCCLL", "mp4a.40.2", "opus", "vp08.00.10.08" (VP codec ISO media file format binding).
using System.Globalization;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>Names of what a presentation holds, as MediaSource and HLS playlists want them.</summary>
internal static class Mp4Codecs
{
    /// <summary>The codec string of one track, or null before it is known. Browsers know neither "ulaw", "alaw" nor G.722.</summary>
    public static string? CodecString(TrackFormat format) => format.Codec switch
    {
        Codec.H264 => H264Format.CodecString(format),
        Codec.Vp8 => "vp08.00.10.08",
        Codec.Opus => "opus",
        Codec.Aac => string.Create(CultureInfo.InvariantCulture, $"mp4a.40.{AacConfig.ObjectType(format)}"),
        Codec.Pcmu => "ulaw",
        Codec.Pcma => "alaw",
        _ => null,
    };

    /// <summary>True where browsers play this codec out of MP4.</summary>
    public static bool PlaysInBrowsers(Codec codec) => codec is Codec.H264 or Codec.Opus or Codec.Aac;

    /// <summary>The codec strings of all tracks with commas between, picture first; null while one is unknown.</summary>
    public static string? CodecList(IReadOnlyList<Mp4Track> tracks)
    {
        var names = tracks.OrderBy(t => t.IsVideo ? 0 : 1).Select(t => CodecString(t.Format)).ToArray();
        return names.Length == 0 || names.Contains(null) ? null : string.Join(',', names);
    }

    /// <summary>The argument of <c>MediaSource.addSourceBuffer</c>; null while a track is unknown.</summary>
    public static string? MimeType(IReadOnlyList<Mp4Track> tracks) =>
        CodecList(tracks) is { } list ? $"{(tracks.Any(t => t.IsVideo) ? "video" : "audio")}/mp4; codecs=\"{list}\"" : null;
}
