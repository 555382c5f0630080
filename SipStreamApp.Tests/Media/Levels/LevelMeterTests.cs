using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Levels;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Media;
using SipStreamApp.Tests.Kit.Phones;
using Xunit;

namespace SipStreamApp.Tests.Media.Levels;

public class LevelMeterTests
{
    [Theory]
    [InlineData(32767.0 * 32767, 0)]
    [InlineData(32767.0 * 32767 / 2, 3)]
    [InlineData(32767.0 * 32767 / 1e6, 60)]
    [InlineData(1, 90)]
    [InlineData(0, 127)]
    public void Of_MeanSquare_IsDecibelsBelowTheLoudest(double meanSquare, int level) => Assert.Equal(level, LevelMeter.Of(meanSquare));

    [Theory]
    [InlineData(Codec.Pcmu)]
    [InlineData(Codec.Pcma)]
    public void Take_AToneInG711_IsItsLevelWithinADecibel(Codec codec)
    {
        var meter = new LevelMeter();
        Assert.Null(meter.Take());
        for (var i = 0L; i < 5; i++) meter.Add(codec, PhoneSound.Tone(440)(codec, i).Span);

        // Amplitude 6000: 20 log10(6000 / sqrt 2 / 32767) = -17.8.
        Assert.InRange(meter.Take()!.Value, 17, 19);
        Assert.Null(meter.Take());
    }

    [Fact]
    public void Take_G722_KeepsTheDecodersMemory()
    {
        var meter = new LevelMeter();
        for (var i = 5L; i < 25; i++) meter.Add(Codec.G722, PhoneSound.Demo(Codec.G722, i).Span);
        meter.Take();
        for (var i = 25L; i < 30; i++) meter.Add(Codec.G722, PhoneSound.Demo(Codec.G722, i).Span);

        // The tone between the beeps: amplitude a tenth, -23 dB.
        Assert.InRange(meter.Take()!.Value, 22, 24);
    }

    [Fact]
    public void Take_SilenceInMuLaw_IsTheFloor_AndOtherCodecsAreNotMeasured()
    {
        var meter = new LevelMeter();
        meter.Add(Codec.Pcmu, Enumerable.Repeat((byte)0xFF, 160).ToArray());
        Assert.Equal(LevelMeter.Floor, meter.Take());
        meter.Add(Codec.Opus, [1, 2, 3]);
        Assert.Null(meter.Take());
    }

    [Fact]
    public void Add_APacket_AllocatesNothing()
    {
        var meter = new LevelMeter();
        var packet = PhoneSound.Tone(440)(Codec.Pcmu, 0);
        meter.Add(Codec.Pcmu, packet.Span);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) meter.Add(Codec.Pcmu, packet.Span);
        meter.Take();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Board_MeasuresOnlyWhileSomebodyLooks_AndFollowsTheName()
    {
        var clock = new EngineClock(TimeProvider.System);
        var hub = new StreamHub(clock, new StreamHubOptions());
        using var board = new LevelBoard(hub, clock, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.True(StreamName.TryParse("later", out var name));
        await using var levels = board.WatchAsync([name, name], stop.Token).GetAsyncEnumerator(stop.Token);
        Assert.True(await levels.MoveNextAsync());
        Assert.Equal([null, null], levels.Current);

        var feeder = new StreamFeeder(hub, clock, "later", Codec.Pcmu, video: false);
        do
        {
            feeder.Audio();
            Assert.True(await levels.MoveNextAsync());
        }
        while (levels.Current[0] is null);
        Assert.Equal(levels.Current[0], levels.Current[1]);
        Assert.Equal("level", Assert.Single(feeder.Stream.Snapshot().Readers).Kind);

        await levels.DisposeAsync();
        Assert.Equal(0, board.Count);
        Assert.Empty(feeder.Stream.Snapshot().Readers);
    }
}
