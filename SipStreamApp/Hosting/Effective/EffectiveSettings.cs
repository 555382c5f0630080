using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using SipStreamApp.Wcs;

namespace SipStreamApp.Hosting.Effective;

/// <summary>A setting as the program runs with it. Secrets are hidden.</summary>
/// <param name="Key">"Sip:Port".</param>
/// <param name="Name">The same in words.</param>
/// <param name="Value">What it is; empty for nothing.</param>
/// <param name="From">Where it comes from; "default" where it is as delivered.</param>
/// <param name="Explanation">What it means.</param>
public sealed record EffectiveSetting(string Key, string Name, string Value, string From, string Explanation)
{
    /// <summary>Somebody has set it to something else than it is delivered with.</summary>
    public bool IsChanged => From != EffectiveSettings.Default;
}

/// <summary>
/// The settings as they were read at the start, each with its explanation and where it comes from. The file may be edited meanwhile; what is in
/// it then counts from the next start on, and <see cref="Waiting"/> tells of it.
/// </summary>
internal sealed class EffectiveSettings
{
    public const string Default = "default";

    // What people put below a section that the manual shows only as a whole.
    private static readonly (string Section, string Explanation)[] Open =
    [
        ("Kestrel", "HTTPS and endpoints of the web server (Kestrel), beside Urls."),
    ];

    private readonly IConfigurationRoot _configuration;
    private readonly Dictionary<string, string?> _read;

    private EffectiveSettings(IConfigurationRoot configuration, IReadOnlyList<EffectiveSetting> all, Dictionary<string, string?> read) =>
        (_configuration, All, _read) = (configuration, all, read);

    /// <summary>All of them, in the order of the manual.</summary>
    public IReadOnlyList<EffectiveSetting> All { get; }

    /// <summary>Keys whose values were changed since the start and wait for the next one.</summary>
    public IReadOnlyList<string> Waiting => [.. _read.Where(r => (_configuration[r.Key] ?? "") != (r.Value ?? "")).Select(r => r.Key)];

    public static EffectiveSettings Read(IConfigurationRoot configuration, MigrationReport migration)
    {
        var all = new List<EffectiveSetting>();
        var read = new Dictionary<string, string?>();
        var known = SettingsManual.Entries.Select(e => e.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in SettingsManual.Entries)
        {
            var below = Below(configuration, entry.Key);
            if (below.Count == 0) Add(entry);
            foreach (var (key, _) in below.Where(b => !known.Contains(b.Key))) Add(new ManualEntry(key, "", entry.Explanation));
        }

        // Log levels of more than the manual's names, and the web server's own.
        foreach (var (section, explanation) in (IEnumerable<(string, string)>)[("Serilog", ""), .. Open])
            foreach (var (key, _) in Below(configuration, section).Where(b => !known.Contains(b.Key) && !read.ContainsKey(b.Key))) Add(new ManualEntry(key, "", explanation));
        return new EffectiveSettings(configuration, all, read);

        void Add(ManualEntry entry)
        {
            var (value, from) = Find(configuration, migration, entry.Key);
            read[entry.Key] = value;
            // true and True are the same to everybody who reads them.
            var isDefault = value is null || value.Trim().Equals(entry.Default, bool.TryParse(value, out _) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
            all.Add(new EffectiveSetting(entry.Key, SettingWords.Name(entry.Key), SettingWords.Value(entry.Key, value ?? entry.Default), isDefault ? Default : from, entry.Explanation));
        }
    }

    private static List<KeyValuePair<string, string?>> Below(IConfigurationRoot configuration, string key) =>
        [.. configuration.GetSection(key).AsEnumerable().Where(p => p.Key != key && p.Value is not null).OrderBy(p => p.Key, StringComparer.Ordinal)];

    private static (string? Value, string From) Find(IConfigurationRoot configuration, MigrationReport migration, string key)
    {
        foreach (var provider in configuration.Providers.Reverse())
        {
            if (!provider.TryGet(key, out var value)) continue;
            return (value, provider switch
            {
                CommandLineConfigurationProvider => "command line",
                EnvironmentVariablesConfigurationProvider => $"environment {key.Replace(":", "__", StringComparison.Ordinal)}",
                JsonConfigurationProvider file => Path.GetFileName(file.Source.Path) ?? "file",
                _ when migration.File is { } properties && migration.Settings.ContainsKey(key) => Path.GetFileName(properties),
                _ => "host",
            });
        }

        return (null, Default);
    }
}
