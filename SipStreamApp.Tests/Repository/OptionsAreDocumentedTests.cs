using System.Reflection;
using System.Text.RegularExpressions;
using SipStreamApp.Media.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Repository;

/// <summary>appsettings.json is the manual: every option is in it with its explanation, and nothing that has no effect.</summary>
public partial class OptionsAreDocumentedTests
{
    private static readonly HashSet<string> Written = [.. SettingsFile.Read().Where(k => !k.IsSection).Select(k => k.Key)];

    [Fact]
    public void EngineOptions_AreAllInTheFile() => Assert.Empty(EngineKeys().Except(Written));

    [Fact]
    public void KeysTheProgramReads_AreAllInTheFile()
    {
        var read = ReadKeys();
        Assert.True(read.Count > 10, "The places that read settings were not found.");
        Assert.Empty(read.Except(Written));
    }

    [Fact]
    public void KeysInTheFile_AreAllRead()
    {
        var unread = Written.Except(ReadKeys()).ToList();
        unread.RemoveAll(k => k.StartsWith("Serilog:", StringComparison.Ordinal));
        Assert.Empty(unread);
    }

    // Serilog reads its section itself; it is explained as a whole.
    [Fact]
    public void KeysInTheFile_AreExplainedDirectlyAbove() => Assert.Empty(SettingsFile.Read()
        .Where(k => !k.Explained && (!k.IsSection || k.Key == "Serilog") && !k.Key.StartsWith("Serilog:", StringComparison.Ordinal)).Select(k => k.Key));

    [Fact]
    public void EngineOptions_HaveTheirDefaultsInTheFile()
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, "appsettings.json"));
        var differing = from section in Sections()
                        let defaults = section.GetValue(new EngineOptions())
                        from option in section.PropertyType.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                        let value = option.GetValue(defaults) switch { string s => $"\"{s}\"", bool b => b ? "true" : "false", var other => $"{other}" }
                        where !Regex.IsMatch(text, $"\"{section.Name}\": \\{{[^}}]*\"{option.Name}\": {Regex.Escape(value)}[,\\s]")
                        select $"{section.Name}:{option.Name} is {value} in the code";
        Assert.Empty(differing);
    }

    private static IEnumerable<PropertyInfo> Sections() =>
        typeof(EngineOptions).GetProperties().Where(p => p.PropertyType.Namespace == typeof(EngineOptions).Namespace);

    private static IEnumerable<string> EngineKeys() =>
        from section in Sections()
        from option in section.PropertyType.GetProperties(BindingFlags.Instance | BindingFlags.Public)
        select $"{section.Name}:{option.Name}";

    private static HashSet<string> ReadKeys() =>
    [
        .. from file in SourceTree.Files("SipStreamApp", ".cs", ".razor")
           from Match match in ReadPlace().Matches(File.ReadAllText(file))
           select match.Groups[1].Value,
    ];

    // read.Number("Sip:Port", …) as SettingsLoader does it, and plain configuration["…"].
    [GeneratedRegex(@"(?:\bread\.(?:Text|Number|Flag|Address|PortRange|Codecs|List|Sections)\(|[cC]onfiguration\[)""([A-Za-z:]+)""")]
    private static partial Regex ReadPlace();
}
