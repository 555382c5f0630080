namespace SipStreamApp.Media.Codecs.Demo;

/// <summary>The sound of the demo clip as samples at any rate: the same beep at the same instants as its Opus packets.</summary>
internal static class PcmTone
{
    /// <summary>Pitch of the beep in Hz.</summary>
    public const int BeepHz = 1000;

    /// <summary>Pitch of the tone between the beeps in Hz.</summary>
    public const int ToneHz = 440;

    /// <summary>Length of the beep, from every full second on.</summary>
    public static readonly TimeSpan BeepLength = TimeSpan.FromMilliseconds(80);

    private const double BeepAmplitude = 0.5;
    private const double ToneAmplitude = 0.1;

    /// <summary>Writes samples from number <paramref name="firstSample"/> on.</summary>
    public static void Fill(Span<short> samples, int sampleRate, long firstSample)
    {
        var beepSamples = (int)(BeepLength.TotalSeconds * sampleRate);
        // Both pitches are whole numbers of Hz, so each second repeats the one before.
        var position = (int)(firstSample % sampleRate);
        for (var i = 0; i < samples.Length; i++)
        {
            var (hertz, amplitude) = position < beepSamples ? (BeepHz, BeepAmplitude) : (ToneHz, ToneAmplitude);
            samples[i] = (short)Math.Round(short.MaxValue * amplitude * Math.Sin(2 * Math.PI * hertz * position / sampleRate));
            if (++position == sampleRate) position = 0;
        }
    }
}
