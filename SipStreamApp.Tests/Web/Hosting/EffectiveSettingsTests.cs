using Microsoft.Extensions.Configuration;
using SipStreamApp.Components.Pages.Settings;
using SipStreamApp.Hosting.Effective;
using SipStreamApp.Tests.Repository;
using SipStreamApp.Wcs;
using Xunit;

namespace SipStreamApp.Tests.Web.Hosting;

public sealed class EffectiveSettingsTests
{
    [Fact]
    public void Manual_TravelsInsideTheProgram_WithEveryKeyAndItsExplanation()
    {
        Assert.Equal(SettingsFile.Read().Where(k => !k.IsSection).Select(k => k.Key), SettingsManual.Entries.Select(e => e.Key));
        Assert.All(SettingsManual.Entries, e => Assert.NotEqual("", e.Explanation));
        var port = SettingsManual.Entries.Single(e => e.Key == "Sip:Port");
        Assert.Equal(("5062", "Local port for UDP and TCP, 0-65535; 0: any free one."), (port.Default, port.Explanation));
        Assert.StartsWith("Folder of the database", SettingsManual.Entries.Single(e => e.Key == "Data:Directory").Explanation, StringComparison.Ordinal);
        Assert.EndsWith("cannot be read any more.", SettingsManual.Entries.Single(e => e.Key == "Data:Directory").Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FromEveryPlace_SaysWhereItComesFrom()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["appsettings.json"], """{ "Sip": { "Port": 5070, "Address": "0.0.0.0", "DemoCallee": true }, "Hooks": { "Apps": { "shop": { "Url": "https://u:pw@shop.example.org/hooks?k=1" } } }, "Kestrel": { "Certificates": { "Default": { "Password": "hidden-1" } } } }""");
        Environment.SetEnvironmentVariable("SSATEST_Media__JitterBufferMs", "90");
        var configuration = new ConfigurationBuilder().AddJsonFile(folder["appsettings.json"])
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Push:AudioKbps"] = "128" })
            .AddEnvironmentVariables("SSATEST_").AddCommandLine(["--Sip:UserAgent", "Desk", "--Webhook:Secret", "hidden-2", "--Webhook:Url", "https://example.org/hidden-3"]).Build();
        Environment.SetEnvironmentVariable("SSATEST_Media__JitterBufferMs", null);
        var settings = EffectiveSettings.Read(configuration, new MigrationReport(folder["flashphoner.properties"], new Dictionary<string, string?> { ["Push:AudioKbps"] = "128" }, []));

        Assert.Equal(("5070", "appsettings.json"), Of("Sip:Port"));
        Assert.Equal(("0.0.0.0", "default"), Of("Sip:Address"));
        Assert.Equal(("90 ms", "environment Media__JitterBufferMs"), Of("Media:JitterBufferMs"));
        Assert.Equal(("Desk", "command line"), Of("Sip:UserAgent"));
        Assert.Equal(("128 kbit/s", "flashphoner.properties"), Of("Push:AudioKbps"));
        Assert.Equal(("120 s", "default"), Of("Sip:RingTimeoutSeconds"));
        Assert.Equal(("true", "default"), Of("Sip:DemoCallee"));
        Assert.Equal((SettingWords.Hidden, "command line"), Of("Webhook:Secret"));
        Assert.Equal(("https://example.org/…", "command line"), Of("Webhook:Url"));
        Assert.Equal(("https://shop.example.org/…", "appsettings.json"), Of("Hooks:Apps:shop:Url"));
        Assert.Equal((SettingWords.Hidden, "appsettings.json"), Of("Kestrel:Certificates:Default:Password"));
        Assert.DoesNotContain(settings.All, s => s.Value.Contains("hidden-", StringComparison.Ordinal) || s.Value.Contains("pw", StringComparison.Ordinal));

        (string, string) Of(string key) => settings.All.Single(s => s.Key == key) is var s ? (s.Value, s.From) : default;
    }

    [Fact]
    public void Waiting_AfterTheFileWasEdited_NamesWhatCountsFromTheNextStartOn()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["appsettings.json"], """{ "Sip": { "Port": 5070 } }""");
        var configuration = new ConfigurationBuilder().AddJsonFile(folder["appsettings.json"]).Build();
        var settings = EffectiveSettings.Read(configuration, MigrationReport.None);
        Assert.Empty(settings.Waiting);
        File.WriteAllText(folder["appsettings.json"], """{ "Sip": { "Port": 5071 } }""");
        configuration.Reload();

        Assert.Equal(["Sip:Port"], settings.Waiting);
        Assert.Equal("5070", settings.All.Single(s => s.Key == "Sip:Port").Value);
    }

    [Theory]
    [InlineData("Sip:RingTimeoutSeconds", "Ring timeout")]
    [InlineData("Media:RtpPorts", "RTP ports")]
    [InlineData("Urls", "URLs")]
    [InlineData("Recording:AfterRecordUrl", "After record URL")]
    [InlineData("Media:JitterBufferMs", "Jitter buffer")]
    [InlineData("Recording:RotationMegabytes", "New file by size")]
    [InlineData("Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime", "Microsoft.Hosting.Lifetime")]
    public void Name_IsInWords(string key, string name) => Assert.Equal(name, SettingWords.Name(key));

    [Theory]
    [InlineData("Security:AdminPassword", "secret", SettingWords.Hidden)]
    [InlineData("Hooks:Secret", "secret", SettingWords.Hidden)]
    [InlineData("Anything:ApiKey", "secret", SettingWords.Hidden)]
    [InlineData("Data:Connection", "Data Source=x;Password=y", SettingWords.Hidden)]
    [InlineData("Data:Connection", "Data Source=x", "Data Source=x")]
    [InlineData("Recording:AfterRecordUrl", "http://127.0.0.1:5/x?token=secret", "http://127.0.0.1:5/…")]
    [InlineData("Recording:AfterRecordUrl", "not an address", SettingWords.Hidden)]
    [InlineData("Webhook:Secret", "", "")]
    [InlineData("Recording:RetentionDays", "30", "30 days")]
    public void Value_ShowsNoSecret(string key, string value, string shown) => Assert.Equal(shown, SettingWords.Value(key, value));

    [Fact]
    public void Sections_ShowEverySettingOnce_AndNoneIsEmptyButThoseWithAPanel()
    {
        var settings = EffectiveSettings.Read(new ConfigurationBuilder().Build(), MigrationReport.None);
        var shown = settings.All.GroupBy(SettingsSection.Of).ToDictionary(g => g.Key.Slug, g => g.Select(s => s.Key).ToList());

        Assert.Equal(["about", "appearance"], SettingsSection.All.Select(s => s.Slug).Except(shown.Keys).Order());
        Assert.Contains("Recording:RetentionDays", shown["retention"]);
        Assert.Contains("Webhook:RetentionDays", shown["retention"]);
        Assert.Contains("Urls", shown["general"]);
        Assert.All(SettingsSection.All.Where(s => s.Docs.Length > 0), s => Assert.True(File.Exists(Path.Combine(SourceTree.Root, "docs", s.Docs)), s.Docs));
    }
}
