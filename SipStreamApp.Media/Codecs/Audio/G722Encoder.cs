// ITU-T Rec. G.722 section 5: SB-ADPCM encoder, 64 kbit/s (mode 1).
namespace SipStreamApp.Media.Codecs;

/// <summary>Encodes 16 kHz sound; two samples make one byte. Keeps state: one object per stream.</summary>
internal sealed class G722Encoder
{
    private readonly G722Band _low = new(isLow: true);
    private readonly G722Band _high = new(isLow: false);
    private readonly int[] _history = new int[24];

    /// <summary>Encodes pairs of samples as long as there is room; returns the bytes written.</summary>
    public int Encode(ReadOnlySpan<short> samples, Span<byte> target)
    {
        var count = Math.Min(samples.Length / 2, target.Length);
        for (var i = 0; i < count; i++)
        {
            Split(samples[2 * i], samples[2 * i + 1], out var low, out var high);
            var lowCode = QuantizeLow(low);
            var highCode = QuantizeHigh(high);
            target[i] = (byte)(highCode << 6 | lowCode);
            _low.Adapt(lowCode >> 2);
            _high.Adapt(highCode);
        }

        return count;
    }

    private void Split(int first, int second, out int low, out int high)
    {
        var x = _history.AsSpan();
        x[2..].CopyTo(x);
        (x[22], x[23]) = (first, second);
        var (odd, even) = (0, 0);
        for (var i = 0; i < 12; i++)
        {
            odd += x[2 * i] * G722Tables.Qmf[i];
            even += x[2 * i + 1] * G722Tables.Qmf[11 - i];
        }

        // 12 bits of filter gain, one for the sum of two filters, one because the algorithm works on 15-bit samples.
        low = (even + odd) >> 14;
        high = (even - odd) >> 14;
    }

    private int QuantizeLow(int sample)
    {
        var error = G722Band.Saturate(sample - _low.Prediction);
        var magnitude = error >= 0 ? error : ~error;
        var i = 1;
        while (i < 30 && magnitude >= (G722Tables.Q6[i] * _low.Step) >> 12) i++;
        return error < 0 ? G722Tables.CodeNegative[i] : G722Tables.CodePositive[i];
    }

    private int QuantizeHigh(int sample)
    {
        var error = G722Band.Saturate(sample - _high.Prediction);
        var magnitude = error >= 0 ? error : ~error;
        var big = magnitude >= (564 * _high.Step) >> 12;
        return error < 0 ? (big ? 0 : 1) : (big ? 2 : 3);
    }
}
