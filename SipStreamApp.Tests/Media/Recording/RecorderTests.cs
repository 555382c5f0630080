using SipStreamApp.Media.Recording;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Recordings;
using Xunit;

namespace SipStreamApp.Tests.Media.Recording;

public class RecorderTests
{
    [Fact]
    public async Task Stop_AfterFourSeconds_LeavesOneFinishedFileAndTheStreamGoesOn()
    {
        await using var kit = new RecorderKit();
        var id = kit.Begin().Id;
        await kit.PlayAsync(100, 0);
        var ready = await kit.StopAsync(id);

        Assert.Equal((RecordingState.Ready, null, "H264", "opus"), (ready.State, ready.Reason, ready.VideoCodec, ready.AudioCodec));
        Assert.Equal(4.0, ready.Duration.TotalSeconds, 1);
        Assert.Equal("", await MediaFile.ComplaintsAsync(kit.PathOf(ready)));
        Assert.Equal(StreamState.Live, kit.Publisher.Stream.State);
        Assert.Empty(kit.Publisher.Stream.Snapshot().Readers);
        Assert.Equal([RecordingState.Recording, RecordingState.Finishing, RecordingState.Ready], kit.News.Select(n => n.State).Distinct());
        kit.Recorder.Acknowledge(id);
        Assert.Empty(kit.Recorder.All);
    }

    [Fact]
    public async Task Picture_ChangesItsSizeInTheMiddle_IsJoinedToOneFile()
    {
        await using var kit = new RecorderKit();
        var id = kit.Begin().Id;
        await kit.PlayAsync(50, 0);
        await kit.PlayAsync(50, 2, RecorderKit.Small);
        await kit.PlayAsync(50, 4);
        var ready = await kit.StopAsync(id);

        Assert.True(ready is { State: RecordingState.Ready, Reason: null }, ready.ToString());
        var probe = await MediaFile.ProbeAsync(kit.PathOf(ready));
        Assert.Equal(("h264", "aac", 640, 360), (probe.VideoCodec, probe.AudioCodec, probe.Width, probe.Height));
        Assert.InRange(probe.Duration, 5.9, 6.1);
        Assert.Equal("", await MediaFile.ComplaintsAsync(kit.PathOf(ready)));
        Assert.Equal(6 * 8000, (await MediaFile.SoundAsync(kit.PathOf(ready), 8000)).Length, 800.0);
    }

    [Fact]
    public async Task Picture_ComesLaterThanSound_IsInTheSameFile()
    {
        await using var kit = new RecorderKit(hasVideo: false);
        var id = kit.Begin().Id;
        await kit.PlayAsync(50, 0, picture: false);
        await kit.PlayAsync(50, 2);
        var ready = await kit.StopAsync(id);

        Assert.True(ready is { State: RecordingState.Ready, Reason: null }, ready.ToString());
        var probe = await MediaFile.ProbeAsync(kit.PathOf(ready));
        Assert.Equal(("h264", "aac"), (probe.VideoCodec, probe.AudioCodec));
        Assert.InRange(probe.Duration, 3.9, 4.1);
    }

    [Fact]
    public async Task Hole_OfThreeSeconds_StaysAHole()
    {
        await using var kit = new RecorderKit();
        var id = kit.Begin().Id;
        await kit.PlayAsync(50, 0);
        await kit.PlayAsync(50, 5, afterGap: true);
        var ready = await kit.StopAsync(id);

        Assert.InRange((await MediaFile.ProbeAsync(kit.PathOf(ready))).Duration, 6.9, 7.1);
        var sound = await MediaFile.SoundAsync(kit.PathOf(ready), 8000);
        Assert.InRange(sound.Length, 55_200, 56_800);
        Assert.True(sound.AsSpan(20_000, 16_000).ToArray().Max(Math.Abs) < 200, "The hole is not silent.");
        Assert.Equal("", await MediaFile.ComplaintsAsync(kit.PathOf(ready)));
    }

