using Microsoft.AspNetCore.Components;
using SipStreamApp.Components.Doors;
using SipStreamApp.Hosting.Effective;

namespace SipStreamApp.Components.Pages.Settings;

/// <summary>Settings: what the program runs with, by section, with where each value comes from and what it means.</summary>
public partial class SettingsPage
{
    private SettingsSection _section = SettingsSection.All[0];
    private IReadOnlyList<string> _waiting = [];
    private string _text = "";

    /// <summary>The section; the first one where it is missing.</summary>
    [Parameter]
    public string? Slug { get; set; }

    [Inject]
    private SettingsDoor Effective { get; set; } = default!;

    private IReadOnlyList<EffectiveSetting> Shown =>
        [.. Effective.All.Where(s => _text.Length == 0 ? SettingsSection.Of(s) == _section : Holds(s, _text.Trim()))];

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        // Who goes to a section wants to see it whole.
        if (_section != SettingsSection.Of(Slug)) _text = "";
        (_section, _waiting) = (SettingsSection.Of(Slug), Effective.Waiting);
    }

    private static bool Holds(EffectiveSetting setting, string text) =>
        new[] { setting.Key, setting.Name, setting.Value, setting.From, setting.Explanation }.Any(t => t.Contains(text, StringComparison.OrdinalIgnoreCase));
}
