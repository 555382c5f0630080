using System.Buffers.Binary;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Codecs.Demo;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>Pictures at 25 frames/s that a phone sends round after round; laid out as in <see cref="MediaFrame"/>.</summary>
internal sealed record PhoneClip(TrackFormat Format, IReadOnlyList<ReadOnlyMemory<byte>> Frames, IReadOnlyList<bool> Keys)
{
    /// <summary>The program's own demo clip: 640x360, a keyframe each 2 s.</summary>
    public static PhoneClip Demo { get; } = FromDemo();

    public ReadOnlyMemory<byte> Frame(long index) => Frames[(int)(index % Frames.Count)];

    public bool IsKeyframe(long index) => Keys[(int)(index % Keys.Count)];

    /// <summary>Cuts an annex B stream with one slice per picture into frames.</summary>
    public static PhoneClip FromAnnexB(ReadOnlySpan<byte> stream)
    {
        var units = new byte[AnnexB.MaxPrefixedLength(stream.Length)];
        if (!AnnexB.TryToLengthPrefixed(stream, units, out var length)) throw new InvalidOperationException("Not an annex B stream.");
        var (frames, keys) = (new List<ReadOnlyMemory<byte>>(), new List<bool>());
        for (int at = 0, start = 0; at < length;)
        {
            var type = Nal.TypeOf(units[at + 4]);
            at += 4 + BinaryPrimitives.ReadInt32BigEndian(units.AsSpan(at));
            if (type is not (NalType.Slice or NalType.Idr)) continue;
            frames.Add(units.AsMemory(start, at - start));
            keys.Add(type == NalType.Idr);
            start = at;
        }

        return new PhoneClip(DemoClip.FormatOf(frames[0].Span), frames, keys);
    }

    private static PhoneClip FromDemo()
    {
        var clip = DemoClip.Load();
        var all = Enumerable.Range(0, clip.VideoFrameCount).ToArray();
        return new PhoneClip(clip.VideoFormat, [.. all.Select(i => clip.VideoFrame(i))], [.. all.Select(i => clip.IsKeyframe(i))]);
    }
}
