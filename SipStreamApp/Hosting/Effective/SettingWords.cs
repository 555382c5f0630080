using System.Text;

namespace SipStreamApp.Hosting.Effective;

/// <summary>Names and values of settings for people. Pure.</summary>
internal static class SettingWords
{
    /// <summary>What stands for a secret that is set.</summary>
    public const string Hidden = "••••••";

    private static readonly (string Ending, string Unit)[] Units =
    [
        ("Seconds", "s"), ("Minutes", "min"), ("Days", "days"), ("Megabytes", "MB"), ("Kbps", "kbit/s"), ("Ms", "ms"),
    ];

    // Where the words of the key say too little.
    private static readonly Dictionary<string, string> Own = new()
    {
        ["Recording:RotationMegabytes"] = "New file by size", ["Recording:RotationMinutes"] = "New file by time", ["Recording:MinFreeMegabytes"] = "Least free space",
        ["Recording:RetentionDays"] = "Recordings kept", ["Webhook:RetentionDays"] = "Deliveries kept", ["Serilog:MinimumLevel:Default"] = "Log level",
        ["Cors:Origins"] = "Pages of other sites", ["Playback:Access"] = "Who may play",
    };

    private static readonly string[] Secrets = ["Secret", "Password", "Token", "Credential"];

    private static readonly Dictionary<string, string> Acronyms = new() { ["Sip"] = "SIP", ["Rtp"] = "RTP", ["Url"] = "URL", ["Urls"] = "URLs", ["Rest"] = "REST" };

    /// <summary>"Sip:RingTimeoutSeconds" reads "Ring timeout".</summary>
    public static string Name(string key)
    {
        if (Own.GetValueOrDefault(key) is { } own) return own;
        if (key.StartsWith("Serilog:MinimumLevel:", StringComparison.Ordinal)) return key.Split(':')[^1];
        var name = key.Split(':')[^1];
        foreach (var (ending, _) in Units)
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal)) name = name[..^ending.Length];

        var words = Words(name).Select(w => Acronyms.GetValueOrDefault(w) ?? w.ToLowerInvariant());
        var text = string.Join(' ', words);
        return text.Length == 0 ? key : char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>The value as it may be shown: secrets hidden, addresses without what could be one, figures with their unit.</summary>
    public static string Value(string key, string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        var name = key.Split(':')[^1];
        if (IsSecret(key)) return Hidden;
        if (name.EndsWith("Url", StringComparison.Ordinal)) return Address(value);
        if (name is "Connection" && value.Contains("Password", StringComparison.OrdinalIgnoreCase)) return Hidden;
        if (bool.TryParse(value, out var flag)) return flag ? "true" : "false";
        return Units.FirstOrDefault(u => name.EndsWith(u.Ending, StringComparison.Ordinal)).Unit is { } unit ? $"{value} {unit}" : value;
    }

    /// <summary>True for keys whose value nobody may see. Rather one too many.</summary>
    public static bool IsSecret(string key)
    {
        var name = key.Split(':')[^1];
        return name.EndsWith("Key", StringComparison.OrdinalIgnoreCase) || Secrets.Any(w => name.Contains(w, StringComparison.OrdinalIgnoreCase));
    }

    private static string Address(string value) => Uri.TryCreate(value, UriKind.Absolute, out var uri)
        ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + (uri.PathAndQuery is "/" or "" ? "" : "/…")
        : Hidden;

    private static IEnumerable<string> Words(string name)
    {
        var word = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            word.Append(c);
        }

        if (word.Length > 0) yield return word.ToString();
    }
}
