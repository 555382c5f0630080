using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Quality;

/// <summary>Mean level of G.711 sound, by table; other codecs would need a decoder and are left out. Owned by one thread.</summary>
internal sealed class SoundLevel
{
    private static readonly int[] Mu = Squares(G711.DecodeMu);
    private static readonly int[] A = Squares(G711.DecodeA);

    private long _sum;
    private long _samples;

    private delegate int Decode(ReadOnlySpan<byte> data, Span<short> target);

    /// <summary>Takes the payload of a frame: one table look-up for each sample.</summary>
    public void Add(Codec codec, ReadOnlySpan<byte> payload)
    {
        var squares = codec switch { Codec.Pcmu => Mu, Codec.Pcma => A, _ => null };
        if (squares is null) return;
        var sum = 0L;
        foreach (var code in payload) sum += squares[code];
        _sum += sum;
        _samples += payload.Length;
    }

    /// <summary>Level since the last call, dB below full scale, -127 to 0; null where nothing was measured.</summary>
    public int? Take()
    {
        if (_samples == 0) return null;
        var mean = (double)_sum / _samples;
        (_sum, _samples) = (0, 0);
        return mean < 1 ? -127 : Math.Clamp((int)Math.Round(10 * Math.Log10(mean / (32768.0 * 32768.0))), -127, 0);
    }

    private static int[] Squares(Decode decode)
    {
        var (codes, samples) = (new byte[256], new short[256]);
        for (var i = 0; i < 256; i++) codes[i] = (byte)i;
        decode(codes, samples);
        return [.. samples.Select(s => s * s)];
    }
}
