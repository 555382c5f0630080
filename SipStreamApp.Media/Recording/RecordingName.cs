using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SipStreamApp.Media.Recording;

/// <summary>Makes file names of templates. Whatever the values hold, the result stays inside the folder of recordings.</summary>
public static partial class RecordingName
{
    // ext4 takes 255 bytes; room for "-999.mp4" and for tools that append something.
    private const int MaxSegmentBytes = 200;
    private const int MaxSegments = 4;

    /// <summary>What may stand in a template, each in braces.</summary>
    public static ImmutableArray<string> Variables { get; } =
        ["streamName", "callId", "mediaSessionId", "login", "startTime", "endTime", "startTimeMillis", "endTimeMillis", "audioCodec", "videoCodec"];

    /// <summary>What is wrong with a template, or null.</summary>
    public static string? Check(string template)
    {
        if (string.IsNullOrWhiteSpace(template) || template.Length > 300) return "must have 1 to 300 characters";
        foreach (Match match in Variable().Matches(template))
            if (!Variables.Contains(match.Groups[1].Value)) return $"has {match.Value}, which is none of {string.Join(", ", Variables.Select(v => $"{{{v}}}"))}";

        return template.Split('/').Length > MaxSegments ? $"has more than {MaxSegments - 1} slashes" : null;
    }

    /// <summary>The relative path, with '/' and without an ending. What is not known yet stays as it stands in the template.</summary>
    internal static string Make(string template, RecordingSnapshot of)
    {
        var segments = new List<string>();
        foreach (var part in template.Split('/').Take(MaxSegments))
        {
            var text = Variable().Replace(part, m => Value(m.Groups[1].Value, of) is { } value ? Clean(value, false) : m.Value);
            if (Limit(Clean(text, true)) is { Length: > 0 } clean) segments.Add(clean);
        }

        return segments.Count > 0 ? string.Join('/', segments) : of.Id;
    }

    private static string? Value(string name, RecordingSnapshot of) => name switch
    {
        "streamName" => of.StreamName.Value,
        "callId" => of.CallId?.Value ?? "",
        "mediaSessionId" => of.MediaSessionId,
        "login" => of.Login,
        "startTime" => Time(of.StartedAt),
        "endTime" => of.EndedAt is { } end ? Time(end) : null,
        "startTimeMillis" => of.StartedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        "endTimeMillis" => of.EndedAt?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        "audioCodec" => of.AudioCodec ?? (of.EndedAt is null ? null : "none"),
        "videoCodec" => of.VideoCodec ?? (of.EndedAt is null ? null : "none"),
        _ => null,
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture);

    // Letters and digits of any script stay; whatever a file system or a shell could take for something else does not.
    private static string Clean(string text, bool braces)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text) clean.Append(char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or ' ' or '+' or '@' or '=' or ',' || (braces && c is '{' or '}') ? c : '_');
        return clean.ToString();
    }

    private static string Limit(string segment)
    {
        // No hidden files, no "..", no trailing dots or blanks; surrogates went away above.
        segment = segment.TrimStart('.', ' ', '-').TrimEnd('.', ' ');
        while (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes) segment = segment[..^1];
        return segment;
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Variable();
}
