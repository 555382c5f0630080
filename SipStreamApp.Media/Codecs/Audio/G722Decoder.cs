// ITU-T Rec. G.722 section 5: SB-ADPCM decoder, 64 kbit/s (mode 1).
namespace SipStreamApp.Media.Codecs;

/// <summary>Decodes to 16 kHz sound; one byte makes two samples. Keeps state: one object per stream.</summary>
internal sealed class G722Decoder
{
    private readonly G722Band _low = new(isLow: true);
    private readonly G722Band _high = new(isLow: false);
    private readonly int[] _history = new int[24];

    /// <summary>Decodes bytes as long as there is room; returns the samples written.</summary>
    public int Decode(ReadOnlySpan<byte> data, Span<short> target)
    {
        var count = Math.Min(data.Length, target.Length / 2);
        for (var i = 0; i < count; i++)
        {
            var (lowCode, highCode) = (data[i] & 0x3F, data[i] >> 6);
            var low = Math.Clamp(_low.Prediction + ((_low.Step * G722Tables.Qm6[lowCode]) >> 15), -16384, 16383);
            var high = Math.Clamp(_high.Prediction + ((_high.Step * G722Tables.Qm2[highCode]) >> 15), -16384, 16383);
            _low.Adapt(lowCode >> 2);
            _high.Adapt(highCode);
            Join(low, high, out target[2 * i], out target[2 * i + 1]);
        }

        return count * 2;
    }

    private void Join(int low, int high, out short first, out short second)
    {
        var x = _history.AsSpan();
        x[2..].CopyTo(x);
        (x[22], x[23]) = (low + high, low - high);
        var (even, odd) = (0, 0);
        for (var i = 0; i < 12; i++)
        {
            odd += x[2 * i] * G722Tables.Qmf[i];
            even += x[2 * i + 1] * G722Tables.Qmf[11 - i];
        }

        first = (short)G722Band.Saturate(even >> 11);
        second = (short)G722Band.Saturate(odd >> 11);
    }
}