    [Fact]
    public async Task Vp8_IsFinishedToH264()
    {
        await using var kit = new RecorderKit(video: RecorderKit.Vp8);
        var id = kit.Begin().Id;
        await kit.PlayAsync(50, 0, RecorderKit.Vp8);
        var ready = await kit.StopAsync(id);

        Assert.Equal("VP8", ready.VideoCodec);
        Assert.Equal("h264", (await MediaFile.ProbeAsync(kit.PathOf(ready))).VideoCodec);
        Assert.Equal("", await MediaFile.ComplaintsAsync(kit.PathOf(ready)));
    }

    [Fact]
    public async Task Rotation_BySize_StartsTheNextFileAtAKeyframe()
    {
        await using var kit = new RecorderKit();
        kit.Begin(new RecordingRequest { RotationBytes = 80_000, NameTemplate = "same" });
        await kit.PlayAsync(400, 0);
        Assert.True(await kit.Recorder.StopAsync(kit.Publisher.Stream));
        Assert.True(await Wait.UntilAsync(() => kit.Recorder.All.All(r => r.IsOver), TimeSpan.FromSeconds(60)));

        var all = kit.Recorder.All;
        Assert.True(all.Count > 3, $"{all.Count} files");
        Assert.All(all, r => Assert.True(r is { State: RecordingState.Ready, Reason: null }, r.ToString()));
        Assert.Equal(all.Count, all.Select(r => r.FileName).Distinct().Count());
        Assert.Contains(all, r => r.FileName == "same-2.mp4");
        Assert.Equal(16.0, all.Sum(r => r.Duration.TotalSeconds), 0.2);
        foreach (var file in all.Take(2)) Assert.Equal("", await MediaFile.ComplaintsAsync(kit.PathOf(file)));
    }

    [Fact]
    public async Task Rotation_ByTime_StartsTheNextFileAtTheKeyframeAfterAMinute()
    {
        await using var kit = new RecorderKit(new RecordingOptions { RotationMinutes = 1 });
        kit.Begin(new RecordingRequest { NameTemplate = "timed" });
        await kit.PlayAsync(1700, 0);
        Assert.True(await kit.Recorder.StopAsync(kit.Publisher.Stream));
        Assert.True(await Wait.UntilAsync(() => kit.Recorder.All.All(r => r.IsOver), TimeSpan.FromSeconds(60)));

        var all = kit.Recorder.All.OrderBy(r => r.FileName.Length).ToList();
        Assert.Equal(["timed.mp4", "timed-2.mp4"], all.Select(r => r.FileName));
        Assert.InRange(all[0].Duration.TotalSeconds, 60, 62.1);
        Assert.Equal(68.0, all.Sum(r => r.Duration.TotalSeconds), 0.1);
        Assert.Equal("", await MediaFile.ComplaintsAsync(kit.PathOf(all[1])));
    }

    [Fact]
    public async Task Disk_RunsFullInTheMiddle_StopsTheRecordingWithAReason()
    {
        await using var kit = new RecorderKit(new RecordingOptions { MinFreeMegabytes = 100 });
        var id = kit.Begin().Id;
        await kit.PlayAsync(50, 0);
        Volatile.Write(ref kit.Free, 60L << 20);
        var over = await kit.OverAsync(id);

        Assert.Equal((RecordingState.Ready, "Less than 100 MB are free on the disk"), (over.State, over.Reason));
        Assert.Equal(StreamState.Live, kit.Publisher.Stream.State);
        Assert.Equal("disk-full", kit.Recorder.Begin(kit.Publisher.Stream, new RecordingRequest()).Failures[0].Code);
    }

