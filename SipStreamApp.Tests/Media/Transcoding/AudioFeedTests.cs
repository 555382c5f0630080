using System.Buffers;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Transcoding;
using Xunit;

namespace SipStreamApp.Tests.Media.Transcoding;

public class AudioFeedTests
{
    private static readonly byte[] Packet = new byte[160];

    private readonly AudioFeed _feed = new(FeedCodec.Create(TrackFormat.Default(Codec.Pcmu)));
    private readonly ArrayBufferWriter<byte> _out = new();

    [Fact]
    public void Push_WithoutPauses_EverySampleHasItsTime()
    {
        for (var i = 0; i < 50; i++) Assert.True(_feed.Push(Packet, Ms(1000 + 20 * i), _out));
        Assert.Equal((16000, 48000), (_out.WrittenCount, _feed.Samples48));
        for (var at = 0; at < 48000; at += 1024) Assert.Equal(1000 + at / 48.0, _feed.TimeOf(at).TotalMilliseconds, 0.2);
    }

    [Fact]
    public void Push_AfterAHole_SilenceKeepsTheTimes()
    {
        _feed.Push(Packet, Ms(0), _out);
        _feed.Push(Packet, Ms(3020), _out);
        Assert.Equal((160 + 24000 + 160) * 2, _out.WrittenCount);
        Assert.Equal(10, _feed.TimeOf(480).TotalMilliseconds, 0.2);
        Assert.Equal(1520, _feed.TimeOf(48 * 1520).TotalMilliseconds, 0.2);
        Assert.Equal(3030, _feed.TimeOf(48 * 3030).TotalMilliseconds, 0.2);
    }

    [Fact]
    public void Push_SenderThatDrifts_MovesTheTimesAndNotTheSamples()
    {
        // 0.5 ms in each 20 ms: far more than any clock.
        for (var i = 0; i < 100; i++) _feed.Push(Packet, Ms(20.5 * i), _out);
        Assert.Equal(100 * 320, _out.WrittenCount);
        for (var i = 0; i < 100; i++) Assert.Equal(20.5 * i, _feed.TimeOf(960 * i).TotalMilliseconds, 0.2);
    }

    [Fact]
    public void Push_SoundThatComesAfterItsTimeWasFilled_IsNotTaken()
    {
        _feed.Push(Packet, Ms(0), _out);
        _feed.Silence(Ms(200), _out);
        Assert.False(_feed.Push(Packet, Ms(40), _out));
        Assert.True(_feed.Push(Packet, Ms(200), _out));
        Assert.Equal((160 + 1440 + 160) * 2, _out.WrittenCount);
        Assert.Equal(200, _feed.TimeOf(48 * 200).TotalMilliseconds, 0.2);
    }

    [Fact]
    public void Push_OpusThatIsMalformed_IsLeftOut()
    {
        var feed = new AudioFeed(FeedCodec.Create(TrackFormat.Default(Codec.Opus)));
        Assert.False(feed.Push([0xFF, 0xFF, 1, 2, 3], default, _out));
        Assert.True(feed.Push([0xF8, 0xFF, 0xFE], default, _out));
        Assert.Equal(960, feed.Samples48);
    }

    private static TimeSpan Ms(double ms) => TimeSpan.FromTicks((long)(ms * TimeSpan.TicksPerMillisecond));
}
