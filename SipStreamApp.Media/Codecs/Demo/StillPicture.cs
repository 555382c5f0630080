// still.bin: "SSS1", then three records (length u32 big-endian, bytes): two H.264 access units and a VP8 frame.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs.Demo;

/// <summary>A dark picture of 320x180, under 1 KB, for the engine to send where it has no other.</summary>
internal sealed class StillPicture
{
    private readonly ReadOnlyMemory<byte>[] _h264 = new ReadOnlyMemory<byte>[2];

    private StillPicture(byte[] data)
    {
        var reader = new SpanReader(data);
        var isOurs = reader.Bytes(4).SequenceEqual("SSS1"u8);
        for (var i = 0; i < 3 && !reader.Failed; i++)
        {
            var length = (int)reader.U32();
            var bytes = data.AsMemory(data.Length - reader.Remaining, Math.Min(length, reader.Remaining));
            reader.Skip(length);
            if (i < 2) _h264[i] = bytes;
            else Vp8 = bytes;
        }

        if (!isOurs || reader.Failed) throw new InvalidOperationException("The embedded still picture is damaged: this is a broken build.");
        H264Format = DemoClip.FormatOf(_h264[0].Span);
        Vp8FrameHeader.TryReadSize(Vp8.Span, out var width, out var height);
        Vp8Format = TrackFormat.Default(Codec.Vp8) with { Width = width, Height = height };
    }

    /// <summary>H.264 constrained baseline.</summary>
    public TrackFormat H264Format { get; }

    /// <summary>VP8.</summary>
    public TrackFormat Vp8Format { get; }

    /// <summary>The VP8 key frame.</summary>
    public ReadOnlyMemory<byte> Vp8 { get; }

    /// <summary>Reads the picture out of the assembly. It never changes, so one object serves everybody.</summary>
    public static StillPicture Load() => new(EmbeddedMedia.Read("still.bin"));

    /// <summary>
    /// The H.264 keyframe to send as number <paramref name="index"/>: two take turns, since IDR pictures in a row must differ in
    /// idr_pic_id (H.264 section 7.4.3).
    /// </summary>
    public ReadOnlyMemory<byte> H264(long index) => _h264[index & 1];
}
