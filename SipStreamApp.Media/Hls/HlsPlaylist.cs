// RFC 8216 section 4, and draft-pantos-hls-rfc8216bis section 4.4: EXT-X-SERVER-CONTROL, EXT-X-PART-INF, EXT-X-PART, EXT-X-PRELOAD-HINT.
using System.Globalization;
using System.Text;

namespace SipStreamApp.Media.Hls;

/// <summary>Writes the media playlist, and the names in it.</summary>
internal static class HlsPlaylist
{
    public const string ContentType = "application/vnd.apple.mpegurl";

    /// <summary>Writes it.</summary>
    /// <param name="timeline">What there is.</param>
    /// <param name="options">Lengths.</param>
    /// <param name="run">Part of every name: what is fetched under one name never changes.</param>
    /// <param name="prefix">Path in front of the names; empty where they lie beside the playlist.</param>
    /// <param name="wallOfZero">Wall time of time 0; null before it is known.</param>
    public static string Write(HlsTimeline timeline, HlsOptions options, string run, string prefix, DateTimeOffset? wallOfZero)
    {
        var text = new StringBuilder(4096);
        var first = Math.Max(0, timeline.Whole - options.Listed);
        var segments = timeline.Segments;
        var gone = timeline.DiscontinuitiesGone;
        for (var i = 0; i < first; i++) if (segments[i].AfterDiscontinuity) gone++;
        text.Append(CultureInfo.InvariantCulture, $"#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:{(int)Math.Round(options.LongestSegment.TotalSeconds)}\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK={Seconds(options.PartTarget * 3)}\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-PART-INF:PART-TARGET={Seconds(options.PartTarget)}\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MEDIA-SEQUENCE:{(first < segments.Count ? segments[first].Number : timeline.NextNumber)}\n");
        if (gone > 0) text.Append(CultureInfo.InvariantCulture, $"#EXT-X-DISCONTINUITY-SEQUENCE:{gone}\n");

        var init = -1;
        for (var i = first; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.AfterDiscontinuity && i > first) text.Append("#EXT-X-DISCONTINUITY\n");
            if (segment.Init != init) text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MAP:URI=\"{prefix}{InitName(run, segment.Init)}\"\n");
            init = segment.Init;
            if (wallOfZero is { } zero)
                text.Append(CultureInfo.InvariantCulture, $"#EXT-X-PROGRAM-DATE-TIME:{(zero + segment.Start).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\n");
            if (segments.Count - i <= options.WithParts + 1) AddParts(text, segment, prefix, run);
            if (segment.Duration is { } duration)
                text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{Seconds(duration)},\n{prefix}{SegmentName(run, segment.Number)}\n");
        }

        if (timeline.HasEnded) text.Append("#EXT-X-ENDLIST\n");
        else text.Append(CultureInfo.InvariantCulture,
            $"#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"{prefix}{PartName(run, timeline.NextNumber, timeline.Open?.Parts.Count ?? 0)}\"\n");
        return text.ToString();
    }

    public static string InitName(string run, int init) => string.Create(CultureInfo.InvariantCulture, $"init-{run}-{init}.mp4");

    public static string SegmentName(string run, long number) => string.Create(CultureInfo.InvariantCulture, $"seg-{run}-{number}.m4s");

    public static string PartName(string run, long number, int part) => string.Create(CultureInfo.InvariantCulture, $"part-{run}-{number}-{part}.m4s");

    private static void AddParts(StringBuilder text, HlsSegment segment, string prefix, string run)
    {
        for (var i = 0; i < segment.Parts.Count; i++)
        {
            var part = segment.Parts[i];
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-PART:DURATION={Seconds(part.Duration)},URI=\"{prefix}{PartName(run, segment.Number, i)}\"");
            text.Append(part.IsIndependent ? ",INDEPENDENT=YES\n" : "\n");
        }
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.00000", CultureInfo.InvariantCulture);
}
