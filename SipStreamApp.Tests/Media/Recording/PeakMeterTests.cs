using SipStreamApp.Media.Recording;
using Xunit;

namespace SipStreamApp.Tests.Media.Recording;

public class PeakMeterTests
{
    private const int Rate = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(118)]
    [InlineData(3_600)]
    [InlineData(36_000)]
    public void Read_WhateverTheLength_CoversAllOfItAndFindsTheLoudSecond(int seconds)
    {
        var meter = new PeakMeter(Rate);
        var quiet = Enumerable.Repeat((short)1000, Rate).ToArray();
        var loud = Enumerable.Repeat(short.MinValue, Rate).ToArray();
        var at = seconds * 3 / 4;
        for (var i = 0; i < seconds; i++) meter.Add(i == at ? loud : quiet);
        var waveform = meter.Read();

        Assert.Equal(seconds, waveform.Seconds);
        Assert.InRange(waveform.Peaks.Length, Math.Min(seconds * 100, PeakMeter.MaxSteps / 2), PeakMeter.MaxSteps);
        var loudest = Enumerable.Range(0, waveform.Peaks.Length).Where(i => waveform.Peaks[i] == 255).ToList();
        var step = (double)seconds / waveform.Peaks.Length;

        // The last step may be short, so the mean one is, by up to a step over all of them.
        Assert.InRange(loudest[0] * step, at - 2 * step, at + step);
        Assert.InRange(loudest.Count * step, 1 - step, 1 + 2 * step);
        Assert.Equal(loudest.Count, loudest[^1] - loudest[0] + 1);
        Assert.All(waveform.Peaks.Where(p => p != 255), p => Assert.Equal(7, p));
    }

    [Fact]
    public void Read_InPiecesOfAnySize_IsTheSame()
    {
        var random = new Random(7);
        var samples = Enumerable.Range(0, 50_000).Select(_ => (short)random.Next(short.MinValue, short.MaxValue)).ToArray();
        var (whole, pieces) = (new PeakMeter(Rate), new PeakMeter(Rate));
        whole.Add(samples);
        for (var i = 0; i < samples.Length;)
        {
            var size = Math.Min(random.Next(0, 700), samples.Length - i);
            pieces.Add(samples.AsSpan(i, size));
            i += size;
        }

        Assert.Equal(whole.Read().Peaks, pieces.Read().Peaks);
    }

    [Fact]
    public void Read_Nothing_IsEmpty() => Assert.Empty(new PeakMeter(Rate).Read().Peaks);
}
