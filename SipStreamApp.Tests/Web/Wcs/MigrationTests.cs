using Microsoft.Extensions.Logging;
using SipStreamApp.Hosting;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Wcs;
using Xunit;

namespace SipStreamApp.Tests.Web.Wcs;

/// <summary>A properties file in the running program: what wins over what, and what is said.</summary>
public class MigrationTests
{
    [Fact]
    public async Task File_WinsOverAppSettings_AndLosesToTheCommandLine()
    {
        using var folder = new TempFolder();
        var port = FreePort.Next();
        var file = Write(folder, $"""
            # as Web Call Server wrote it
            media_port_from = 31001
            media_port_to   = 32000
            rtmp_transponder_stream_name_prefix=live_
            user_agent=FromTheFile
            http.port={port}
            sip_record_stream=false
            """);
        await using var app = await RunningApp.StartAsync(["--Migration:PropertiesFile", file, "--Sip:UserAgent", "FromTheCommandLine"]);
        var options = app.Get<MediaEngine>().Options;

        // 8080 and 8081 are of appsettings.json; the test's own --Urls wins over all of them.
        Assert.Equal(("31001-32000", "live_", "FromTheCommandLine", 60), (options.Media.RtpPorts, options.Push.NamePrefix, options.Sip.UserAgent, options.Media.JitterBufferMs));
        Assert.EndsWith($";http://127.0.0.1:{port}", app.Get<MigrationReport>().Settings["Urls"], StringComparison.Ordinal);
        Assert.DoesNotContain(app.App.Urls, u => u.EndsWith($":{port}", StringComparison.Ordinal));
    }

    [Fact]
    public void Problem_OfAValue_NamesTheKeyOfTheFile()
    {
        using var folder = new TempFolder();
        var file = Write(folder, "media_port_from=40000\nmedia_port_to=30000");
        var problem = Assert.Throws<StartupProblemException>(() => AppHost.Build("--Data:Directory", folder.Path, "--Migration:PropertiesFile", file));

        Assert.Contains($"Media:RtpPorts is \"40000-30000\"", Assert.Single(problem.Problems), StringComparison.Ordinal);
        Assert.EndsWith($" The value comes from media_port_from in {file}.", problem.Problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void File_ThatIsNamedAndMissing_IsSaid() => Assert.Contains(
        "there is no file /no/such.properties", Assert.Single(Assert.Throws<StartupProblemException>(() => AppHost.Build("--Migration:PropertiesFile", "/no/such.properties")).Problems), StringComparison.Ordinal);

    [Fact]
    public void Report_SaysEachKeyOnce_AndTheUnknownOnesTogether()
    {
        var report = WcsMapping.Map("/x/f.properties", PropertiesText.Read("aaa=1\nsip_record_stream=true\nrtp_in_buffer=true\nwss.port=8443\nbbb=2"), new MigrationPlace("", false, _ => false));
        var log = new Lines();
        report.Write(log);

        Assert.Equal(
            [
                "Information Settings of Web Call Server are taken from /x/f.properties: 5 keys", "Information sip_record_stream is Recording:RecordCalls=true",
                "Information rtp_in_buffer is not needed: incoming RTP always passes a jitter buffer; Media:JitterBufferMs is its length",
                "Warning wss.port is not taken over: HTTPS needs a certificate: set Kestrel:Certificates:Default:Path and :Password, and https://127.0.0.1:8443 in Urls",
                "Warning Not known, and without effect: aaa, bbb",
            ],
            log.Written);
    }

    private static string Write(TempFolder folder, string text)
    {
        var file = Path.Combine(folder.Path, "flashphoner.properties");
        File.WriteAllText(file, text);
        return file;
    }

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Written.Add($"{logLevel} {formatter(state, exception)}");
    }
}
