using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Kit.Phones;
using SipStreamApp.Tests.Kit.Recordings;
using SipStreamApp.Tests.Media.Mp4;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>HLS over HTTP, with a call behind it.</summary>
public class HlsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("opus")]
    [InlineData("PCMU")]
    [InlineData("PCMA")]
    [InlineData("G722")]
    public async Task Play_AnyCodec_TheToneIsHeardAndFlashAndBeepCoincide(string codec)
    {
        await using var phone = TestPhone.Start(new TestPhoneOptions { ObeysKeyframeRequests = false });
        await using var app = await RunningApp.StartAsync("--Media:AudioCodecs", codec);
        await phone.CallFromAsync(app, "h1");
        await app.UntilStatusAsync("h1", "ESTABLISHED", Soon);
        var file = await HlsClient.FetchAsync(app, "h1", 4);
        Mp4Kit.Packets(file, out var codecs);
        Assert.Equal(["h264", "aac"], codecs);
        Assert.True(Mp4Kit.Decode(file) is "", Mp4Kit.Decode(file));
        Assert.True(AvSync.HearsTone(file));
        AvSync.AssertTogether(file);
    }

    [Fact]
    public async Task Play_SoundOnlyAndPictureOnly_HaveWhatThereIs()
    {
        await using var app = await RunningApp.StartAsync("--Media:AudioCodecs", "PCMU");
        await app.CallDemoAsync("sound", video: false);
        await app.CallDemoAsync("picture", audio: false);
        await app.UntilStatusAsync("sound", "ESTABLISHED", Soon);
        await app.UntilStatusAsync("picture", "ESTABLISHED", Soon);
        var sound = HlsClient.FetchAsync(app, "sound", 2);
        var picture = await HlsClient.FetchAsync(app, "picture", 2);
        Assert.True(AvSync.HearsTone(await sound));
        Assert.True(Mp4Kit.Decode(picture) is "", Mp4Kit.Decode(picture));
        Assert.True(AvSync.Flashes(picture).Count > 1);
    }

    [Fact]
    public async Task Playlist_WhileItRuns_IsLowLatencyAndAnswersWhenThePartIsThere()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("h1");
        await app.UntilStatusAsync("h1", "ESTABLISHED", Soon);
        var text = await HlsClient.PlaylistAsync(app, "h1");
        Assert.Contains("CAN-BLOCK-RELOAD=YES", text, StringComparison.Ordinal);
        Assert.All(Regex.Matches(text, "#EXT-X-PART:DURATION=([0-9.]+)"), m => Assert.InRange(Number(m.Groups[1].Value), 0.001, 0.44));
        Assert.All(Regex.Matches(text, "#EXTINF:([0-9.]+)"), m => Assert.InRange(Number(m.Groups[1].Value), 0.5, 4.49));

        // The hinted part comes as soon as it is made, and so does the playlist that names it.
        var hint = Regex.Match(text, "PRELOAD-HINT:TYPE=PART,URI=\"(part-[0-9a-f]+-(\\d+)-(\\d+).m4s)\"");
        var part = app.Http.GetAsync($"/hls/h1/{hint.Groups[1].Value}");
        var watch = Stopwatch.StartNew();
        var next = await HlsClient.PlaylistAsync(app, "h1", $"?_HLS_msn={hint.Groups[2].Value}&_HLS_part={hint.Groups[3].Value}");
        Assert.Contains(hint.Groups[1].Value, next, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);
        using var answer = await part;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.MaxAge > TimeSpan.Zero);
        using var far = await app.Http.GetAsync("/hls/h1/index.m3u8?_HLS_msn=9999");
        Assert.Equal(HttpStatusCode.BadRequest, far.StatusCode);
    }

    [Fact]
    public async Task Playlist_AtThePathOfWebCallServer_NamesTheSameFiles()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("h1");
        await app.UntilStatusAsync("h1", "ESTABLISHED", Soon);
        var text = await app.Http.GetStringAsync("/h1/h1.m3u8");
        var map = Regex.Match(text, "#EXT-X-MAP:URI=\"(/hls/h1/[^\"]+)\"").Groups[1].Value;
        Assert.True((await app.Http.GetByteArrayAsync(map)).Length > 500);
    }

    [Fact]
    public async Task Playlist_WithoutAStreamOrMedia_SaysSo()
    {
        await using var app = await RunningApp.StartAsync();
        using var unknown = await app.Http.GetAsync("/hls/nobody/index.m3u8");
        Assert.Equal((HttpStatusCode.NotFound, true), (unknown.StatusCode, unknown.Headers.CacheControl?.NoStore));
        using var file = await app.Http.GetAsync("/hls/nobody/seg-x-1.m4s");
        Assert.Equal(HttpStatusCode.NotFound, file.StatusCode);
        await app.CallDemoAsync("ring", "demo-ring");
        await app.UntilStatusAsync("ring", "RING", Soon);
        using var reserved = await app.Http.GetAsync("/hls/ring/index.m3u8");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reserved.StatusCode);
        Assert.NotNull(reserved.Headers.RetryAfter);
    }

    [Fact]
    public async Task Ffprobe_ReadsItAsPlainHls()
    {
        await using var app = await RunningApp.StartAsync();
        await app.CallDemoAsync("h1");
        await app.UntilStatusAsync("h1", "ESTABLISHED", Soon);
        await HlsClient.FetchAsync(app, "h1", 3);
        var (output, errors, _) = await Task.Run(() => Mp4Kit.Run("ffprobe", $"-v error -show_entries stream=codec_name,width -of csv=p=0 {app.Url}/hls/h1/index.m3u8"));
        Assert.Equal("", errors);
        Assert.Contains("h264,640", output, StringComparison.Ordinal);
        Assert.Contains("aac", output, StringComparison.Ordinal);
        var played = await Task.Run(() => Mp4Kit.Run("ffmpeg", $"-v error -t 4 -i {app.Url}/hls/h1/index.m3u8 {MediaFile.ToNowhere}"));
        Assert.Equal("", played.Errors);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
