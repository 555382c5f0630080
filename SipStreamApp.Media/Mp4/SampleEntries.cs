// ISO/IEC 14496-12 section 8.5.2 (stsd, VisualSampleEntry, AudioSampleEntry), 14496-15 section 5.4.2 (avc1), 14496-14 section 5.6 (mp4a),
// "Encapsulation of Opus in ISO Base Media File Format" section 4.3, "VP Codec ISO Media File Format Binding" section 2.2.
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>Writes the box that tells a decoder what the samples of a track are.</summary>
internal static class SampleEntries
{
    // QuickTime's way of naming a WAVE format: 'm' 's' and the number, 0x028F being G.722. MP4 itself has no entry for it.
    private static ReadOnlySpan<byte> G722 => [(byte)'m', (byte)'s', 0x02, 0x8F];

    public static void Write(BoxBuilder box, Mp4Track track)
    {
        var format = track.Format;
        switch (format.Codec)
        {
            case Codec.H264:
                BeginVisual(box, "avc1"u8, format);
                WriteAvcC(box, format);
                break;
            case Codec.Vp8:
                BeginVisual(box, "vp08"u8, format);
                WriteVpcC(box);
                break;
            case Codec.Opus:
                BeginAudio(box, "Opus"u8, Math.Max(format.Channels, 1), 48000);
                WriteDOps(box, Math.Max(format.Channels, 1));
                break;
            case Codec.Aac:
                BeginAudio(box, "mp4a"u8, Math.Max(format.Channels, 1), format.ClockRate);
                WriteEsds(box, track);
                break;
            case Codec.G722:
                BeginAudio(box, G722, 1, 16000);
                break;
            default:
                BeginAudio(box, format.Codec == Codec.Pcma ? "alaw"u8 : "ulaw"u8, 1, 8000);
                break;
        }

        box.End();
    }

    private static void BeginVisual(BoxBuilder box, ReadOnlySpan<byte> type, TrackFormat format)
    {
        box.Begin(type);
        box.Zeros(6);
        box.U16(1); // data_reference_index
        box.Zeros(16);
        box.U16(format.Width);
        box.U16(format.Height);
        box.U32(0x0048_0000); // 72 dpi
        box.U32(0x0048_0000);
        box.U32(0);
        box.U16(1); // frame_count
        box.Zeros(32); // compressorname
        box.U16(0x0018);
        box.U16(0xFFFF);
    }

    private static void BeginAudio(BoxBuilder box, ReadOnlySpan<byte> type, int channels, int rate)
    {
        box.Begin(type);
        box.Zeros(6);
        box.U16(1); // data_reference_index
        box.Zeros(8);
        box.U16(channels);
        box.U16(16);
        box.U32(0);
        box.U32((uint)rate << 16);
    }

    private static void WriteAvcC(BoxBuilder box, TrackFormat format)
    {
        box.Begin("avcC"u8);
        AvcConfiguration.TryWrite(format, box.Room(AvcConfiguration.Length(format)), out _);
        box.End();
    }

    private static void WriteVpcC(BoxBuilder box)
    {
        box.BeginFull("vpcC"u8, 1);
        box.U8(0); // profile
        box.U8(10); // level
        box.U8(8 << 4 | 1 << 1); // 8 bits, 4:2:0, studio range
        box.U8(2); // primaries, transfer and matrix: not said
        box.U8(2);
        box.U8(2);
        box.U16(0);
        box.End();
    }

    private static void WriteDOps(BoxBuilder box, int channels)
    {
        box.Begin("dOps"u8);
        box.U8(0);
        box.U8(channels);
        // No pre-skip: sound off the wire has no beginning to cut away, and players would shift it against the picture.
        box.U16(0);
        box.U32(48000);
        box.U16(0); // gain
        box.U8(0); // mono or stereo
        box.End();
    }

    // ISO/IEC 14496-1 section 7.2.6: ES_Descriptor (3) > DecoderConfigDescriptor (4) > DecoderSpecificInfo (5); SLConfigDescriptor (6).
    private static void WriteEsds(BoxBuilder box, Mp4Track track)
    {
        var config = AacConfig.For(track.Format);
        box.BeginFull("esds"u8);
        box.U8(3);
        box.U8(3 + 2 + 13 + 2 + config.Length + 3);
        box.U16(track.Id);
        box.U8(0);
        box.U8(4);
        box.U8(13 + 2 + config.Length);
        box.U8(0x40); // MPEG-4 audio
        box.U8(0x15); // audio stream
        box.U24(0);
        box.U32(0);
        box.U32(0);
        box.U8(5);
        box.U8(config.Length);
        box.Bytes(config);
        box.U8(6);
        box.U8(1);
        box.U8(2);
        box.End();
    }
}
