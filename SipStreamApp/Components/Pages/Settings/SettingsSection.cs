using SipStreamApp.Hosting.Effective;
using static SipStreamApp.Resources.Texts;

namespace SipStreamApp.Components.Pages.Settings;

/// <summary>A section of the page Settings.</summary>
/// <param name="Slug">In the address: /settings/sip.</param>
/// <param name="Name">Its name, in the language of whom it is asked for.</param>
/// <param name="Docs">The page of the manual it belongs to, in the folder docs; empty for none.</param>
/// <param name="Prefixes">First parts of the keys it shows.</param>
internal sealed record SettingsSection(string Slug, Func<string> Name, string Docs, params string[] Prefixes)
{
    /// <summary>All of them, in their order. What no other one shows is in the first.</summary>
    public static IReadOnlyList<SettingsSection> All { get; } =
    [
        new("general", () => L("General"), "configuration.md", "Urls", "Data", "Limits", "Cors", "Signalling", "Shutdown", "Migration"),
        new("sip", () => "SIP", "sip.md", "Sip"),
        new("media", () => L("Media"), "codecs.md", "Media"),
        new("webrtc", () => "WebRTC", "webrtc.md", "WebRtc"),
        new("recording", () => L("Recording"), "recording.md", "Recording"),
        new("push", () => L("Push"), "push.md", "Push"),
        new("playback", () => L("Playback & links"), "security.md", "Playback"),
        new("security", () => L("Security"), "security.md", "Security", "Kestrel"),
        new("webhook", () => L("Webhook & hooks"), "hooks.md", "Webhook", "Hooks"),
        new(Retention, () => L("History & retention"), "recording.md", "History"),
        new("log", () => L("Log"), "configuration.md", "Serilog"),
        new("appearance", () => L("Appearance"), ""),
        new("about", () => L("About"), ""),
    ];

    private const string Retention = "retention";

    /// <summary>Its name, for people.</summary>
    public string Title => Name();

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
