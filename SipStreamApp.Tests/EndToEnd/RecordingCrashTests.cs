using System.Globalization;
using System.Net.Http.Json;
using SipStreamApp.Media.Recording;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Kit.Recordings;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The program as a child process, killed in the middle of a call.</summary>
public class RecordingCrashTests
{
    [Fact]
    public async Task Kill_InTheMiddleOfARecordedCall_LosesAtMostTheLastSecond()
    {
        using var folder = new TestFolder();
        var (http, sip, rtp) = (FreePort.Next(), FreePort.Next(), 41000 + Random.Shared.Next(0, 9) * 100);
        double recorded;
        await using (var server = PeerProcess.Start(
            "dotnet", folder.Path, Path.Combine(AppContext.BaseDirectory, "SipStreamApp.dll"), "--Urls", $"http://127.0.0.1:{http}", "--Data:Directory", folder.Path,
            "--Sip:Port", $"{sip}", "--WebRtc:Port", "0", "--Media:RtpPorts", $"{rtp}-{rtp + 99}", "--Recording:RecordCalls", "true"))
        {
            await server.WaitForOutputAsync("Now listening", TimeSpan.FromSeconds(60));
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{http}") };
            using var started = await client.PostAsJsonAsync("/rest-api/call/startup", new
            {
                callId = "crash", callee = "demo", toStream = "crash", sipLogin = "tester", sipDomain = "127.0.0.1", sipPort = sip,
            });
            Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
            var listed = await Wait.UntilAsync(async () => (await client.GetAsync("/rest-api/recorder/find_all")).IsSuccessStatusCode, TimeSpan.FromSeconds(20));
            Assert.True(listed, server.Output);
            var from = TimeProvider.System.GetTimestamp();
            await Task.Delay(20_000);
            recorded = TimeProvider.System.GetElapsedTime(from).TotalSeconds;
            server.Kill();
        }

        var part = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "recordings", ".parts"), "*.mp4", SearchOption.AllDirectories));
        Assert.True(new FileInfo(part).Length > 500_000);

        await using var app = await RunningApp.StartAsync("--Data:Directory", folder.Path);
        var recording = await app.ReadyAsync("crash");
        Assert.Equal("The server went down during the recording", recording.Reason);
        var probe = await MediaFile.ProbeAsync(app.Engine.RecordingPath(recording.FileName)!);
        Assert.True(probe.Duration >= recorded - 1, string.Create(CultureInfo.InvariantCulture, $"{probe.Duration:F2} s of {recorded:F2} s are left"));
        Assert.Equal("", await MediaFile.ComplaintsAsync(app.Engine.RecordingPath(recording.FileName)!));
        Assert.Equal(RecordingState.Ready, recording.State);
        using var range = new HttpRequestMessage(HttpMethod.Get, $"/recordings/{recording.Id}/file") { Headers = { Range = new(100, 199) } };
        using var answer = await app.Http.SendAsync(range);
        Assert.Equal((System.Net.HttpStatusCode.PartialContent, 100L), (answer.StatusCode, answer.Content.Headers.ContentLength));
    }
}
