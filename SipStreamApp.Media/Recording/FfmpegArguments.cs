using System.Globalization;
using System.Text;

namespace SipStreamApp.Media.Recording;

/// <summary>Command lines for finishing. Pure.</summary>
internal static class FfmpegArguments
{
    private static readonly string[] Common = ["-hide_banner", "-nostdin", "-y", "-v", "error", "-progress", "pipe:1", "-stats_period", "0.5"];
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p"];

    // Holes become silence, and a clock that ran differently is made up for: sound stays with the picture over hours.
    private static readonly string[] Even = ["-af", "aresample=async=1000:first_pts=0", "-ar", "48000"];

    /// <summary>Parts, or one part, to the finished file.</summary>
    /// <param name="input">A part, or a list of parts of the same format.</param>
    /// <param name="isList">True for a list.</param>
    /// <param name="hasVideo">Whether there is a picture.</param>
    /// <param name="copyVideo">True where the picture is H.264 already.</param>
    /// <param name="hasAudio">Whether there is sound.</param>
    /// <param name="output">Where to.</param>
    public static List<string> Finish(string input, bool isList, bool hasVideo, bool copyVideo, bool hasAudio, string output)
    {
        List<string> a = [.. Common];
        if (isList) a.AddRange(["-f", "concat"]);
        a.AddRange(["-i", input]);
        if (hasVideo) a.AddRange(["-map", "0:v:0", .. copyVideo ? ["-c:v", "copy"] : H264]);
        if (hasAudio) a.AddRange(["-map", "0:a:0", .. Even, "-c:a", "aac", "-b:a", "128k"]);
        a.AddRange(["-video_track_timescale", "90000", "-movflags", "+faststart", "-f", hasVideo ? "mp4" : "ipod", output]);
        return a;
    }

    /// <summary>One part to what parts are joined of: H.264 of one size and plain sound, black and silence where a track is missing.</summary>
    public static List<string> Normalise(RecordedPart part, bool wantsVideo, bool wantsAudio, int width, int height, string output)
    {
        List<string> a = [.. Common, "-i", part.Path];
        var (length, next, size) = (Seconds(part.End - part.Start), 1, string.Create(CultureInfo.InvariantCulture, $"{width & ~1}:{height & ~1}"));
        var maps = new List<string>();
        if (wantsVideo && part.Video is not null)
        {
            maps.AddRange(["-map", "0:v:0", "-vf", $"scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2,pad={size}:(ow-iw)/2:(oh-ih)/2,setsar=1"]);
        }
        else if (wantsVideo)
        {
            a.AddRange(["-f", "lavfi", "-t", length, "-i", $"color=black:r=10:s={size.Replace(':', 'x')}"]);
            maps.AddRange(["-map", $"{next++}:v:0"]);
        }

        if (wantsAudio && part.Audio is not null)
        {
            maps.AddRange(["-map", "0:a:0"]);
        }
        else if (wantsAudio)
        {
            a.AddRange(["-f", "lavfi", "-t", length, "-i", "anullsrc=r=48000:cl=stereo"]);
            maps.AddRange(["-map", $"{next}:a:0"]);
        }

        a.AddRange(maps);
        if (wantsVideo) a.AddRange(H264);
        if (wantsAudio) a.AddRange([.. Even, "-ac", "2", "-c:a", "pcm_s16le"]);
        a.AddRange(["-video_track_timescale", "90000", "-f", "mov", output]);
        return a;
    }

    /// <summary>The list that joins parts at the times they had.</summary>
    public static string List(IReadOnlyList<RecordedPart> parts, IReadOnlyList<string> files)
    {
        var list = new StringBuilder("ffconcat version 1.0\n");
        for (var i = 0; i < parts.Count; i++)
        {
            list.Append("file ").Append(Path.GetFileName(files[i])).Append('\n');
            if (i + 1 < parts.Count) list.Append("duration ").Append(Seconds(parts[i + 1].Start - parts[i].Start)).Append('\n');
        }

        return list.ToString();
    }

    /// <summary>A still picture out of a finished file.</summary>
    public static List<string> Poster(string file, TimeSpan at, string output) =>
        ["-hide_banner", "-nostdin", "-y", "-v", "error", "-ss", Seconds(at), "-i", file, "-frames:v", "1", "-vf", "scale='min(640,iw)':-2", "-q:v", "4", "-f", "mjpeg", output];

    /// <summary>How far it is, out of a line of -progress; null where the line says something else.</summary>
    public static TimeSpan? Progress(string line) =>
        line.StartsWith("out_time_us=", StringComparison.Ordinal) && long.TryParse(line.AsSpan(12), NumberStyles.Integer, CultureInfo.InvariantCulture, out var us)
            ? TimeSpan.FromMicroseconds(us) : null;

    private static string Seconds(TimeSpan time) => Math.Max(0, time.TotalSeconds).ToString("0.######", CultureInfo.InvariantCulture);
}
