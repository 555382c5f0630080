using System.Buffers.Binary;

namespace SipStreamApp.Tests.Fuzz;

/// <summary>
/// Makes new inputs from known ones: flips, cuts, repeats, splices, lengths that lie, and words the parser looks for. Seeded: the same seed
/// and corpus give the same inputs in the same order, however many of them there is time for.
/// </summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus, IReadOnlyList<byte[]> words)
{
    private const int MaxLength = 8192;

    private static readonly byte[][] Numbers =
        [[0], [0xFF], [0x7F], [0x80], [0, 0], [0xFF, 0xFF], [0x7F, 0xFF], [0x80, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0, 0, 0, 1], "4294967296"u8.ToArray(), "-1"u8.ToArray(), "99999999999999999999"u8.ToArray()];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        if (_random.Next(50) == 0) return Noise();
        var data = new List<byte>(corpus[_random.Next(corpus.Count)]);
        for (var n = 1 << _random.Next(5); n > 0; n--) Change(data);
        if (data.Count > MaxLength) data.RemoveRange(MaxLength, data.Count - MaxLength);
        return [.. data];
    }

    private byte[] Noise()
    {
        var noise = new byte[_random.Next(300)];
        _random.NextBytes(noise);
        return noise;
    }

    private void Change(List<byte> data)
    {
        if (data.Count == 0 || data.Count > 2 * MaxLength)
        {
            data.Clear();
            data.AddRange(corpus[_random.Next(corpus.Count)]);
            return;
        }

        var at = _random.Next(data.Count);
        switch (_random.Next(11))
        {
            case 0: data[at] ^= (byte)(1 << _random.Next(8)); break;
            case 1: data[at] = (byte)_random.Next(256); break;
            case 2: data.RemoveRange(at, Math.Min(1 + _random.Next(32), data.Count - at)); break;
            case 3: data.RemoveRange(at, data.Count - at); break;
            case 4: data.InsertRange(at, data.GetRange(0, Math.Min(1 + _random.Next(64), data.Count))); break;
            case 5: Overwrite(data, at, Numbers[_random.Next(Numbers.Length)]); break;
            case 6: data.InsertRange(at, Numbers[_random.Next(Numbers.Length)]); break;
            case 7 when words.Count > 0: data.InsertRange(at, words[_random.Next(words.Count)]); break;
            case 8:
                var other = corpus[_random.Next(corpus.Count)];
                var from = _random.Next(other.Length);
                data.InsertRange(at, other[from..Math.Min(other.Length, from + 1 + _random.Next(128))]);
                break;
            case 9:
                // A length field near the truth finds more than one far from it.
                Span<byte> length = stackalloc byte[2];
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(data.Count - at + _random.Next(-3, 4)));
                Overwrite(data, at, length);
                break;
            case 10:
                var value = data[at];
                data.InsertRange(at, Enumerable.Repeat(value, _random.Next(1, 200)));
                break;
        }
    }

    private static void Overwrite(List<byte> data, int at, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length && at + i < data.Count; i++) data[at + i] = bytes[i];
    }
}
