using System.Text.Json;
using System.Text.RegularExpressions;

namespace SipStreamApp.Hosting.Effective;

/// <summary>One key of the manual.</summary>
/// <param name="Key">"Sip:Port".</param>
/// <param name="Default">Its value as the program is delivered; text as in the configuration.</param>
/// <param name="Explanation">The comment above it, or above what it stands in.</param>
internal sealed record ManualEntry(string Key, string Default, string Explanation);

/// <summary>
/// appsettings.json as it is delivered, which is the manual of all settings: travels inside of the program, so that explanations are there
/// whatever became of the file beside it. Read by lines, as people do.
/// </summary>
internal static partial class SettingsManual
{
    private const string Resource = "appsettings.json";

    public static IReadOnlyList<ManualEntry> Entries { get; } = Parse(Text());

    /// <summary>The keys with the comments above them, in their order. Pure.</summary>
    public static IReadOnlyList<ManualEntry> Parse(string text)
    {
        var entries = new List<ManualEntry>();
        var path = new List<(string Name, string Explanation)>();
        var comment = new List<string>();
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.StartsWith("//", StringComparison.Ordinal))
            {
                comment.Add(line[2..].Trim());
                continue;
            }

            if (Entry().Match(line) is { Success: true } entry)
            {
                var name = entry.Groups[1].Value;
                var explanation = comment.Count > 0 ? string.Join(' ', comment) : path.Count > 0 ? path[^1].Explanation : "";
                if (line.EndsWith('{')) path.Add((name, explanation));
                else entries.Add(new ManualEntry(string.Join(':', [.. path.Select(p => p.Name), name]), Value(entry.Groups[2].Value), explanation));
            }
            else if (line.StartsWith('}') && path.Count > 0)
            {
                path.RemoveAt(path.Count - 1);
            }

            comment.Clear();
        }

        return entries;
    }

    private static string Value(string json)
    {
        try
        {
            using var value = JsonDocument.Parse(json);
            return value.RootElement.ValueKind switch
            {
                JsonValueKind.String => value.RootElement.GetString()!,
                JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null => "",
                _ => value.RootElement.GetRawText(),
            };
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static string Text()
    {
        using var stream = typeof(SettingsManual).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The program was built without {Resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^""([^""]+)""\s*:\s*(.*?),?$")]
    private static partial Regex Entry();
}
