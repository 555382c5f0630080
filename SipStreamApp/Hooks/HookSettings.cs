using System.Collections.Frozen;
using SipStreamApp.Hosting;

namespace SipStreamApp.Hooks;

/// <summary>Settings of the REST hooks (section Hooks).</summary>
internal sealed record HookSettings
{
    /// <summary>How long a backend may take, seconds, 0-600; 0: no limit.</summary>
    public int TimeoutSeconds { get; init; } = 15;

    /// <summary>Key of the header <c>Authorization: WCS …</c>; empty: no header. Never shown.</summary>
    public string Secret { get; init; } = "";

    /// <summary>Backends by appKey.</summary>
    public IReadOnlyDictionary<string, HookApp> Apps { get; init; } = FrozenDictionary<string, HookApp>.Empty;

    public static HookSettings Read(SettingsReader read)
    {
        var isEnabled = read.Flag("Hooks:Enabled", true);
        var apps = new Dictionary<string, HookApp>(StringComparer.OrdinalIgnoreCase);
        foreach (var app in read.Sections("Hooks:Apps"))
        {
            var key = $"Hooks:Apps:{app}:Url";
            var url = read.Text(key, "");
            if (url.Length == 0) continue;
            if (!Uri.TryCreate(url.TrimEnd('/'), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length > 0)
            {
                // Not repeated: somebody may have written a password into it.
                read.Problems.Add($"{key} must be an http or https address without user, query and fragment, such as http://127.0.0.1:8085/hooks.");
                continue;
            }

            var methods = read.List($"Hooks:Apps:{app}:Methods").SelectMany(m => m.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            apps[app] = new HookApp(uri, methods.ToFrozenSet(StringComparer.OrdinalIgnoreCase));
        }

        return new HookSettings
        {
            TimeoutSeconds = read.Number("Hooks:TimeoutSeconds", 15, 0, 600),
            Secret = read.Text("Hooks:Secret", ""),
            Apps = isEnabled ? apps.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase) : FrozenDictionary<string, HookApp>.Empty,
        };
    }
}

/// <summary>The backend of one application.</summary>
/// <param name="Url">Address the name of the hook is put behind.</param>
/// <param name="Methods">Hooks it wants; empty: all.</param>
internal sealed record HookApp(Uri Url, IReadOnlySet<string> Methods)
{
    public bool Wants(string hook) => Methods.Count == 0 || Methods.Contains(hook);
}
