using System.Collections.Immutable;

namespace SipStreamApp.Media.Recording;

/// <summary>How loud a recording is over its whole length, to be drawn.</summary>
/// <param name="Seconds">Length of the sound, seconds.</param>
/// <param name="Peaks">Largest swing in each of equal steps, 0 to 255; up to <see cref="PeakMeter.MaxSteps"/> of them cover all of it.</param>
public sealed record Waveform(double Seconds, ImmutableArray<int> Peaks);

/// <summary>
/// Reads samples of a sound whose length nobody knows yet and keeps the peaks of equal steps: when there are too many, two become one and
/// steps last twice as long. So the whole length is always shown, by as many steps for a minute as for ten hours. Pure.
/// </summary>
internal sealed class PeakMeter(int rate)
{
    /// <summary>Most steps that are kept; for all but the shortest sounds there are at least half as many.</summary>
    public const int MaxSteps = 2000;

    private readonly int[] _peaks = new int[MaxSteps];
    private int _count;
    private long _perStep = Math.Max(1, rate / 100);
    private long _inStep;
    private int _largest;
    private long _all;

    /// <summary>Samples so far.</summary>
    public long Samples => _all;

    public void Add(ReadOnlySpan<short> samples)
    {
        foreach (var sample in samples)
        {
            _largest = Math.Max(_largest, Math.Abs((int)sample));
            if (++_inStep == _perStep) Step();
        }

        _all += samples.Length;
    }

    /// <summary>What was heard so far, the last step also where it is not full.</summary>
    public Waveform Read()
    {
        var full = _peaks.AsSpan(0, _count);
        return new Waveform((double)_all / rate, _inStep > 0 ? [.. full, Scaled(_largest)] : [.. full]);
    }

    private void Step()
    {
        _peaks[_count++] = Scaled(_largest);
        (_inStep, _largest) = (0, 0);
        if (_count < MaxSteps) return;
        for (var i = 0; i < MaxSteps / 2; i++) _peaks[i] = Math.Max(_peaks[2 * i], _peaks[2 * i + 1]);
        _count /= 2;
        _perStep *= 2;
    }

    private static int Scaled(int swing) => Math.Min(255, swing * 256 / 32768);
}
