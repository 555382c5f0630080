using System.Globalization;

namespace SipStreamApp.Media.Hls;

/// <summary>What a file name in a playlist means.</summary>
internal enum HlsNameKind
{
    /// <summary>An init segment.</summary>
    Init,

    /// <summary>A whole segment.</summary>
    Segment,

    /// <summary>A part of one.</summary>
    Part,
}

/// <summary>A name as <see cref="HlsPlaylist"/> writes it, taken apart.</summary>
internal readonly record struct HlsName(HlsNameKind Kind, string Run, long Number, int Part)
{
    /// <summary>Reads "init-RUN-0.mp4", "seg-RUN-12.m4s" or "part-RUN-12-3.m4s".</summary>
    public static bool TryParse(string text, out HlsName name)
    {
        name = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || text.Length > 64) return false;
        var (words, ending) = (text[..dot].Split('-'), text[dot..]);
        HlsNameKind? kind = (words[0], words.Length, ending) switch
        {
            ("init", 3, ".mp4") => HlsNameKind.Init,
            ("seg", 3, ".m4s") => HlsNameKind.Segment,
            ("part", 4, ".m4s") => HlsNameKind.Part,
            _ => null,
        };
        var part = 0;
        if (kind is null || !long.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        if (kind == HlsNameKind.Part && !int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out part)) return false;
        name = new HlsName(kind.Value, words[1], number, part);
        return true;
    }
}
