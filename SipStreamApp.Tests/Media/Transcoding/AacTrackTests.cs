using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Packaging;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Processes;
using SipStreamApp.Media.Streams;
using SipStreamApp.Media.Transcoding;
using SipStreamApp.Tests.Kit.Media;
using Xunit;

namespace SipStreamApp.Tests.Media.Transcoding;

public class AacTrackTests
{
    private readonly EngineClock _clock = new(TimeProvider.System);
    private readonly StreamHub _hub;

    public AacTrackTests() => _hub = new StreamHub(_clock, new StreamHubOptions());

    [Fact]
    public async Task Wanted_ByTwo_IsMadeOnceAndSleepsWhenNobodyWantsIt()
    {
        await using var transcoder = Transcoder(new DerivedOptions { Linger = TimeSpan.FromMilliseconds(300) });
        var feeder = new ClipFeeder(_hub, _clock, Codec.Pcmu);
        Assert.Equal(0, transcoder.Count);
        var (first, second) = (feeder.Stream.Subscribe("a", false, Nothing, aac: true), feeder.Stream.Subscribe("b", false, Nothing, aac: true));
        Assert.Equal(1, transcoder.Count);
        await feeder.RunAsync(0, 2, pauseMs: 20);
        Assert.True(await SeesAacAsync(first) && await SeesAacAsync(second));
        first.Dispose();
        second.Dispose();
        Assert.False(feeder.Stream.IsAacWanted);
        await UntilAsync(() => transcoder.Count == 0);
        using var again = feeder.Stream.Subscribe("c", false, Nothing, aac: true);
        await feeder.RunAsync(2, 4, pauseMs: 20);
        Assert.True(await SeesAacAsync(again));
        feeder.End();
        await UntilAsync(() => transcoder.Count == 0);
    }

    [Fact]
    public async Task NoSoundAtAll_MakesSilence()
    {
        await using var transcoder = Transcoder(new DerivedOptions());
        var feeder = new ClipFeeder(_hub, _clock, Codec.Pcmu);
        using var reader = feeder.Stream.Subscribe("a", false, Nothing, aac: true);
        for (var i = 0; i < 50; i++)
        {
            feeder.Picture(i);
            await Task.Delay(40);
        }

        Assert.True(await SeesAacAsync(reader));
        feeder.End();
    }

    [Fact]
    public async Task ProgramThatDies_IsStartedAgainWithPauses()
    {
        // Ends at once, whatever it is told.
        var program = File.Exists("/bin/false") ? "/bin/false" : "/usr/bin/false";
        await using var transcoder = new AudioTranscoder(_hub, _clock, program, new DerivedOptions { FirstRetry = TimeSpan.FromMilliseconds(20) }, NullLogger.Instance);
        var feeder = new ClipFeeder(_hub, _clock, Codec.Pcmu);
        using var reader = feeder.Stream.Subscribe("a", false, Nothing, aac: true);
        await feeder.RunAsync(0, 3, pauseMs: 20);
        Assert.Equal(1, transcoder.Count);
        Assert.False(await SeesAacAsync(reader, 100));
        feeder.End();
        await UntilAsync(() => transcoder.Count == 0);
        await UntilAsync(() => Drained(reader) && _hub.Frames.Outstanding == 0);
    }

    [Fact]
    public async Task NoFfmpeg_IsSaidClearly()
    {
        await using var transcoder = new AudioTranscoder(_hub, _clock, null, new DerivedOptions(), NullLogger.Instance);
        Assert.Equal("needs-ffmpeg", transcoder.Unable?.Code);
        var feeder = new ClipFeeder(_hub, _clock, Codec.Pcmu, video: false);
        Assert.Equal("needs-ffmpeg", LiveTracks.Choose(feeder.Stream, passOpus: true, transcoder.Unable).Failures[0].Code);
        var withPicture = new ClipFeeder(_hub, _clock, Codec.Pcmu, name: "two");
        var tracks = LiveTracks.Choose(withPicture.Stream, passOpus: true, transcoder.Unable).Value!;
        Assert.Null(tracks.Audio);
        Assert.Contains("ffmpeg", tracks.Note, StringComparison.Ordinal);
    }

    private AudioTranscoder Transcoder(DerivedOptions options) => new(_hub, _clock, ProgramFinder.Find("ffmpeg"), options, NullLogger.Instance);

    private static void Nothing()
    {
        // These readers look by themselves.
    }

    private static bool Drained(Subscription reader)
    {
        while (reader.TryRead(out var item)) item.Frame.Release();
        return true;
    }

    private static async Task<bool> SeesAacAsync(Subscription reader, int limitMs = 10_000)
    {
        var (watch, seen) = (Stopwatch.StartNew(), false);
        while (!seen && watch.ElapsedMilliseconds < limitMs)
        {
            while (reader.TryRead(out var item))
            {
                seen |= item.Frame.Format.Codec == Codec.Aac && item.Frame.Format.ClockRate == AacFormat.Rate;
                item.Frame.Release();
            }

            await Task.Delay(20);
        }

        return seen;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++) await Task.Delay(20);
        Assert.True(condition());
    }
}
