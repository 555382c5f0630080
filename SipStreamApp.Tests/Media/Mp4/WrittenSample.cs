using System.Buffers.Binary;
using SipStreamApp.Media.Mp4;
using Xunit;

namespace SipStreamApp.Tests.Media.Mp4;

/// <summary>A sample as it stands in written fragments: read back by the letter of the standard.</summary>
internal sealed record WrittenSample(int Fragment, int Track, long Time, long Duration, uint Flags, byte[] Data)
{
    public long End => Time + Duration;

    public bool IsSync => (Flags & 0x01_0000) == 0;

    public static List<WrittenSample> Read(ReadOnlySpan<byte> file)
    {
        var samples = new List<WrittenSample>();
        var (at, fragment) = (0, 0);
        while (at < file.Length)
        {
            var size = (int)U32(file, at);
            if (file.Slice(at + 4, 4).SequenceEqual("moof"u8)) ReadMoof(file, at, ++fragment, samples);
            at += size;
        }

        Assert.Equal(file.Length, at);
        return samples;
    }

    private static void ReadMoof(ReadOnlySpan<byte> file, int moof, int fragment, List<WrittenSample> samples)
    {
        var trafs = new BoxReader(file.Slice(moof + 8, (int)U32(file, moof) - 8));
        while (trafs.TryRead(out var type, out var traf))
        {
            if (type != BoxReader.Type("traf"u8)) continue;
            var boxes = new BoxReader(traf);
            Assert.True(boxes.TryRead(out _, out var tfhd));
            Assert.True(boxes.TryRead(out _, out var tfdt));
            Assert.True(boxes.TryRead(out _, out var trun));
            var (flags, field) = (U32(tfhd, 0), 8);
            var duration = (flags & 8) != 0 ? U32(tfhd, (field += 4) - 4) : 0;
            var size = (flags & 0x10) != 0 ? U32(tfhd, (field += 4) - 4) : 0;
            var common = (flags & 0x20) != 0 ? U32(tfhd, field) : 0;
            var time = BinaryPrimitives.ReadInt64BigEndian(tfdt[4..]);
            var run = U32(trun, 0);
            var (count, data, at) = ((int)U32(trun, 4), moof + (int)U32(trun, 8), 12);
            var first = (run & 4) != 0 ? U32(trun, (at += 4) - 4) : common;
            for (var i = 0; i < count; i++)
            {
                var d = (run & 0x100) != 0 ? U32(trun, (at += 4) - 4) : duration;
                var s = (run & 0x200) != 0 ? U32(trun, (at += 4) - 4) : size;
                var f = (run & 0x400) != 0 ? U32(trun, (at += 4) - 4) : i == 0 ? first : common;
                samples.Add(new WrittenSample(fragment, (int)U32(tfhd, 4), time, d, f, file.Slice(data, (int)s).ToArray()));
                time += d;
                data += (int)s;
            }
        }
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
