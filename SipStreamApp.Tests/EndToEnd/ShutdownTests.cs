using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.WebSockets;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Kit.Phones;
using SipStreamApp.Tests.Kit.Recordings;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The program as a process that is told to end, as systemd and container runtimes do.</summary>
public class ShutdownTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Sigterm_DuringACall_SaysByeClosesViewersAndKeepsTheRecording()
    {
        using var folder = new TestFolder();
        await using var phone = TestPhone.Start();
        var http = FreePort.Next();
        await using var server = Start(folder, http, "--Recording:RecordCalls", "true");
        await server.WaitForOutputAsync("Now listening", TimeSpan.FromSeconds(60));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        using var started = await client.PostAsJsonAsync("/rest-api/call/startup", new
        {
            callId = "down", callee = "phone", toStream = "down", sipLogin = "tester", sipDomain = "127.0.0.1", sipPort = phone.Port,
        });
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        Assert.True(await Wait.UntilAsync(async () => (await client.GetAsync("/rest-api/recorder/find_all")).IsSuccessStatusCode, Soon), server.Output);
        using var viewer = new ClientWebSocket();
        await viewer.ConnectAsync(new Uri($"ws://127.0.0.1:{http}/mse/down"), default);
        Assert.True((await viewer.ReceiveAsync(new byte[1 << 20], default)).Count > 0);
        var watching = ReadToCloseAsync(viewer);
        Assert.True(await Wait.UntilAsync(async () => (await client.GetStringAsync("/metrics")).Contains("sipstream_rtp_received_total", StringComparison.Ordinal), Soon));
        await Wait.ForAsync(() => phone.Call!.Pictures > 50, Soon, () => "the phone sends no picture");

        var clock = Stopwatch.StartNew();
        Terminate(server);
        await Wait.ForAsync(() => phone.Call!.IsOver, TimeSpan.FromSeconds(10), () => "no BYE came\n" + server.Output);
        var bye = clock.Elapsed;
        await server.WaitForExitAsync(TimeSpan.FromSeconds(15));
        var end = clock.Elapsed;

        Assert.True(server.ExitCode == 0, server.Output);
        Assert.InRange(end.TotalSeconds, 0, 10.5);
        Assert.DoesNotContain("Unhandled", server.Output, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"BYE after {bye.TotalSeconds:0.00} s, ended after {end.TotalSeconds:0.00} s"));
        Assert.Equal((WebSocketCloseStatus.NormalClosure, "stream-ended"), await watching.WaitAsync(Soon, TestContext.Current.CancellationToken));

        // What was recorded is a whole file, or whole parts that the next start makes into one.
        var files = Directory.GetFiles(Path.Combine(folder.Path, "recordings"), "*.mp4", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Assert.Equal("", await MediaFile.ComplaintsAsync(file));
            Assert.True((await MediaFile.ProbeAsync(file)).Duration > 1, file);
        }
    }

    [Fact]
    public async Task Sigterm_WhileACallRings_CancelsAndUnregisters()
    {
        using var folder = new TestFolder();
        using var registrar = new SilentRegistrar();
        var http = FreePort.Next();
        await using var server = Start(folder, http);
        await server.WaitForOutputAsync("Now listening", TimeSpan.FromSeconds(60));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
        using var started = await client.PostAsJsonAsync("/rest-api/call/startup", new
        {
            callId = "ring", callee = "phone", toStream = "ring", sipLogin = "tester", sipDomain = "127.0.0.1", sipPort = registrar.Port, sipRegisterRequired = true,
        });
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        await Wait.ForAsync(() => registrar.Heard.Any(r => r.StartsWith("INVITE", StringComparison.Ordinal)), Soon, () => string.Join('\n', registrar.Heard));

        Terminate(server);
        await server.WaitForExitAsync(TimeSpan.FromSeconds(15));
        Assert.True(server.ExitCode == 0, server.Output);
        Assert.Contains(registrar.Heard, r => r.StartsWith("CANCEL", StringComparison.Ordinal));
        var last = registrar.Heard.Last(r => r.StartsWith("REGISTER", StringComparison.Ordinal));
        Assert.True(last.Contains("Expires: 0", StringComparison.OrdinalIgnoreCase) || last.Contains(";expires=0", StringComparison.OrdinalIgnoreCase), last);
    }

    [Fact]
    public async Task Sigterm_DuringTheStart_EndsWithoutAComplaint()
    {
        // The signal meets the program at different moments of its start; which ones they are depends on the machine.
        await Parallel.ForEachAsync([250, 600, 900, 1200, 1600, 2200], new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (delay, cancel) =>
        {
            using var folder = new TestFolder();
            await using var server = Start(folder, FreePort.Next());
            await Task.Delay(delay, cancel);
            Terminate(server);
            await server.WaitForExitAsync(TimeSpan.FromSeconds(20));
            Assert.True(server.ExitCode is 0 or 143, $"{delay} ms: {server.ExitCode}\n{server.Output}");
            Assert.DoesNotContain("nhandled", server.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", server.Output, StringComparison.Ordinal);
        });
    }

    // As a player does, all the time: one that does not read is cut off, and what it has not read is lost with the connection.
    private static async Task<(WebSocketCloseStatus?, string?)> ReadToCloseAsync(ClientWebSocket viewer)
    {
        var buffer = new byte[1 << 20];
        while ((await viewer.ReceiveAsync(buffer, default)).MessageType != WebSocketMessageType.Close)
        {
            // Sound and picture.
        }

        return (viewer.CloseStatus, viewer.CloseStatusDescription);
    }

    private static PeerProcess Start(TestFolder folder, int http, params string[] more)
    {
        var rtp = 41000 + Random.Shared.Next(0, 9) * 100;
        return PeerProcess.Start(
            "dotnet", folder.Path,
            [
                Path.Combine(AppContext.BaseDirectory, "SipStreamApp.dll"), "--Urls", $"http://127.0.0.1:{http}", "--Data:Directory", folder.Path, "--Sip:Port", "0",
                "--WebRtc:Port", "0", "--Media:RtpPorts", $"{rtp}-{rtp + 99}", .. more,
            ]);
    }

    private static void Terminate(PeerProcess server)
    {
        using var kill = Process.Start("kill", ["-TERM", server.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
