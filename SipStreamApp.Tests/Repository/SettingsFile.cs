using System.Text.RegularExpressions;

namespace SipStreamApp.Tests.Repository;

/// <summary>The keys of appsettings.json with the comment above each, read by lines: the file is a manual first.</summary>
internal static partial class SettingsFile
{
    /// <summary>Every key as "Section:Key", whether it holds a section, and whether a comment stands directly above it.</summary>
    public static IReadOnlyList<(string Key, bool IsSection, bool Explained)> Read()
    {
        var keys = new List<(string, bool, bool)>();
        var path = new List<string>();
        var above = "";
        foreach (var raw in File.ReadLines(Path.Combine(SourceTree.Root, "appsettings.json")))
        {
            var line = raw.Trim();
            if (Entry().Match(line) is { Success: true } entry)
            {
                var isSection = line.EndsWith('{');
                keys.Add((string.Join(':', [.. path, entry.Groups[1].Value]), isSection, above.StartsWith("//", StringComparison.Ordinal)));
                if (isSection) path.Add(entry.Groups[1].Value);
            }
            else if (line.StartsWith('}') && path.Count > 0)
            {
                path.RemoveAt(path.Count - 1);
            }

            above = line;
        }

        return keys;
    }

    [GeneratedRegex(@"^""([^""]+)""\s*:")]
    private static partial Regex Entry();
}
