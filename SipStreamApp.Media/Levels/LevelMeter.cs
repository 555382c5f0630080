// RFC 6464 section 3: the level of sound in -dBov, 0 to 127.
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Levels;

/// <summary>
/// How loud a run of sound is: the root mean square of its samples against the loudest the codec can carry, in whole dB below that. Decodes
/// the telephone's codecs by itself; everything else has to come to it as one of them. Pure; one owner.
/// </summary>
internal sealed class LevelMeter
{
    /// <summary>Digital silence, and everything below -127 dBov.</summary>
    public const byte Floor = 127;

    private const int MostSamples = 5760;

    private readonly short[] _room = new short[MostSamples];
    private G722Decoder? _wideband;
    private double _energy;
    private int _samples;

    /// <summary>True for a codec whose packets can be measured as they are.</summary>
    public static bool Knows(Codec codec) => codec is Codec.Pcmu or Codec.Pcma or Codec.G722;

    /// <summary>Level of sound with this mean of squared samples (16 bit): 0 is a square wave of full height, about 3 a sine.</summary>
    public static byte Of(double meanSquare) =>
        meanSquare < 1e-6 ? Floor : (byte)Math.Clamp(Math.Round(-10 * Math.Log10(meanSquare / ((double)short.MaxValue * short.MaxValue))), 0, Floor);

    /// <summary>Adds one packet; of an unknown codec nothing.</summary>
    public void Add(Codec codec, ReadOnlySpan<byte> payload)
    {
        var count = codec switch
        {
            Codec.Pcmu => G711.DecodeMu(payload, _room),
            Codec.Pcma => G711.DecodeA(payload, _room),
            Codec.G722 => (_wideband ??= new G722Decoder()).Decode(payload, _room),
            _ => 0,
        };
        _energy += SquaresOf(_room.AsSpan(0, count));
        _samples += count;
    }

    /// <summary>The level of what was added since the last time; null where nothing was.</summary>
    public byte? Take()
    {
        if (_samples == 0) return null;
        var level = Of(_energy / _samples);
        (_energy, _samples) = (0, 0);
        return level;
    }

    private static double SquaresOf(ReadOnlySpan<short> samples)
    {
        var sum = 0L;
        foreach (var sample in samples) sum += sample * sample;
        return sum;
    }
}
