using System.Diagnostics;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Media.Mp4;
using Xunit;

namespace SipStreamApp.Tests.Media.Outputs;

/// <summary>What every output that subscribes to the hub must do. An output joins by a class of its own that starts it.</summary>
public abstract class OutputCompliance
{
    private protected EngineClock Clock { get; } = new(TimeProvider.System);

    private protected StreamHub Hub { get; }

    protected OutputCompliance() => Hub = new StreamHub(Clock, new StreamHubOptions());

    [Fact]
    public async Task Join_InTheMiddle_StartsOnTheLastKeyframe()
    {
        var feeder = new ClipFeeder(Hub, Clock);
        await feeder.RunAsync(0, 3.2);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(3.2, 5);
        var file = Assert.Single(await EndAsync(feeder, output));
        var video = Video(file);
        Assert.True(video[0].Key);
        // The keyframe at 2 s was in the hub: 3 s of picture.
        Assert.Equal(75, video.Count);
        Assert.Equal("", Mp4Kit.Decode(file));
    }

    [Fact]
    public async Task Join_BeforeTheFirstPicture_StartsOnAKeyframe()
    {
        var feeder = new ClipFeeder(Hub, Clock);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(1, 5);
        var file = Assert.Single(await EndAsync(feeder, output));
        Assert.True(Video(file)[0].Key);
        Assert.Equal("", Mp4Kit.Decode(file));
    }

    [Fact]
    public async Task SlowConsumer_LosesFramesAndGoesOnAtAKeyframe()
    {
        var feeder = new ClipFeeder(Hub, Clock);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(0, 1);
        output.Stall(true);
        var watch = Stopwatch.StartNew();
        // More pictures than the hub keeps waiting for a reader (512).
        await feeder.RunAsync(1, 31, pauseMs: 0);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), "the publisher waited");
        output.Stall(false);
        await Task.Delay(100);
        await feeder.RunAsync(31, 35);
        var files = await EndAsync(feeder, output);
        if (output.CanStall) Assert.True(output.Dropped > 0);
        Assert.All(files, f => Assert.Equal("", Mp4Kit.Decode(f)));
        Assert.All(files, AssertForward);
        var span = files.Select(Video).Where(v => v.Count > 0).ToList() is var videos ? videos[^1][^1].Time - videos[0][0].Time : 0;
        if (output.CanStall) Assert.InRange(span, 34.8, 35.1);
    }

    [Fact]
    public async Task End_OfTheStream_LetsEverythingOut()
    {
        var feeder = new ClipFeeder(Hub, Clock);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(0, 4.52);
        var file = Assert.Single(await EndAsync(feeder, output));
        Assert.Equal(feeder.Pictures, Video(file).Count);
    }

    [Fact]
    public async Task ResolutionChange_StartsAnew()
    {
        var feeder = new ClipFeeder(Hub, Clock);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(0, 2.4);
        feeder.Small = true;
        await feeder.RunAsync(2.4, 5);
        var files = await EndAsync(feeder, output);
        Assert.Equal(2, files.Count);
        Assert.All(files, f => Assert.Equal("", Mp4Kit.Decode(f)));
        Assert.All(files, f => Assert.True(Video(f)[0].Key));
        if (!IsSeamless) return;
        Assert.Equal(feeder.Pictures, files.Sum(f => Video(f).Count));
        Assert.InRange(Video(files[1])[0].Time - Video(files[0])[^1].Time, 0.03, 0.05);
    }

    [Fact]
    public async Task AudioOnly_IsHeard()
    {
        var feeder = new ClipFeeder(Hub, Clock, Codec.Opus, video: false);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(0, 5);
        var file = Assert.Single(await EndAsync(feeder, output));
        var sound = Mp4Kit.Listen(file);
        Assert.InRange(sound.Length / 16000.0, 4.5, 12);
        Assert.True(Goertzel.Hears(sound.AsSpan(16000 * 2 + 4800, 8000), 16000, 440, 0.05));
    }

    [Fact]
    public async Task VideoOnly_IsWhole()
    {
        var feeder = new ClipFeeder(Hub, Clock, audio: null);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(0, 5);
        var file = Assert.Single(await EndAsync(feeder, output));
        Assert.Equal((125, 125), (Video(file).Count, Mp4Kit.Packets(file, out _).Count));
        Assert.Equal("", Mp4Kit.Decode(file));
    }

    [Fact]
    public async Task HoleOfThreeSeconds_StaysAHoleOfThreeSeconds()
    {
        var feeder = new ClipFeeder(Hub, Clock);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(0, 3);
        await feeder.RunAsync(6, 9, afterGap: true);
        var files = await EndAsync(feeder, output);
        Assert.All(files, f => Assert.Equal("", Mp4Kit.Decode(f)));
        var video = files.SelectMany(Video).Select(p => p.Time).ToList();
        var hole = video.Zip(video.Skip(1), (a, b) => b - a).Max();
        Assert.InRange(hole, 2.9, 3.2);
        Assert.InRange(video[^1] - video[0], 8.9, 9.0);
    }

    [Theory]
    [InlineData(Codec.Opus)]
    [InlineData(Codec.Pcmu)]
    [InlineData(Codec.G722)]
    public async Task FlashAndBeep_Coincide(Codec codec)
    {
        if (!Takes(codec)) return;
        var feeder = new ClipFeeder(Hub, Clock, codec);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(0, 5.5, pauseMs: 20);
        var file = Assert.Single(await EndAsync(feeder, output));
        var late = AvSync.Measure(file);
        Assert.True(late.Count >= 4 && late.All(l => Math.Abs(l) < 0.02), string.Join(' ', late.Select(l => l.ToString("F3", System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task TimesThatGoBack_NeverGoBackInTheOutput()
    {
        var feeder = new ClipFeeder(Hub, Clock);
        await using var output = Start(feeder.Stream);
        await feeder.RunAsync(0, 3);
        feeder.Shift = TimeSpan.FromMilliseconds(-300);
        await feeder.RunAsync(3, 4);
        feeder.Shift = default;
        await feeder.RunAsync(4, 6);
        var files = await EndAsync(feeder, output);
        Assert.All(files, AssertForward);
    }

    private protected abstract IOutputUnderTest Start(LiveStream stream);

    /// <summary>False for a codec that this output plays only with something made for it elsewhere.</summary>
    private protected virtual bool Takes(Codec codec) => true;

    /// <summary>False where a change of the picture's size needs another connection, so that some pictures are lost and the times begin anew.</summary>
    private protected virtual bool IsSeamless => true;

    private async Task<IReadOnlyList<byte[]>> EndAsync(ClipFeeder feeder, IOutputUnderTest output)
    {
        await output.SettleAsync(feeder.Newest);
        feeder.End();
        var files = await output.FinishAsync();
        Assert.NotEmpty(files);
        return files;
    }

    private static List<(double Time, bool Key)> Video(byte[] file)
    {
        var packets = Mp4Kit.Packets(file, out var codecs);
        return [.. packets.Where(p => codecs[p.Stream] == "h264").Select(p => (p.Time, p.Key))];
    }

    private static void AssertForward(byte[] file)
    {
        foreach (var track in Mp4Kit.Packets(file, out _).GroupBy(p => p.Stream))
        {
            var times = track.Select(p => p.Time).ToList();
            for (var i = 1; i < times.Count; i++) Assert.True(times[i] >= times[i - 1], $"{times[i]} after {times[i - 1]} in track {track.Key}");
        }
    }
}