    [Fact]
    public async Task Finish_FfmpegFails_KeepsTheCrashSafePartsAndSaysSo()
    {
        await using var kit = new RecorderKit(ffmpeg: "/bin/false");
        var id = kit.Begin(new RecordingRequest { NameTemplate = "kept" }).Id;
        await kit.PlayAsync(50, 0);
        await kit.PlayAsync(50, 2, RecorderKit.Small);
        var ready = await kit.StopAsync(id);

        Assert.Equal((RecordingState.Ready, "kept.mp4"), (ready.State, ready.FileName));
        Assert.Contains("ffmpeg failed (exit code 1): this is the file as it was written during the call; goes on in kept-more.mp4", ready.Reason, StringComparison.Ordinal);
        foreach (var name in (string[])["kept.mp4", "kept-more.mp4"]) Assert.Equal("", await MediaFile.ComplaintsAsync(kit.Recorder.PathOf(name)!));
    }

    [Fact]
    public async Task Stop_BeforeAnythingCame_FailsAndSaysWhy()
    {
        await using var kit = new RecorderKit();
        var over = await kit.StopAsync(kit.Begin().Id);
        Assert.Equal((RecordingState.Failed, "No sound or picture came"), (over.State, over.Reason));
    }

    [Fact]
    public async Task Start_LeftoverWithHalfAFragment_IsCutBackAndFinished()
    {
        await using var kit = new RecorderKit(ffmpeg: "/no/such");
        var id = kit.Begin().Id;
        await kit.PlayAsync(100, 0);
        var work = Path.Combine(kit.Recorder.Root, ".parts", id);
        var copy = Path.Combine(kit.Folder.File("other"), ".parts", "left");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(work)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        await using (var broken = File.Open(Path.Combine(copy, "0001.mp4"), FileMode.Append)) broken.Write(new byte[777]);
        var news = new System.Collections.Concurrent.ConcurrentQueue<RecordingSnapshot>();
        await using var second = new Recorder(
            new RecordingOptions { Directory = kit.Folder.File("other") }, "ffmpeg", kit.Clock, news.Enqueue, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        second.Start();
        Assert.True(await Wait.UntilAsync(() => second.Find("left") is { IsOver: true }, TimeSpan.FromSeconds(60)));

        var over = second.Find("left")!;
        Assert.Equal((RecordingState.Ready, "The server went down during the recording"), (over.State, over.Reason));
        Assert.InRange(over.Duration.TotalSeconds, 3, 4.1);
        Assert.Equal("", await MediaFile.ComplaintsAsync(second.PathOf(over.FileName)!));
        await kit.StopAsync(id);
    }

    [Fact]
    public async Task AfterRecord_ProgramAndAddress_AreToldWithStreamNameAndFile()
    {
        using var folder = new TestFolder();
        var script = folder.File("hook.sh");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$1\" \"$2\" > \"$(dirname \"$0\")/told.tmp\"; mv \"$(dirname \"$0\")/told.tmp\" \"$(dirname \"$0\")/told\"\n");
        await MediaFile.RunAsync("chmod", "700", script);
        using var web = new System.Net.HttpListener();
        var url = $"http://127.0.0.1:{SipStreamApp.Tests.Kit.Peers.FreePort.Next()}/hook/";
        web.Prefixes.Add(url);
        web.Start();
        await using var kit = new RecorderKit(new RecordingOptions { AfterRecordProgram = script, AfterRecordUrl = url });
        var id = kit.Begin(new RecordingRequest { NameTemplate = "a $(touch x) b" }).Id;
        await kit.PlayAsync(25, 0);
        var ready = await kit.StopAsync(id);

        var request = await web.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(request.Request.InputStream);
        var body = System.Text.Json.JsonDocument.Parse(await reader.ReadToEndAsync()).RootElement;
        request.Response.Close();
        Assert.Equal(("POST", "s", kit.PathOf(ready)), (request.Request.HttpMethod, body.GetProperty("streamName").GetString(), body.GetProperty("file").GetString()));
        Assert.Equal(["2", "s", kit.PathOf(ready)], await File.ReadAllLinesAsync(folder.File("told")));
    }
}
