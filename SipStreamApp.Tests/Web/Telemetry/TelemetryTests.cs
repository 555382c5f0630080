using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Serilog;
using Serilog.Events;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Telemetry;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Repository;
using Xunit;

namespace SipStreamApp.Tests.Web.Telemetry;

[Collection("alone")]
public sealed partial class TelemetryTests
{
    [Fact]
    public async Task Metrics_AfterACall_TellAllOfIt_AndRulesAndDashboardNameWhatIsThere()
    {
        await using var app = await Kit.RunningApp.StartAsync();
        await app.CallDemoAsync("m1");
        await app.UntilStatusAsync("m1", "ESTABLISHED", TimeSpan.FromSeconds(20));
        await Wait.ForAsync(() => app.Engine.Calls.Any(c => c.Media.Any(m => m.PacketsReceived > 10)), TimeSpan.FromSeconds(20), () => "no RTP");
        var during = await app.Http.GetStringAsync("/metrics");
        Assert.Contains("sipstream_calls{otel_scope_name=\"SipStreamApp\",state=\"established\"} ", during, StringComparison.Ordinal);
        var received = Value(during, "sipstream_rtp_received_total");
        Assert.True(received > 10, during);
        using (await app.PostAsync("/call/terminate", new { callId = "m1" })) { }
        // An answer of /metrics is kept for a moment.
        var text = "";
        await Wait.UntilAsync(async () => (text = await app.Http.GetStringAsync("/metrics")).Contains("sipstream_calls_ended_total", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Assert.True(Value(text, "sipstream_rtp_received_total") >= received);
        Assert.Matches("sipstream_calls_ended_total\\{[^}]*cause=\"hung-up-here\"[^}]*\\} 1", text);
        Assert.True(Value(text, "sipstream_call_setup_seconds_count") >= 1, text);
        Assert.Contains("dotnet_gc_collections", text, StringComparison.Ordinal);

        var there = Name().Matches(text).Select(m => m.Value).ToHashSet();
        foreach (var file in new[] { "alerts.yml", "grafana-dashboard.json" })
        {
            var named = Used().Matches(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "ops", file))).Select(m => m.Value).Distinct().ToList();
            Assert.True(named.Count > 5);
            // What has not happened yet has no line; the meter declares it all the same.
            Assert.DoesNotContain(named.Except(there), n => !Declared().Any(d => n.StartsWith(d, StringComparison.Ordinal)));
        }
    }

    // Prometheus compares series of equal labels only: a sum on one side and a plain metric on the other load without a word and never fire. (tools/ops.sh has promtool try each rule.)
    [Fact]
    public async Task Alerts_CompareOnlySidesOfTheSameLabels()
    {
        var rules = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "ops", "alerts.yml"));
        var expressions = Expression().Matches(rules).Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(Regex.Count(rules, "- alert:"), expressions.Count);
        foreach (var expression in expressions.Where(e => e.Contains(" by (", StringComparison.Ordinal)))
        {
            Assert.Single(By().Matches(expression).Select(m => m.Groups[1].Value).Distinct());
            Assert.Empty(Used().Matches(Aggregated().Replace(expression, "")).Select(m => m.Value));
        }
    }

    private static List<string> Declared()
    {
        var names = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == EngineMeter.Name) names.Add(instrument.Name.Replace('.', '_')); },
        };
        listener.Start();
        return names;
    }

    [Fact]
    public async Task Health_EngineDatabaseDisk_SayWhetherWorkCanBeTaken()
    {
        await using var app = await RunningApp.StartAsync();
        Assert.Equal("live", await StatusAsync(app, "/health/live", 200));
        Assert.Equal("ready", await StatusAsync(app, "/health/ready", 200));
        app.Get<MediaEngine>().Draining = true;
        Assert.Equal("draining", await StatusAsync(app, "/health/ready", 503));
        app.Get<MediaEngine>().Draining = false;

        await app.Get<MediaEngine>().StopAsync(default);
        Assert.Equal("not-ready", await StatusAsync(app, "/health/ready", 503));
        Assert.Equal("live", await StatusAsync(app, "/health/live", 200));
    }

    [Fact]
    public async Task Health_DiskFuller_IsNotReady()
    {
        await using var app = await RunningApp.StartAsync(["--Recording:MinFreeMegabytes", "100000000"]);
        var body = await app.Http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, body.StatusCode);
        Assert.Contains("Less than 100000000 MB", await body.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogLines_ThatNameTheCallOrTheStream_CarryBothIds()
    {
        await using var app = await RunningApp.StartAsync();
        var engine = app.Get<MediaEngine>();
        var port = engine.Snapshot().SipPort;
        using var answer = await app.Http.PostAsJsonAsync("/rest-api/call/startup", new { callId = "log-1", toStream = "log-stream", callee = "demo-ring", sipLogin = "a", sipDomain = "127.0.0.1", sipPort = port });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var lines = new List<LogEvent>();
        using var logger = new LoggerConfiguration().Enrich.With(new CallIdEnricher(() => engine)).WriteTo.Sink(new Keep(lines)).CreateLogger();
        logger.Information("Call {Call} answered", "log-1");
        logger.Information("Viewer of {Stream}", "log-stream");
        logger.Information("Nothing of either");

        foreach (var line in lines.Take(2))
            Assert.Equal(("\"log-1\"", "\"log-stream\""), (line.Properties["CallId"].ToString(), line.Properties["StreamName"].ToString()));
        Assert.DoesNotContain("CallId", lines[2].Properties.Keys);
    }

    private static async Task<string?> StatusAsync(RunningApp app, string path, int code)
    {
        using var answer = await app.Http.GetAsync(path);
        Assert.Equal(code, (int)answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString();
    }

    private static double Value(string text, string name) => text.Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal))
        .Sum(l => double.Parse(Regex.Match(l, @"\} ([0-9.eE+-]+)").Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("^[a-z_]+", RegexOptions.Multiline)]
    private static partial Regex Name();

    // One line, or a block that is indented further.
    [GeneratedRegex(@"expr: ((?:\|\n(?: {10,}.*\n)+)|.+\n)")]
    private static partial Regex Expression();

    [GeneratedRegex(@" by \(([^)]*)\)")]
    private static partial Regex By();

    [GeneratedRegex(@"\w+ by \([^)]*\) \((?>[^()]|\((?<open>)|\)(?<-open>))*(?(open)(?!))\)")]
    private static partial Regex Aggregated();

    [GeneratedRegex("\\b(?:sipstream|dotnet)_[a-z_]+")]
    private static partial Regex Used();

    private sealed class Keep(List<LogEvent> lines) : Serilog.Core.ILogEventSink
    {
        public void Emit(LogEvent logEvent) => lines.Add(logEvent);
    }
}
