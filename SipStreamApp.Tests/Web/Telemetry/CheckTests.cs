using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SipStreamApp.Data;
using SipStreamApp.Media.Hosting;
using SipStreamApp.Media.Recording;
using SipStreamApp.Telemetry.Checks;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.Web.Telemetry;

/// <summary>Each check against the real thing, well and broken.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task Run_OnAServerThatWorks_FindsNothingBroken_AndMeasuresEach()
    {
        await using var app = await RunningApp.StartAsync();
        using var answer = await app.Http.PostAsJsonAsync("/rest-api/v2/health", new { });
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var checks = report.GetProperty("checks").EnumerateArray().ToDictionary(c => c.GetProperty("id").GetString()!, c => c);
        Assert.Equal(
            ["engine", "sip-port", "rtp-ports", "accounts", "dns", "ffmpeg", "database", "disk", "recordings", "logs", "certificate", "clock", "memory", "threads"], checks.Keys);
        Assert.DoesNotContain(checks.Values, c => c.GetProperty("verdict").GetString() == "failed");
        Assert.Matches(@"^sip \d+\.\d\d ms, rtp \d+\.\d\d ms, webrtc \d+\.\d\d ms$", Figure("engine"));
        Assert.Matches(@"^UDP and TCP 127\.0\.0\.1:\d+: 200 OK after ", Figure("sip-port"));
        Assert.Matches(@"^30000-31000: 500 pairs, 0 in use, 500 tried", Figure("rtp-ports"));
        Assert.Matches(@"^aac [\d.]+ m?s, libopus [\d.]+ m?s, mjpeg [\d.]+ m?s$", Figure("ffmpeg"));
        Assert.Matches(@"^write in ", Figure("database"));
        Assert.Equal(("note", "no account is saved"), (checks["accounts"].GetProperty("verdict").GetString(), Figure("accounts")));
        Assert.Equal("not needed", Figure("certificate"));

        string Figure(string id) => checks[id].GetProperty("figure").GetString()!;
    }

    [Fact]
    public async Task Run_WhereThingsAreBroken_NamesEachWithItsCauseAndWhatToDo()
    {
        using var foreign = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        foreign.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 0));
        var first = ((System.Net.IPEndPoint)foreign.LocalEndPoint!).Port & ~7;
        await using var app = await RunningApp.StartAsync(["--Media:Ffmpeg", "no-such-ffmpeg", "--Media:RtpPorts", $"{first}-{first + 7}", "--Recording:MinFreeMegabytes", "100000000"]);
        var accounts = app.Get<AccountStore>();
        await accounts.SaveAsync(new AccountDraft { Login = "10006", Domain = "no-such-host.invalid", Password = "top-secret", RegisterRequired = true }, default);
        var run = app.Get<HealthRunner>().Start();
        Assert.Same(run, app.Get<HealthRunner>().Start());
        await run.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(CheckVerdict.Failed, run.Worst);
        Is("ffmpeg", CheckVerdict.Warning, "no-such-ffmpeg");
        Is("rtp-ports", CheckVerdict.Warning, "Something else holds ports");
        Is("disk", CheckVerdict.Failed, "Less than 100000000 MB");
        Is("recordings", CheckVerdict.Failed, "nothing is recorded");
        Is("dns", CheckVerdict.Failed, "no-such-host.invalid");
        Is("accounts", CheckVerdict.Failed, "10006");

        var text = HealthText.Of(run, ["10006", "10006 @ no-such-host.invalid"]);
        Assert.DoesNotContain("10006", text, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret", text, StringComparison.Ordinal);
        Assert.Contains("[warning] RTP ports:", text, StringComparison.Ordinal);
        Assert.Contains("Do: Install ffmpeg", text, StringComparison.Ordinal);

        await app.Get<MediaEngine>().StopAsync(default);
        var ready = await app.Get<HealthRunner>().ReadyAsync(default);
        Assert.Equal(["engine", "database", "disk"], ready.Select(r => r.Id));
        Assert.Equal("The media engine is not running.", ready[0].Result.Cause);

        void Is(string id, CheckVerdict verdict, string cause)
        {
            var result = run.Outcomes.Single(o => o.Id == id).Result;
            Assert.Equal(verdict, result.Verdict);
            Assert.Contains(cause, result.Cause, StringComparison.Ordinal);
            Assert.NotEmpty(result.Advice!);
        }
    }

    [Fact]
    public async Task Account_AtARealServer_RegistersOrSaysWhyNot()
    {
        await using var server = await Kamailio.StartAsync();
        await using var app = await RunningApp.StartAsync();
        var accounts = app.Get<AccountStore>();
        var draft = new AccountDraft { Login = "10006", Domain = Kamailio.Domain, Password = Kamailio.Password, OutboundProxy = "127.0.0.1", Port = server.Port, RegisterRequired = true };
        await accounts.SaveAsync(draft, default);
        var check = app.App.Services.GetServices<IServerCheck>().OfType<AccountsCheck>().Single();
        Assert.Equal(CheckResult.Good("1 of 1 register"), await check.RunAsync(default));
        await accounts.SaveAsync(new AccountDraft { Login = "10005", Domain = Kamailio.Domain, Password = "wrong", OutboundProxy = "127.0.0.1", Port = server.Port, RegisterRequired = true }, default);
        var result = await check.RunAsync(default);
        Assert.Equal((CheckVerdict.Failed, "1 of 2 register"), (result.Verdict, result.Figure));
        Assert.Contains("refused", result.Cause, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Clock_ThatIsSet_IsNoticedWithSizeAndTime()
    {
        var time = new SetClock();
        using var watch = new ClockWatch(time);
        var check = new ClockCheck(watch, time);
        time.Pass(TimeSpan.FromHours(1));
        Assert.Equal(CheckVerdict.Good, (await check.RunAsync(default)).Verdict);
        time.Set(TimeSpan.FromSeconds(-42));
        var result = await check.RunAsync(default);
        Assert.Equal(CheckVerdict.Warning, result.Verdict);
        Assert.Contains("-42.0 s", result.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ThatHangsOrThrows_HasAnOutcomeInItsTime()
    {
        var hangs = await HealthRun.RunAsync(new Made(_ => new TaskCompletionSource<CheckResult>().Task), TimeProvider.System, default);
        Assert.Equal((CheckVerdict.Failed, "It did not end in time."), (hangs.Result.Verdict, hangs.Result.Cause));
        var throws = await HealthRun.RunAsync(new Made(_ => throw new InvalidOperationException("out of cheese")), TimeProvider.System, default);
        Assert.Contains("out of cheese", throws.Result.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100, 0, "Good")]
    [InlineData(100, 2, "Good")]
    [InlineData(10, 2, "Warning")]
    [InlineData(0, 2, "Failed")]
    public void Recordings_AreJudgedByHowLongTheDiskLasts(int freeGb, int gbADay, string verdict)
    {
        var disk = new RecordingDisk((long)freeGb << 30, 1L << 40, 1L << 30, 0, new RecordingUse((long)gbADay << 32, (long)gbADay << 30, (long)gbADay << 32, MadeUp.Noon.AddDays(-9)));
        Assert.Equal(verdict, RecordingsCheck.Judge(disk, MadeUp.Noon).Verdict.ToString());
    }

    [Theory]
    [InlineData(100, "Good")]
    [InlineData(20, "Warning")]
    [InlineData(-1, "Failed")]
    public void Certificate_IsJudgedByItsLastDay(int days, string verdict) =>
        Assert.Equal(verdict, CertificateCheck.Judge(MadeUp.Noon.AddDays(days), MadeUp.Noon).Verdict.ToString());

    [Theory]
    [InlineData(50, 0.1, "Good")]
    [InlineData(92, 0.1, "Warning")]
    [InlineData(97, 0.1, "Failed")]
    [InlineData(50, 9, "Warning")]
    public void Memory_IsJudgedByLoadAndPauses(int load, double pause, string verdict) =>
        Assert.Equal(verdict, MemoryCheck.Judge(1 << 28, 1 << 26, load * 10_000_000L, 1_000_000_000, pause).Verdict.ToString());

    private sealed class Made(Func<CancellationToken, Task<CheckResult>> run) : IServerCheck
    {
        public string Id => "made";

        public string Title => "Made up";

        public TimeSpan Limit => TimeSpan.FromMilliseconds(100);

        public Task<CheckResult> RunAsync(CancellationToken cancel) => run(cancel);
    }

    /// <summary>A clock whose wall time can be set without time passing.</summary>
    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _wall = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan span) => (_wall, _ticks) = (_wall + span, _ticks + span.Ticks);

        public void Set(TimeSpan by) => _wall += by;
    }
}
