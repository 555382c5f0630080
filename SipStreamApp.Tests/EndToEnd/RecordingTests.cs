using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Kit.Phones;
using SipStreamApp.Tests.Kit.Recordings;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Calls of the demo callee over real UDP, recorded, finished by ffmpeg and judged by ffprobe and ffmpeg.</summary>
public class RecordingTests
{
    [Fact]
    public async Task RecordCalls_DemoCallOfTenSeconds_IsFinishedToAFileEverybodyAccepts()
    {
        await using var app = await RunningApp.StartAsync("--Recording:RecordCalls", "true");
        await app.CallDemoAsync("rec1");
        await app.UntilStatusAsync("rec1", "ESTABLISHED", TimeSpan.FromSeconds(10));
        await Task.Delay(10_000);
        await app.Engine.HangUpAsync(new("rec1"));
        var recording = await app.ReadyAsync("rec1");

        var file = app.Engine.RecordingPath(recording.FileName)!;
        Assert.Null(recording.Reason);
        var probe = await MediaFile.ProbeAsync(file);
        Assert.Equal(("h264", "aac", 640, 360), (probe.VideoCodec, probe.AudioCodec, probe.Width, probe.Height));
        Assert.InRange(probe.Duration, recording.Duration.TotalSeconds - 0.1, recording.Duration.TotalSeconds + 0.1);
        Assert.InRange(probe.Duration, 9.5, 11.5);
        Assert.True(MediaFile.IsFastStart(file));
        Assert.Equal("", await MediaFile.ComplaintsAsync(file));
        Assert.NotNull(recording.PosterName);
        Assert.Equal(640, (await MediaFile.ProbeAsync(app.Engine.RecordingPath(recording.PosterName)!)).Width);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(app.Engine.RecordingDirectory, ".parts")));
        Assert.Equal(0, app.Engine.Frames.Outstanding);
        Assert.All(AvSync.Measure(await File.ReadAllBytesAsync(file)), d => Assert.InRange(d, -0.04, 0.04));
    }

    [Fact]
    public async Task RecordCalls_PictureComesFourTenthsLate_IsTogetherWithItsSoundInTheFile()
    {
        await using var phone = TestPhone.Start(new TestPhoneOptions { PictureLine = new PhoneLine { Delay = TimeSpan.FromMilliseconds(400) } });
        await using var app = await RunningApp.StartAsync("--Recording:RecordCalls", "true");
        await phone.CallFromAsync(app, "late");
        await app.UntilStatusAsync("late", "ESTABLISHED", TimeSpan.FromSeconds(10));
        await Task.Delay(24_000);
        await app.Engine.HangUpAsync(new("late"));
        var recording = await app.ReadyAsync("late");

        var offsets = AvSync.Measure(await File.ReadAllBytesAsync(app.Engine.RecordingPath(recording.FileName)!));
        Assert.True(offsets.Count > 15, $"{offsets.Count} flashes");
        // The first report shows the offset; it is taken back at 40 ms a second.
        Assert.All(offsets.Skip(offsets.Count - 6), d => Assert.InRange(d, -0.04, 0.04));
    }

    [Theory]
    [InlineData("opus", 48000)]
    [InlineData("PCMU", 8000)]
    [InlineData("PCMA", 8000)]
    [InlineData("G722", 16000)]
    public async Task Record_EachSoundCodec_IsHeardInTheFile(string codec, int rate)
    {
        await using var app = await RunningApp.StartAsync("--Recording:RecordCalls", "true", "--Media:AudioCodecs", codec);
        await app.CallDemoAsync("tone", codec == "opus" ? "demo" : "demo-audio");
        await app.UntilStatusAsync("tone", "ESTABLISHED", TimeSpan.FromSeconds(10));
        await Task.Delay(3500);
        await app.Engine.HangUpAsync(new("tone"));
        var recording = await app.ReadyAsync("tone");

        Assert.Equal(codec, recording.AudioCodec);
        var file = app.Engine.RecordingPath(recording.FileName)!;
        Assert.Equal(codec == "opus" ? ".mp4" : ".m4a", Path.GetExtension(file));
        Assert.Equal("", await MediaFile.ComplaintsAsync(file));
        var sound = await MediaFile.SoundAsync(file, rate);
        Assert.InRange(sound.Length / (double)rate, recording.Duration.TotalSeconds - 0.1, recording.Duration.TotalSeconds + 0.1);
        var loudest = Enumerable.Range(0, sound.Length / (rate / 50)).Max(i => Goertzel.Amplitude(sound.AsSpan(i * (rate / 50), rate / 50), rate, 1000));
        Assert.True(loudest > 0.05, $"The beep of 1 kHz has an amplitude of {loudest:F3}.");
        var tenths = Enumerable.Range(0, sound.Length * 10 / rate).Count(i => Goertzel.Hears(sound.AsSpan(i * rate / 10, rate / 10), rate, 440));
        Assert.True(tenths > 15, $"The tone between the beeps is heard in {tenths} tenths of a second.");
    }

    [Fact]
    public async Task Record_PictureAlone_IsAFileOfPictureAlone()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("mute", audio: false);
        await app.UntilStatusAsync("mute", "ESTABLISHED", TimeSpan.FromSeconds(10));
        using (var started = await app.PostAsync("/recorder/startup", new { mediaSessionId = "mute", config = new { fileTemplate = "{streamName}-{videoCodec}-{audioCodec}" } }))
            Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        await Task.Delay(4000);
        using (var stopped = await app.PostAsync("/recorder/terminate", new { mediaSessionId = "mute" })) Assert.True(stopped.IsSuccessStatusCode);
        var recording = await app.ReadyAsync("mute");

        Assert.Equal("mute-H264-none.mp4", recording.FileName);
        var file = app.Engine.RecordingPath(recording.FileName)!;
        var probe = await MediaFile.ProbeAsync(file);
        Assert.Equal(("h264", ""), (probe.VideoCodec, probe.AudioCodec));
        Assert.Equal("", await MediaFile.ComplaintsAsync(file));
        Assert.Single(app.Engine.Calls, c => !c.IsEnded);
    }
}
