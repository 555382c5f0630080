// ITU-T Rec. G.711: A-law and mu-law.
using System.Numerics;

namespace SipStreamApp.Media.Codecs;

/// <summary>G.711 in both laws. Sixteen-bit samples, one byte each on the wire.</summary>
internal static class G711
{
    private const int MuBias = 0x84;
    private const int MuClip = 32635;

    private static readonly short[] MuTable = BuildTable(ExpandMu);
    private static readonly short[] ATable = BuildTable(ExpandA);
    private static readonly byte[] MuToA = [.. MuTable.Select(CompressA)];
    private static readonly byte[] AToMu = [.. ATable.Select(CompressMu)];

    /// <summary>Compresses as many samples as fit; mu-law.</summary>
    public static int EncodeMu(ReadOnlySpan<short> samples, Span<byte> target)
    {
        var count = Math.Min(samples.Length, target.Length);
        for (var i = 0; i < count; i++) target[i] = CompressMu(samples[i]);
        return count;
    }

    /// <summary>Compresses as many samples as fit; A-law.</summary>
    public static int EncodeA(ReadOnlySpan<short> samples, Span<byte> target)
    {
        var count = Math.Min(samples.Length, target.Length);
        for (var i = 0; i < count; i++) target[i] = CompressA(samples[i]);
        return count;
    }

    /// <summary>Expands as many bytes as fit; mu-law.</summary>
    public static int DecodeMu(ReadOnlySpan<byte> data, Span<short> target) => Decode(MuTable, data, target);

    /// <summary>Expands as many bytes as fit; A-law.</summary>
    public static int DecodeA(ReadOnlySpan<byte> data, Span<short> target) => Decode(ATable, data, target);

    /// <summary>Turns codes of one law into those of the other, as many as fit (G.711 appendix tables, by way of the samples).</summary>
    public static int Convert(ReadOnlySpan<byte> data, Span<byte> target, bool fromMu)
    {
        var table = fromMu ? MuToA : AToMu;
        var count = Math.Min(data.Length, target.Length);
        for (var i = 0; i < count; i++) target[i] = table[data[i]];
        return count;
    }

    private static int Decode(short[] table, ReadOnlySpan<byte> data, Span<short> target)
    {
        var count = Math.Min(data.Length, target.Length);
        for (var i = 0; i < count; i++) target[i] = table[data[i]];
        return count;
    }

    private static byte CompressMu(short sample)
    {
        var sign = sample < 0 ? 0x80 : 0;
        var magnitude = Math.Min(Math.Abs((int)sample), MuClip) + MuBias;
        var segment = BitOperations.Log2((uint)magnitude) - 7;
        return (byte)~(sign | segment << 4 | (magnitude >> (segment + 3) & 0x0F));
    }

    private static byte CompressA(short sample)
    {
        var mask = sample >= 0 ? 0xD5 : 0x55;
        var magnitude = (sample >= 0 ? sample : ~sample) >> 3;
        var segment = Math.Max(0, BitOperations.Log2((uint)magnitude | 1) - 4);
        var mantissa = magnitude >> Math.Max(1, segment) & 0x0F;
        return (byte)((segment << 4 | mantissa) ^ mask);
    }

    private static short ExpandMu(int code)
    {
        code = ~code & 0xFF;
        var magnitude = (((code & 0x0F) << 3) + MuBias << (code >> 4 & 7)) - MuBias;
        return (short)((code & 0x80) != 0 ? -magnitude : magnitude);
    }

    private static short ExpandA(int code)
    {
        code ^= 0x55;
        var (segment, mantissa) = (code >> 4 & 7, (code & 0x0F) << 4);
        var magnitude = segment == 0 ? mantissa + 8 : mantissa + 0x108 << (segment - 1);
        return (short)((code & 0x80) != 0 ? magnitude : -magnitude);
    }

    private static short[] BuildTable(Func<int, short> expand)
    {
        var table = new short[256];
        for (var i = 0; i < table.Length; i++) table[i] = expand(i);
        return table;
    }
}
