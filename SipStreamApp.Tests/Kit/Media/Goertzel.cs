namespace SipStreamApp.Tests.Kit.Media;

/// <summary>The test suite's ear: how strong one pitch is in a piece of sound (Goertzel's algorithm).</summary>
internal static class Goertzel
{
    /// <summary>Amplitude of the pitch, 1 being full scale. Use whole multiples of 1/length for exact figures.</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, int sampleRate, double hertz)
    {
        if (samples.IsEmpty) return 0;
        var coefficient = 2 * Math.Cos(2 * Math.PI * hertz / sampleRate);
        var (last, before) = (0.0, 0.0);
        foreach (var sample in samples) (last, before) = (sample / 32768.0 + coefficient * last - before, last);
        var power = last * last + before * before - coefficient * last * before;
        return 2 * Math.Sqrt(Math.Max(power, 0)) / samples.Length;
    }

    /// <summary>True where the pitch stands out: louder than <paramref name="atLeast"/> and holding most of the sound's energy.</summary>
    public static bool Hears(ReadOnlySpan<short> samples, int sampleRate, double hertz, double atLeast = 0.02)
    {
        var energy = 0.0;
        foreach (var sample in samples) energy += sample / 32768.0 * (sample / 32768.0);
        var total = samples.IsEmpty ? 0 : Math.Sqrt(2 * energy / samples.Length);
        var amplitude = Amplitude(samples, sampleRate, hertz);
        return amplitude >= atLeast && amplitude >= 0.6 * total;
    }
}
