using System.Net;
using System.Text.Json;
using SipStreamApp.Media.Recording;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Recordings;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>What stands in the way of a recording is said plainly, and the call does not notice.</summary>
public class RecordingFaultTests
{
    [Fact]
    public async Task Record_WithoutFfmpeg_KeepsTheCrashSafeFileAndSaysSo()
    {
        await using var app = await RunningApp.StartAsync("--Media:Ffmpeg", "/no/such/ffmpeg", "--Recording:RecordCalls", "true");
        await app.CallDemoAsync("bare");
        await app.UntilStatusAsync("bare", "ESTABLISHED", TimeSpan.FromSeconds(10));
        await Task.Delay(4000);
        await app.Engine.HangUpAsync(new("bare"));
        var recording = await app.ReadyAsync("bare");

        Assert.Contains("ffmpeg was not found: this is the file as it was written during the call", recording.Reason, StringComparison.Ordinal);
        Assert.Equal("", await MediaFile.ComplaintsAsync(app.Engine.RecordingPath(recording.FileName)!));
        await using var chromium = await Chromium.StartAsync();
        await AssertPlaysAsync(chromium, app, recording);
    }

    [Fact]
    public async Task RecordingsPage_FinishedRecording_PlaysInPlaceInChromium()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("seen");
        await app.UntilStatusAsync("seen", "ESTABLISHED", TimeSpan.FromSeconds(10));
        Assert.True(app.Engine.StartRecording(app.Engine.FindMediaSession("seen")!.Name).Succeeded);
        await Task.Delay(4000);
        await app.Engine.HangUpAsync(new("seen"));
        var recording = await app.ReadyAsync("seen");

        await using var chromium = await Chromium.StartAsync();
        await AssertPlaysAsync(chromium, app, recording);
        using (var deleted = await app.Http.DeleteAsync($"/recordings/{recording.Id}")) Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        using (var gone = await app.Http.GetAsync($"/recordings/{recording.Id}/file")) Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.False(File.Exists(app.Engine.RecordingPath(recording.FileName)!));
        Assert.Empty(await app.RecordingsAsync());
    }

    [Fact]
    public async Task Record_DiskAlmostFull_IsRefusedPlainlyAndTheCallGoesOn()
    {
        await using var app = await RunningApp.StartAsync("--Recording:MinFreeMegabytes", "100000000", "--Recording:RecordCalls", "true");
        await AssertFailsAsync(app, HttpStatusCode.ServiceUnavailable, "disk-full", "MB are free on the disk");
    }

    [Fact]
    public async Task Record_FolderCannotBeWritten_IsRefusedPlainlyAndTheCallGoesOn()
    {
        using var folder = new TestFolder();
        await File.WriteAllTextAsync(folder.File("plain"), "not a folder");
        await using var app = await RunningApp.StartAsync("--Recording:Directory", folder.File("plain/records"), "--Recording:RecordCalls", "true");
        await AssertFailsAsync(app, HttpStatusCode.InternalServerError, "recording-directory", "The folder of recordings cannot be written");
    }

    [Fact]
    public async Task Recorder_WrongRequests_AreAnsweredAsTheContractSays()
    {
        await using var app = await RunningApp.StartAsync();
        await AnswersAsync(HttpStatusCode.NotFound, "/recorder/startup", new { mediaSessionId = "nobody" });
        await AnswersAsync(HttpStatusCode.NotFound, "/stream/stopRecording", new { mediaSessionId = "nobody" });
        await AnswersAsync(HttpStatusCode.InternalServerError, "/recorder/startup", new { });
        await AnswersAsync(HttpStatusCode.NotFound, "/recorder/find_all", new { });
        await app.CallDemoAsync("api");
        await app.UntilStatusAsync("api", "ESTABLISHED", TimeSpan.FromSeconds(10));
        await AnswersAsync(HttpStatusCode.NotFound, "/recorder/terminate", new { mediaSessionId = "api" });
        await AnswersAsync(HttpStatusCode.InternalServerError, "/recorder/startup", new { mediaSessionId = "api", config = new { rotation = "much" } });
        await AnswersAsync(HttpStatusCode.InternalServerError, "/recorder/startup", new { mediaSessionId = "api", config = new { fileTemplate = "{password}" } });
        await AnswersAsync(HttpStatusCode.OK, "/recorder/startup", new { mediaSessionId = "api", config = new { fileTemplate = "x-{endTime}", rotation = "20M" } });
        var all = JsonDocument.Parse(await app.Http.GetStringAsync("/rest-api/recorder/find_all")).RootElement;
        Assert.Equal(("x-{endTime}.mp4", "api"), (all[0].GetProperty("fileName").GetString(), all[0].GetProperty("mediaSessionId").GetString()));
        using (var busy = await app.Http.DeleteAsync($"/recordings/{all[0].GetProperty("id").GetString()}")) Assert.Equal(HttpStatusCode.Conflict, busy.StatusCode);
        await AnswersAsync(HttpStatusCode.OK, "/stream/startRecording", new { mediaSessionId = "api" });
        Assert.True(await Wait.UntilAsync(() => app.Engine.Recordings.Count(r => r.State == RecordingState.Recording) == 1, TimeSpan.FromSeconds(10)));
        await AnswersAsync(HttpStatusCode.OK, "/recorder/terminate", new { streamName = "api" });

        async Task AnswersAsync(HttpStatusCode expected, string path, object body)
        {
            using var answer = await app.PostAsync(path, body);
            Assert.True(answer.StatusCode == expected, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static async Task AssertFailsAsync(RunningApp app, HttpStatusCode status, string code, string title)
    {
        await app.CallDemoAsync("fail");
        await app.UntilStatusAsync("fail", "ESTABLISHED", TimeSpan.FromSeconds(10));
        using var refused = await app.PostAsync("/recorder/startup", new { mediaSessionId = "fail" });
        var body = await refused.Content.ReadAsStringAsync();
        Assert.Equal(status, refused.StatusCode);
        Assert.Contains($"\"{code}\"", body, StringComparison.Ordinal);
        Assert.Contains(title, body, StringComparison.Ordinal);
        var failed = await app.OverAsync("fail");
        Assert.Equal(RecordingState.Failed, failed.State);
        Assert.Contains(title, failed.Reason, StringComparison.Ordinal);
        Assert.Single(app.Engine.Calls, c => !c.IsEnded);
    }

    private static async Task AssertPlaysAsync(Chromium chromium, RunningApp app, RecordingSnapshot recording)
    {
        var page = await chromium.Browser.NewPageAsync(new() { BypassCSP = true });
        await page.GotoAsync(app.Url + "/recordings");
        await page.WaitForSelectorAsync(".shell[data-interactive]", new() { Timeout = 30_000 });
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Play " + recording.FileName }).ClickAsync();
        await page.WaitForFunctionAsync("() => { const v = document.querySelector('video'); return v && v.currentTime > 1 && v.videoWidth === 640; }", null, new() { Timeout = 30_000 });
        await page.CloseAsync();
    }
}
