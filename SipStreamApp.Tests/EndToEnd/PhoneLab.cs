using System.Net;
using System.Text.Json;
using SipStreamApp.Media.Calls;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>One program, one SIP server and one browser for all calls to real phones; every call must leave them as it found them.</summary>
public sealed class PhoneLab : IAsyncLifetime
{
    private static int _calls;

    internal RunningApp App { get; private set; } = null!;

    internal Kamailio Server { get; private set; } = null!;

    internal Chromium Chromium { get; private set; } = null!;

    private Chromium? _speaking;

    public async ValueTask InitializeAsync()
    {
        App = await RunningApp.StartAsync();
        Server = await Kamailio.StartAsync();
        Chromium = await Chromium.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        if (_speaking is not null) await _speaking.DisposeAsync();
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>Before a test: what a failed one left is cleared away, so that it does not fail the next.</summary>
    internal async Task ClearAsync()
    {
        foreach (var call in App.Engine.Calls.Where(c => !c.IsEnded)) await App.Engine.HangUpAsync(call.Id);
        await Wait.UntilAsync(() => App.Engine.Snapshot() is { Calls: 0, Viewers: 0 }, TimeSpan.FromSeconds(2));
    }

    /// <summary>A browser with a microphone; started for the first who wants it.</summary>
    internal async Task<Chromium> SpeakingChromiumAsync() => _speaking ??= await Chromium.StartAsync(camera: true);

    /// <summary>The identity of <see cref="SeedCall"/>, to be kept registered.</summary>
    internal static SipIdentity Identity(Kamailio server) => new("10006", Kamailio.Domain)
    {
        AuthenticationName = "10006", Password = Kamailio.Password, OutboundProxy = "127.0.0.1", Port = server.Port, RegisterRequired = true,
    };

    /// <summary>RTP packets that came in a call so far.</summary>
    internal long Packets(string callId) => App.Engine.Calls.First(c => c.Id.Value == callId).Media.Sum(m => m.PacketsReceived);

    internal static string NewId(string what) => $"{what}-{Interlocked.Increment(ref _calls)}";

    /// <summary>The seed example of the WCS contract, by way of Kamailio.</summary>
    internal Dictionary<string, object?> SeedCall(string callId, string callee = "10005") => new()
    {
        ["callId"] = callId, ["callee"] = callee, ["toStream"] = callId, ["hasAudio"] = "true", ["hasVideo"] = "true", ["sipLogin"] = "10006",
        ["sipAuthenticationName"] = "10006", ["sipPassword"] = Kamailio.Password, ["sipDomain"] = Kamailio.Domain, ["sipOutboundProxy"] = "127.0.0.1",
        ["sipPort"] = $"{Server.Port}", ["appKey"] = "defaultApp", ["sipRegisterRequired"] = "true",
    };

    /// <summary>A call straight to a phone at a port of this machine, sound only.</summary>
    internal static Dictionary<string, object?> DirectCall(string callId, int port, bool video = false) => new()
    {
        ["callId"] = callId, ["callee"] = "callee", ["toStream"] = callId, ["hasAudio"] = "true", ["hasVideo"] = video ? "true" : "false",
        ["sipLogin"] = "tester", ["sipDomain"] = "127.0.0.1", ["sipPort"] = $"{port}", ["sipRegisterRequired"] = "false",
    };

    /// <summary>POST /call/startup: 200 with an empty body.</summary>
    internal async Task StartCallAsync(Dictionary<string, object?> call)
    {
        using var answer = await App.PostAsync("/call/startup", call);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK && body.Length == 0, $"{answer.StatusCode}: {body}");
    }

    /// <summary>POST /call/terminate: 200 with an empty body, and /call/find answers 404 from then on.</summary>
    internal async Task EndCallAsync(string callId)
    {
        using var answer = await App.PostAsync("/call/terminate", new { callId });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        Assert.Null(await App.FindCallAsync(callId));
    }

    /// <summary>Waits for the end of a call and returns its cause ("hung-up-there").</summary>
    internal async Task<string> CauseOfEndAsync(string callId, string status, TimeSpan limit)
    {
        var cause = "";
        var ok = await Wait.UntilAsync(
            async () =>
            {
                using var answer = await App.PostAsync("/call/find", new { callId, status });
                if (answer.StatusCode != HttpStatusCode.OK) return false;
                using var found = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
                cause = found.RootElement[0].GetProperty("cause").GetProperty("code").GetString() ?? "";
                return true;
            },
            limit);
        Assert.True(ok, $"Call {callId} did not come to {status}: {App.Engine.Calls.FirstOrDefault(c => c.Id.Value == callId)}");
        return cause;
    }

    /// <summary>No call, stream, port, frame lease, viewer or registration is left.</summary>
    internal async Task AssertNothingLeftAsync()
    {
        var engine = App.Engine;
        await Wait.ForAsync(
            () => engine.RtpPortsInUse == 0 && engine.Frames.Outstanding == 0 && engine.Streams.Count == 0 && engine.Snapshot() is { Calls: 0, Viewers: 0 },
            TimeSpan.FromSeconds(5),
            () => $"Left behind: {engine.RtpPortsInUse} ports, {engine.Frames.Outstanding} frames, {engine.Snapshot()}");
        Assert.True(
            await Wait.UntilAsync(async () => !await Server.HasRegisteredAsync("10006"), TimeSpan.FromSeconds(5)), "10006 is still registered:\n" + Server.Output);
    }

    /// <summary>What the program wrote into its log as warnings and errors.</summary>
    internal string Complaints()
    {
        var lines = new List<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(App.DataFolder, "logs")))
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            lines.AddRange(reader.ReadToEnd().Split('\n').Where(IsComplaint));
        }

        return string.Join('\n', lines);
    }

    // The file is JSON by line, with the level where it is not Information.
    private static bool IsComplaint(string line) =>
        line.Contains("\"@l\":\"Warning\"", StringComparison.Ordinal) || line.Contains("\"@l\":\"Error\"", StringComparison.Ordinal) || line.Contains("\"@l\":\"Fatal\"", StringComparison.Ordinal);
}

/// <summary>A test with real phones: begins in a lab without calls.</summary>
public abstract class PhoneTest(PhoneLab lab) : IAsyncLifetime
{
    protected PhoneLab Lab => lab;

    public async ValueTask InitializeAsync() => await lab.ClearAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>All tests with real phones run one after the other: two cores carry one such call well, and not five. They wait more than they work, so others run beside them.</summary>
[CollectionDefinition(Name)]
public sealed class PhoneCollection : ICollectionFixture<PhoneLab>
{
    public const string Name = "phones";
}

/// <summary>The same where memory or time is measured: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class PhoneMeasurements : ICollectionFixture<PhoneLab>
{
    public const string Name = "phones alone";
}
