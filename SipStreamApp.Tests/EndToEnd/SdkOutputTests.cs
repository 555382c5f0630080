using System.Net;
using SipStreamApp.Media.Push;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Browsers;
using SipStreamApp.Tests.Kit.Peers;
using SipStreamApp.Tests.Kit.Recordings;
using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>The published Web SDK's examples that take a picture of a stream, record it and send it on, unmodified, with a browser that publishes.</summary>
public sealed class SdkOutputTests(SdkOutputTests.Lab lab) : IClassFixture<SdkOutputTests.Lab>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task StreamSnapshot_GetsAPngOfTheStream_AndTheReasonWhereThereIsNone()
    {
        var page = await lab.OpenAsync("stream-snapshot/stream-snapshot.html");
        await page.Page.FillAsync("#url", lab.Socket + "/shot");
        await page.Page.ClickAsync("#publishBtn");
        await page.UntilStatusAsync("PUBLISHING");
        await page.Page.ClickAsync("#snapshotBtn");
        await page.Page.WaitForFunctionAsync("() => document.getElementById('dynImg').naturalWidth > 0");
        Assert.Equal("", await page.Page.InnerTextAsync("#snapshotStatus"));
        var size = await page.Page.EvaluateAsync<int[]>("() => { const i = document.getElementById('dynImg'), v = document.querySelector('#localVideo video'); return [i.naturalWidth, i.naturalHeight, v.videoWidth, v.videoHeight]; }");
        // Chromium begins smaller than the camera where the line is not known yet, with the same sides.
        Assert.Equal((double)size[2] / size[3], (double)size[0] / size[1], 0.02);
        Assert.StartsWith("data:image/png;base64,iVBORw0KGgo", await page.Page.EvaluateAsync<string>("() => document.getElementById('dynImg').src"), StringComparison.Ordinal);

        // Not of a frame without a picture: the camera is in it, which is neither black nor of one colour.
        var colours = await page.Page.EvaluateAsync<int>(
            """
            () => {
              const image = document.getElementById('dynImg'), canvas = document.createElement('canvas');
              [canvas.width, canvas.height] = [64, 48];
              const pen = canvas.getContext('2d');
              pen.drawImage(image, 0, 0, 64, 48);
              const data = pen.getImageData(0, 0, 64, 48).data, seen = new Set();
              for (let i = 0; i < data.length; i += 4) seen.add((data[i] >> 4) << 8 | (data[i + 1] >> 4) << 4 | data[i + 2] >> 4);
              return seen.size;
            }
            """);
        Assert.True(colours > 3, $"{colours} colours");

        await page.Page.EvaluateAsync("() => snapshot('nobody')");
        await page.UntilStatusAsync("FAILED", "#snapshotStatus");
        Assert.Contains("Snapshot failed, info: Stream not found", page.Console);
        Assert.Empty(page.Errors);
        await page.Page.CloseAsync();
    }

    [Fact]
    public async Task StreamRecording_NamesTheFile_AndItIsThereToPlay()
    {
        var page = await lab.OpenAsync("stream_recording/recording.html");
        await page.Page.FillAsync("#url", lab.Socket + "/recorded");
        await page.Page.ClickAsync("#publishBtn");
        await page.UntilStatusAsync("PUBLISHING");
        await Wait.ForAsync(() => lab.App.Engine.Recordings.Any(r => r.StreamName.Value == "recorded" && r.Duration > TimeSpan.FromSeconds(2)), Soon, () => "Nothing is recorded");
        await page.Page.ClickAsync("#publishBtn");
        await page.UntilStatusAsync("UNPUBLISHED");

        // The page links to the host it comes from; the file is under that path at the program.
        var link = await page.Page.GetAttributeAsync("#link", "href");
        var path = new Uri(link!).AbsolutePath;
        Assert.StartsWith("/client/records/recorded-", path, StringComparison.Ordinal);
        using var file = await lab.App.Http.GetAsync(path);
        var bytes = await file.Content.ReadAsByteArrayAsync();
        Assert.Equal((HttpStatusCode.OK, "video/mp4"), (file.StatusCode, file.Content.Headers.ContentType?.MediaType));
        var copy = Path.Combine(lab.App.DataFolder, "copy.mp4");
        await File.WriteAllBytesAsync(copy, bytes);
        var media = await MediaFile.ProbeAsync(copy);
        Assert.Equal(("h264", "aac"), (media.VideoCodec, media.AudioCodec));
        Assert.InRange(media.Duration, 1.5, 30);
        using var gone = await lab.App.Http.GetAsync("/client/records/..%2f..%2fsipstreamapp.db");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Empty(page.Errors);
        await page.Page.CloseAsync();
    }

    [Fact]
    public async Task RtmpUrl_SendsThePublishedStreamOn_AndABadOneFails()
    {
        await using var rtmp = await NginxRtmp.StartAsync();
        var page = await lab.OpenAsync("webrtc-as-rtmp-republishing/webrtc-as-rtmp-republishing.html");
        await page.Page.FillAsync("#url", lab.Socket);
        await page.Page.FillAsync("#streamName", "sent");
        await page.Page.FillAsync("#rtmpUrl", rtmp.Url);
        await page.Page.ClickAsync("#publishBtn");
        await page.UntilStatusAsync("PUBLISHING");
        await Wait.ForAsync(() => lab.App.Engine.Pushes.Any(p => p.Name == "rtmp_sent" && p.State == PushState.Publishing), Soon, () => $"The push is {lab.App.Engine.Pushes.FirstOrDefault()}");
        await page.Page.ClickAsync("#publishBtn");
        await page.UntilStatusAsync("UNPUBLISHED");

        await page.Page.FillAsync("#rtmpUrl", "file:///etc/passwd");
        await page.Page.ClickAsync("#publishBtn");
        await page.UntilStatusAsync("FAILED");
        Assert.Empty(page.Errors);
        await page.Page.CloseAsync();
    }

    /// <summary>One program, one browser with a camera, the SDK's site.</summary>
    public sealed class Lab : IAsyncLifetime
    {
        private WebSdkSite _site = default!;
        private Chromium _chromium = default!;

        internal RunningApp App { get; private set; } = default!;

        internal string Socket => App.Url.Replace("http", "ws", StringComparison.Ordinal);

        public async ValueTask InitializeAsync()
        {
            App = await RunningApp.StartAsync();
            _site = await WebSdkSite.StartAsync();
            _chromium = await Chromium.StartAsync(camera: true);
        }

        internal Task<SdkPage> OpenAsync(string example) => SdkPage.OpenAsync(_chromium, $"{_site.Examples}/streaming/{example}", App);

        public async ValueTask DisposeAsync()
        {
            await _chromium.DisposeAsync();
            await _site.DisposeAsync();
            await App.DisposeAsync();
        }
    }
}
