// demo-clip.bin, numbers big-endian:
//   "SSD1" | loop length u32 (ticks of 90 kHz) | width u16 | height u16 | video frames u16 | Opus packets u16
//   then records in order of time: kind u8 (0 video, 1 Opus) | key u8 | time u32 (90 kHz) | length u32 | bytes
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs.Demo;

/// <summary>
/// A test picture of 4 s that can be repeated without a seam: H.264 constrained baseline 640x360 at 25 frames/s with a keyframe every
/// 2 s, and sound as Opus. On every full second a lamp (top right) lights for 80 ms and a 1 kHz beep sounds; otherwise 440 Hz, softly.
/// </summary>
internal sealed class DemoClip
{
    private readonly ReadOnlyMemory<byte>[] _video;
    private readonly bool[] _keys;
    private readonly long[] _videoTicks;
    private readonly ReadOnlyMemory<byte>[] _opus;

    private DemoClip(byte[] data)
    {
        var reader = new SpanReader(data);
        if (!reader.Bytes(4).SequenceEqual("SSD1"u8)) throw Broken();
        LoopTicks = reader.U32();
        var (width, height) = (reader.U16(), reader.U16());
        _video = new ReadOnlyMemory<byte>[reader.U16()];
        _opus = new ReadOnlyMemory<byte>[reader.U16()];
        _keys = new bool[_video.Length];
        _videoTicks = new long[_video.Length];
        var (video, opus) = (0, 0);
        while (reader.Remaining > 0 && !reader.Failed)
        {
            var (isOpus, isKey, ticks, length) = (reader.U8() != 0, reader.U8() != 0, reader.U32(), (int)reader.U32());
            var bytes = data.AsMemory(data.Length - reader.Remaining, Math.Min(length, reader.Remaining));
            reader.Skip(length);
            if (isOpus) _opus[opus++] = bytes;
            else (_video[video], _keys[video], _videoTicks[video++]) = (bytes, isKey, ticks);
        }

        if (reader.Failed || video != _video.Length || opus != _opus.Length) throw Broken();
        VideoFormat = FormatOf(_video[0].Span) with { Width = width, Height = height };
    }

    /// <summary>H.264 with parameter sets, profile and size.</summary>
    public TrackFormat VideoFormat { get; }

    /// <summary>Opus.</summary>
    public TrackFormat AudioFormat { get; } = TrackFormat.Default(Codec.Opus);

    /// <summary>Length of one round in ticks of 90 kHz.</summary>
    public long LoopTicks { get; }

    /// <summary>Frames in one round.</summary>
    public int VideoFrameCount => _video.Length;

    /// <summary>Opus packets in one round, 20 ms each.</summary>
    public int OpusPacketCount => _opus.Length;

    /// <summary>Reads the clip out of the assembly. It never changes, so one object serves everybody.</summary>
    public static DemoClip Load() => new(EmbeddedMedia.Read("demo-clip.bin"));

    /// <summary>Access unit number <paramref name="index"/> (counting on over the rounds), laid out as in <see cref="MediaFrame"/>.</summary>
    public ReadOnlyMemory<byte> VideoFrame(long index) => _video[index % _video.Length];

    /// <summary>True where that frame is a keyframe.</summary>
    public bool IsKeyframe(long index) => _keys[index % _keys.Length];

    /// <summary>Time of that frame in ticks of 90 kHz, counting on over the rounds.</summary>
    public long VideoTicks(long index) => index / _video.Length * LoopTicks + _videoTicks[index % _video.Length];

    /// <summary>Opus packet <paramref name="index"/> (counting on over the rounds); at 960 ticks of 48 kHz times the index.</summary>
    public ReadOnlyMemory<byte> OpusPacket(long index) => _opus[index % _opus.Length];

    internal static TrackFormat FormatOf(ReadOnlySpan<byte> keyframe)
    {
        var format = TrackFormat.Default(Codec.H264);
        var reader = new NalReader(keyframe);
        while (reader.TryRead(out var nal))
        {
            if (Nal.TypeOf(nal[0]) == NalType.Sps) format = format with { Sps = [.. nal] };
            if (Nal.TypeOf(nal[0]) == NalType.Pps) format = format with { Pps = [.. nal] };
        }

        return H264Format.Describe(format, format.Sps, format.Pps);
    }

    private static InvalidOperationException Broken() => new("The embedded demo clip is damaged: this is a broken build.");
}
