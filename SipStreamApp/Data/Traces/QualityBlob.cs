using SipStreamApp.Media.Quality;

namespace SipStreamApp.Data;

/// <summary>
/// Packs the buckets of a minute: what did not change since the bucket before costs nothing, what did costs its difference. A steady second
/// comes to about eight bytes, a second of a bad call to fifteen. Pure.
/// </summary>
internal static class QualityBlob
{
    private const byte Version = 1;
    private const int Fields = 13;

    public static byte[] Pack(ReadOnlySpan<QualityBucket> buckets)
    {
        var bytes = new List<byte>(16 * buckets.Length + 1) { Version };
        Span<int> before = stackalloc int[Fields];
        Span<int> now = stackalloc int[Fields];
        var second = 0;
        foreach (ref readonly var bucket in buckets)
        {
            Spread(in bucket, now);
            var changed = 0u;
            for (var i = 0; i < Fields; i++) if (now[i] != before[i]) changed |= 1u << i;
            Put(bytes, Zigzag(bucket.Second - second));
            Put(bytes, changed);
            for (var i = 0; i < Fields; i++) if (now[i] != before[i]) Put(bytes, Zigzag(now[i] - before[i]));
            now.CopyTo(before);
            second = bucket.Second;
        }

        return [.. bytes];
    }

    /// <summary>The buckets again; what cannot be read ends the list.</summary>
    public static List<QualityBucket> Unpack(ReadOnlySpan<byte> bytes)
    {
        var buckets = new List<QualityBucket>();
        if (bytes.IsEmpty || bytes[0] != Version) return buckets;
        bytes = bytes[1..];
        Span<int> now = stackalloc int[Fields];
        var second = 0;
        while (TryTake(ref bytes, out var step) && TryTake(ref bytes, out var changed))
        {
            second += Unzigzag(step);
            for (var i = 0; i < Fields; i++)
            {
                if ((changed & 1u << i) == 0) continue;
                if (!TryTake(ref bytes, out var difference)) return buckets;
                now[i] += Unzigzag(difference);
            }

            buckets.Add(Gather(second, now));
        }

        return buckets;
    }

    private static void Spread(in QualityBucket b, Span<int> f)
    {
        (f[0], f[1], f[2], f[3], f[4]) = (b.Step, b.Packets, b.Bytes, b.Lost, b.Late);
        (f[5], f[6], f[7], f[8]) = (b.Reordered, (int)Math.Round(b.JitterMs * 10), b.Frames, b.Keyframes);
        f[9] = b.Mos is { } mos ? (int)Math.Round(mos * 100) : 0;
        f[10] = b.LevelDb is { } level ? level + 128 : 0;
        f[11] = b.AvOffsetMs is { } offset ? (int)Zigzag(offset) + 1 : 0;
        f[12] = b.Viewers;
    }

    private static QualityBucket Gather(int second, ReadOnlySpan<int> f) => new(second)
    {
        Step = f[0], Packets = f[1], Bytes = f[2], Lost = f[3], Late = f[4], Reordered = f[5], JitterMs = f[6] / 10.0, Frames = f[7], Keyframes = f[8],
        Mos = f[9] > 0 ? f[9] / 100.0 : null, LevelDb = f[10] > 0 ? f[10] - 128 : null, AvOffsetMs = f[11] > 0 ? Unzigzag((uint)(f[11] - 1)) : null, Viewers = f[12],
    };

    private static uint Zigzag(int value) => (uint)(value << 1 ^ value >> 31);

    private static int Unzigzag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);

    private static void Put(List<byte> bytes, uint value)
    {
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> bytes, out uint value)
    {
        value = 0;
        for (var (i, shift) = (0, 0); i < bytes.Length && shift < 35; i++, shift += 7)
        {
            value |= (uint)(bytes[i] & 0x7F) << shift;
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return true;
        }

        return false;
    }
}
