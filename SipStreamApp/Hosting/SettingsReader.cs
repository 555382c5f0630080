using System.Globalization;
using System.Net;

namespace SipStreamApp.Hosting;

/// <summary>Reads single settings and gathers everything that is wrong with them, in plain words.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    /// <summary>What is wrong, one sentence each.</summary>
    public List<string> Problems { get; } = [];

    public string Text(string key, string fallback) => configuration[key] is { } text ? text.Trim() : fallback;

    /// <summary>True where something stands there.</summary>
    public bool IsSet(string key) => !string.IsNullOrWhiteSpace(configuration[key]);

    public int Number(string key, int fallback, int least, int most)
    {
        var text = Text(key, "");
        if (text.Length == 0) return fallback;
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        Wrong(key, text, $"a whole number from {least} to {most}");
        return fallback;
    }

    public bool Flag(string key, bool fallback)
    {
        var text = Text(key, "");
        if (text.Length == 0) return fallback;
        if (bool.TryParse(text, out var value)) return value;
        Wrong(key, text, "true or false");
        return fallback;
    }

    public string Address(string key, string fallback, bool mayBeEmpty)
    {
        var text = Text(key, fallback);
        if (text.Length == 0 && mayBeEmpty) return text;
        if (text.Length == 0) return fallback;
        if (IPAddress.TryParse(text, out _)) return text;
        Wrong(key, text, "an IP address such as 192.0.2.10" + (mayBeEmpty ? ", or empty" : " (0.0.0.0 for all)"));
        return fallback;
    }

    public string PortRange(string key, string fallback)
    {
        var text = Text(key, fallback);
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length == 2 && Port(parts[0]) is { } first && Port(parts[1]) is { } last && first >= 1024 && last - first >= 3) return $"{first}-{last}";
        Wrong(key, text, "two ports \"first-last\" from 1024 to 65535 with at least 4 ports between them, such as 30000-31000");
        return fallback;

        static int? Port(string part) => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port : null;
    }

    public string Codecs(string key, string fallback, IReadOnlyCollection<string> known)
    {
        var text = Text(key, fallback);
        if (text.Length == 0) return fallback;
        var names = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = names.Select(n => known.FirstOrDefault(k => k.Equals(n, StringComparison.OrdinalIgnoreCase))).ToList();
        if (found.Count > 0 && !found.Contains(null) && found.Distinct().Count() == found.Count) return string.Join(',', found);
        Wrong(key, text, $"a comma-separated list out of {string.Join(", ", known)}, each once");
        return fallback;
    }

    /// <summary>A list given as one string or as an array.</summary>
    public IReadOnlyList<string> List(string key) =>
        configuration[key] is { } one ? [one] : [.. configuration.GetSection(key).GetChildren().Select(c => c.Value ?? "")];

    /// <summary>Names of the keys in a section.</summary>
    public IReadOnlyList<string> Sections(string key) => [.. configuration.GetSection(key).GetChildren().Select(c => c.Key)];

    public void Wrong(string key, string given, string expected) => Problems.Add($"{key} is \"{given}\"; it must be {expected}.");
}
