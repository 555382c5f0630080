using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using Xunit;

namespace SipStreamApp.Tests.Web.Hosting;

public sealed class SettingsTests
{
    [Fact]
    public void Load_EverythingWrong_SaysAllOfItAtOnceWithKeyAndRange()
    {
        using var folder = new TempFolder();
        var problem = Assert.Throws<StartupProblemException>(() => Load(folder, new()
        {
            ["Urls"] = "127.0.0.1:8080", ["Sip:Port"] = "70000", ["Sip:Address"] = "here", ["Sip:RingTimeoutSeconds"] = "1", ["Sip:DemoCallee"] = "perhaps",
            ["Media:RtpPorts"] = "31000-30000", ["Media:PublicAddress"] = "example.org", ["Media:AudioCodecs"] = "opus,speex", ["Media:JitterBufferMs"] = "-1",
            ["WebRtc:Port"] = "x", ["Limits:Calls"] = "0", ["Cors:Origins"] = "example.org",
            ["Recording:NameTemplate"] = "{stream}", ["Recording:AfterRecordProgram"] = "/no/such", ["Recording:AfterRecordUrl"] = "ftp://example.org", ["History:RetentionDays"] = "-1",
        }));

        Assert.Equal(16, problem.Problems.Count);
        Assert.Contains("Sip:Port is \"70000\"; it must be a whole number from 0 to 65535.", problem.Problems);
        Assert.Contains("Media:AudioCodecs is \"opus,speex\"; it must be a comma-separated list out of opus, PCMU, PCMA, G722, each once.", problem.Problems);
        Assert.Contains(problem.Problems, p => p.StartsWith("Cors:Origins is \"example.org\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_NothingSet_TakesTheDefaultsOfTheRecords()
    {
        using var folder = new TempFolder();
        var settings = Load(folder, []);

        Assert.Equal(new EngineOptions { DataDirectory = folder.Path }, settings.Engine);
        Assert.True(settings.CorsOrigins.Allows("http://localhost:1"));
        Assert.Equal(30, settings.HistoryDays);
        Assert.Equal(7, Load(folder, new() { ["History:RetentionDays"] = "7" }).HistoryDays);
    }

    [Fact]
    public void Load_EveryKeyOfTheEngine_IsRead()
    {
        using var folder = new TempFolder();
        var odd = new Dictionary<string, string?>
        {
            ["Sip:Address"] = "127.0.0.1", ["Sip:Port"] = "5999", ["Sip:UserAgent"] = "Agent", ["Sip:RingTimeoutSeconds"] = "77", ["Sip:RegistrationExpirySeconds"] = "777",
            ["Sip:DemoCallee"] = "false", ["Sip:TlsAuthorities"] = typeof(SettingsTests).Assembly.Location, ["Sip:TlsVerify"] = "false", ["Media:PublicAddress"] = "192.0.2.1", ["Media:RtpPorts"] = "40000-40100", ["Media:AudioCodecs"] = "pcma", ["Media:VideoCodecs"] = "VP8,H264",
            ["Media:JitterBufferMs"] = "0", ["Media:SilenceTimeoutSeconds"] = "9", ["WebRtc:Address"] = "127.0.0.1", ["WebRtc:Port"] = "8190", ["Limits:Calls"] = "3", ["Limits:Viewers"] = "4",
            ["Media:Ffmpeg"] = "/opt/ffmpeg", ["Recording:RecordCalls"] = "true", ["Recording:Directory"] = "/records", ["Recording:NameTemplate"] = "{callId}",
            ["Recording:RotationMegabytes"] = "20", ["Recording:RotationMinutes"] = "60", ["Recording:MinFreeMegabytes"] = "9", ["Recording:RetentionDays"] = "30",
            ["Recording:FinishingJobs"] = "2", ["Recording:AfterRecordProgram"] = "/bin/sh", ["Recording:AfterRecordUrl"] = "https://example.org/hook",
            ["Recording:AfterRecordTimeoutSeconds"] = "5",
            ["Push:NamePrefix"] = "live_", ["Push:AudioKbps"] = "64", ["Push:VerifyCertificates"] = "false", ["Outgoing:PrivateTargets"] = "refuse", ["Outgoing:Allowed"] = "*.lan", ["Limits:Pushes"] = "5",
            ["Calls:AllowedCallees"] = "1*", ["Calls:AllowedDomains"] = "example.org", ["Limits:CallsPerKey"] = "6", ["Limits:CallsPerKeyPerMinute"] = "7", ["Limits:CpuPercent"] = "80",
        };
        var engine = Load(folder, odd).Engine;

        Assert.Equal(EngineKeys().Order(StringComparer.Ordinal), odd.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            new EngineOptions
            {
                DataDirectory = folder.Path,
                Sip = new() { Address = "127.0.0.1", Port = 5999, UserAgent = "Agent", RingTimeoutSeconds = 77, RegistrationExpirySeconds = 777, DemoCallee = false, TlsAuthorities = typeof(SettingsTests).Assembly.Location, TlsVerify = false },
                Media = new() { PublicAddress = "192.0.2.1", RtpPorts = "40000-40100", AudioCodecs = "PCMA", VideoCodecs = "VP8,H264", JitterBufferMs = 0, SilenceTimeoutSeconds = 9, Ffmpeg = "/opt/ffmpeg" },
                WebRtc = new() { Address = "127.0.0.1", Port = 8190 },
                Recording = new()
                {
                    RecordCalls = true, Directory = "/records", NameTemplate = "{callId}", RotationMegabytes = 20, RotationMinutes = 60, MinFreeMegabytes = 9,
                    RetentionDays = 30, FinishingJobs = 2, AfterRecordProgram = "/bin/sh", AfterRecordUrl = "https://example.org/hook", AfterRecordTimeoutSeconds = 5,
                },
                Push = new() { NamePrefix = "live_", AudioKbps = 64, VerifyCertificates = false },
                Outgoing = new() { PrivateTargets = "refuse", Allowed = "*.lan" },
                Calls = new() { AllowedCallees = "1*", AllowedDomains = "example.org" },
                Limits = new() { Calls = 3, Viewers = 4, Pushes = 5, CallsPerKey = 6, CallsPerKeyPerMinute = 7, CpuPercent = 80 },
            },
            engine);
    }

    [Theory]
    [InlineData(null, 2000)]
    [InlineData("7", 7)]
    public void Load_MostClientSessions_IsRead(string? given, int expected)
    {
        using var folder = new TempFolder();
        Assert.Equal(expected, Load(folder, new() { ["Signalling:MaxSessions"] = given }).MaxClientSessions);
    }

    [Fact]
    public void Load_Hooks_AreReadByApplication()
    {
        using var folder = new TempFolder();
        var hooks = Load(folder, new()
        {
            ["Hooks:TimeoutSeconds"] = "0", ["Hooks:Secret"] = "key", ["Hooks:Apps:defaultApp:Url"] = "http://127.0.0.1:8085/hooks/", ["Hooks:Apps:defaultApp:Methods"] = "connect, playStream",
            ["Hooks:Apps:all:Url"] = "https://backend.example.org", ["Hooks:Apps:off:Url"] = "",
        }).Hooks;
        var wrong = Assert.Throws<StartupProblemException>(() => Load(folder, new() { ["Hooks:Apps:a:Url"] = "ftp://x", ["Hooks:Apps:b:Url"] = "http://user:secret@x", ["Hooks:TimeoutSeconds"] = "-1" }));

        Assert.Equal((0, "key", 2), (hooks.TimeoutSeconds, hooks.Secret, hooks.Apps.Count));
        Assert.Equal("http://127.0.0.1:8085/hooks", hooks.Apps["DEFAULTAPP"].Url.AbsoluteUri);
        Assert.Equal((true, true, false, true), (hooks.Apps["defaultApp"].Wants("connect"), hooks.Apps["defaultApp"].Wants("playStream"), hooks.Apps["defaultApp"].Wants("stopStream"), hooks.Apps["all"].Wants("stopStream")));
        Assert.Equal(3, wrong.Problems.Count);
        Assert.DoesNotContain(wrong.Problems, p => p.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void AppSettingsFile_NamesEveryKey_WithTheDefaultOfTheRecords()
    {
        using var document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json")), new() { CommentHandling = JsonCommentHandling.Skip });
        var defaults = new EngineOptions();
        foreach (var key in EngineKeys())
        {
            var (section, name) = (key.Split(':')[0], key.Split(':')[1]);
            var part = typeof(EngineOptions).GetProperty(section)!.GetValue(defaults)!;
            var written = document.RootElement.GetProperty(section).GetProperty(name).ToString();
            Assert.Equal((key, part.GetType().GetProperty(name)!.GetValue(part)!.ToString()), (key, written));
        }

        foreach (var key in new[] { "Urls", "Data", "History", "Cors", "Hooks", "Webhook", "Serilog" }) Assert.True(document.RootElement.TryGetProperty(key, out _), key);
    }

    [Fact]
    public async Task Build_KeysOnTheCommandLine_WinOverTheFile()
    {
        await using var app = await RunningApp.StartAsync(["--Media:JitterBufferMs", "20", "--Sip:UserAgent=Other"]);

        var options = app.Get<MediaEngine>().Options;
        Assert.Equal((20, "Other", 30), (options.Media.JitterBufferMs, options.Sip.UserAgent, options.Media.SilenceTimeoutSeconds));
    }

    private static AppSettings Load(TempFolder folder, Dictionary<string, string?> keys)
    {
        keys["Data:Directory"] = folder.Path;
        var settings = SettingsLoader.Load(new ConfigurationBuilder().AddInMemoryCollection(keys).Build(), "/");
        keys.Remove("Data:Directory");
        return settings;
    }

    private static IEnumerable<string> EngineKeys() =>
        from section in typeof(EngineOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where section.PropertyType != typeof(string)
        from key in section.PropertyType.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where key.Name != "EqualityContract"
        select $"{section.Name}:{key.Name}";
}
