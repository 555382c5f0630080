using SipStreamApp.Hosting.Effective;

namespace SipStreamApp.Components.Pages.Settings;

/// <summary>A section of the page Settings.</summary>
/// <param name="Slug">In the address: /settings/sip.</param>
/// <param name="Title">Its name.</param>
/// <param name="Docs">The page of the manual it belongs to, in the folder docs; empty for none.</param>
/// <param name="Prefixes">First parts of the keys it shows.</param>
internal sealed record SettingsSection(string Slug, string Title, string Docs, params string[] Prefixes)
{
    /// <summary>All of them, in their order. What no other one shows is in the first.</summary>
    public static IReadOnlyList<SettingsSection> All { get; } =
    [
        new("general", "General", "configuration.md", "Urls", "Data", "Limits", "Cors", "Signalling", "Shutdown", "Migration"),
        new("sip", "SIP", "sip.md", "Sip"),
        new("media", "Media", "codecs.md", "Media"),
        new("webrtc", "WebRTC", "webrtc.md", "WebRtc"),
        new("recording", "Recording", "recording.md", "Recording"),
        new("push", "Push", "push.md", "Push"),
        new("playback", "Playback & links", "security.md", "Playback"),
        new("security", "Security", "security.md", "Security", "Kestrel"),
        new("webhook", "Webhook & hooks", "hooks.md", "Webhook", "Hooks"),
        new(Retention, "History & retention", "recording.md", "History"),
        new("log", "Log", "configuration.md", "Serilog"),
        new("appearance", "Appearance", ""),
        new("about", "About", ""),
    ];

    private const string Retention = "retention";

    /// <summary>The section of an address; the first where there is none of that name.</summary>
    public static SettingsSection Of(string? slug) => All.FirstOrDefault(s => s.Slug == slug) ?? All[0];

    /// <summary>The section a setting is shown in. How long things are kept stands together.</summary>
    public static SettingsSection Of(EffectiveSetting setting)
    {
        if (setting.Key.EndsWith("RetentionDays", StringComparison.Ordinal)) return Of(Retention);
        var first = setting.Key.Split(':')[0];
        return All.FirstOrDefault(s => s.Prefixes.Contains(first, StringComparer.OrdinalIgnoreCase)) ?? All[0];
    }
}
