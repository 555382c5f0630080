using System.Text;
using SipStreamApp.Media.Hls;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.Hls;

public class HlsStreamTests
{
    private static readonly Failure NoAac = new("needs-ffmpeg", Blame.Server, "no ffmpeg");

    private readonly EngineClock _clock = new(TimeProvider.System);
    private readonly StreamHub _hub;

    public HlsStreamTests() => _hub = new StreamHub(_clock, new StreamHubOptions());

    [Fact]
    public async Task NobodyAsks_ItStopsAndTheNextRequestStartsItAnew()
    {
        await using var host = new HlsHost(_clock, new HlsOptions { Idle = TimeSpan.FromMilliseconds(300) });
        var feeder = new ClipFeeder(_hub, _clock, audio: null);
        var first = host.Open(feeder.Stream, null).Value!;
        Assert.Same(first, host.Open(feeder.Stream, null).Value);
        await first.Running.WaitAsync(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 100 && host.Count > 0; i++) await Task.Delay(20);
        Assert.Equal(0, host.Count);
        Assert.Empty(feeder.Stream.Snapshot().Readers);
        Assert.NotSame(first, host.Open(feeder.Stream, null).Value);
    }

    [Fact]
    public async Task LongStream_KeepsTheLastSegmentsOnly()
    {
        await using var host = new HlsHost(_clock, new HlsOptions());
        var feeder = new ClipFeeder(_hub, _clock, audio: null);
        var stream = host.Open(feeder.Stream, null).Value!;
        await feeder.RunAsync(0, 20);
        await Task.Delay(200);
        var most = stream.BytesKept;
        await feeder.RunAsync(20, 60);
        await Task.Delay(200);
        Assert.InRange(stream.BytesKept, 1, most * 3 / 2);
        var text = Encoding.UTF8.GetString((await stream.PlaylistAsync(null, null, "", CancellationToken.None)).Value!.Body[0].Span);
        Assert.Equal(6, text.Split("#EXTINF").Length - 1);
        Assert.DoesNotContain("MEDIA-SEQUENCE:0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FormatChange_IsADiscontinuityWithANewMap()
    {
        await using var host = new HlsHost(_clock, new HlsOptions());
        var feeder = new ClipFeeder(_hub, _clock, audio: null);
        var stream = host.Open(feeder.Stream, null).Value!;
        await feeder.RunAsync(0, 3);
        feeder.Small = true;
        await feeder.RunAsync(3, 6);
        await Task.Delay(200);
        var text = Encoding.UTF8.GetString((await stream.PlaylistAsync(null, null, "", CancellationToken.None)).Value!.Body[0].Span);
        Assert.Matches("#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"init-[0-9a-f]+-1.mp4\"\n", text);
    }

    [Fact]
    public async Task NoFfmpeg_IsSaidWhereThereIsSound()
    {
        await using var host = new HlsHost(_clock, new HlsOptions());
        Assert.Equal("needs-ffmpeg", host.Open(new ClipFeeder(_hub, _clock, Codec.Opus).Stream, NoAac).Failures[0].Code);
        Assert.True(host.Open(new ClipFeeder(_hub, _clock, audio: null, name: "two").Stream, NoAac).Succeeded);
    }
}
