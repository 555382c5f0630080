using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Push;
using Xunit;

namespace SipStreamApp.Tests.Media.Push;

public class PushPartsTests
{
    private static readonly PushLimits Limits = new();

    [Fact]
    public void Backoff_DoublesUpToItsBoundAndStartsAgain()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => backoff.Next().TotalSeconds));
        for (var i = 0; i < 100; i++) Assert.Equal(30, backoff.Next().TotalSeconds);
        backoff.Reset();
        Assert.Equal(1, backoff.Next().TotalSeconds);
    }

    [Fact]
    public void Meter_WhatIsNotAcknowledged_IsNotSentAndHangs()
    {
        var meter = new PushMeter();
        var now = Instant.FromMilliseconds(1000);
        meter.Open(now);
        for (var i = 0; i < 8; i++)
        {
            now += TimeSpan.FromMilliseconds(500);
            meter.Fed(now);
            meter.Read(now, 10_000 * (i + 1), 0);
        }

        Assert.Equal((80_000, 160), (meter.Total, meter.Kbps));
        for (var i = 0; i < 20; i++)
        {
            Assert.False(meter.Hangs(now, TimeSpan.FromSeconds(9), false) && i < 18);
            now += TimeSpan.FromMilliseconds(500);
            meter.Fed(now);
            meter.Read(now, 80_000 + 10_000 * (i + 1), 10_000 * (i + 1));
        }

        Assert.True(meter.Hangs(now, TimeSpan.FromSeconds(9), false));
        Assert.Equal((80_000, 0), (meter.Total, meter.Kbps));
        meter.Close();
        meter.Open(now);
        meter.Read(now, 500, 0);
        Assert.Equal(80_500, meter.Total);
    }

    // 40 kbit/s of a stream that has more: it falls behind, but it lives.
    [Fact]
    public void Meter_SlowButLivingServer_DoesNotHang()
    {
        var (meter, limits) = (new PushMeter(), new PushLimits());
        var now = Instant.FromMilliseconds(1000);
        meter.Open(now);
        for (var i = 1; i < 240; i++)
        {
            now += TimeSpan.FromMilliseconds(500);
            meter.Fed(now);
            meter.Read(now, 60_000 * i, 60_000 * i - 2500 * i);
            Assert.False(meter.Hangs(now, limits.FullStall, isWriteBlocked: true), $"after {i / 2.0} s");
        }
    }

    [Fact]
    public void Meter_WithNothingToSend_DoesNotHang()
    {
        var meter = new PushMeter();
        meter.Open(Instant.FromMilliseconds(1000));
        Assert.False(meter.Hangs(Instant.FromMilliseconds(60_000), TimeSpan.FromSeconds(9), isWriteBlocked: false));
        Assert.True(meter.Hangs(Instant.FromMilliseconds(60_000), TimeSpan.FromSeconds(9), isWriteBlocked: true));
    }

    // What ffmpeg 5.1 really printed.
    [Theory]
    [InlineData("[tcp @ 0x5] [error] Connection to tcp://127.0.0.1:1?tcp_nodelay=0 failed: Connection refused", "connection-refused")]
    [InlineData("[tcp @ 0x5] [error] Failed to resolve hostname nosuch.invalid: Name or service not known", "host-not-found")]
    [InlineData("[error] rtmp://127.0.0.1/nosuch/****: Input/output error", "closed-at-once")]
    [InlineData("[error] av_interleaved_write_frame(): Broken pipe", "closed-at-once")]
    [InlineData("[tls @ 0x5] [error] Error in the pull function.", "tls-failed")]
    [InlineData("[error] rtmp://127.0.0.1/live/****: Connection timed out", "no-answer")]
    [InlineData("[rtmp @ 0x5] [error] Server error: Already publishing", "already-publishing")]
    [InlineData("[error] srt://h:1: Protocol not found", "protocol-missing")]
    [InlineData("something new", "ffmpeg-failed")]
    public void Causes_OfRealWords_ArePlain(string line, string code)
    {
        var cause = PushCauses.Explain(["[warning] noise", line], 1, wasProven: false);
        Assert.Equal(code, cause.Code);
        Assert.Equal(code != "protocol-missing", cause.Retryable);
    }

    [Fact]
    public void Arguments_AddressIsTheLastAndOneArgument()
    {
        Assert.True(PushAddress.TryParse("rtmp://host/app/key", out var target, out _));
        var line = FfmpegArguments.For(target, TrackFormat.Default(Codec.H264), TrackFormat.Default(Codec.Pcmu), Limits);
        Assert.Equal("rtmp://host/app/key", line[^1]);
        Assert.Equal("copy", line[line.IndexOf("-c:v") + 1]);
        Assert.Equal("aac", line[line.IndexOf("-c:a") + 1]);
        Assert.Contains("libx264", FfmpegArguments.For(target, TrackFormat.Default(Codec.Vp8), null, Limits));
        Assert.Contains("-an", FfmpegArguments.For(target, TrackFormat.Default(Codec.H264), null, Limits));
        Assert.Contains("-vn", FfmpegArguments.For(target, null, TrackFormat.Default(Codec.Opus), Limits));
    }
}
