// RIFF WAVE: "RIFF" | size 4 | "WAVE" | chunks (id 4 | size 4 | data, padded to even). "fmt ": format 2 | channels 2 | rate 4 | bytes/s 4 | block 2 | bits 2.
using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Reads the plainest of sound files: 16-bit PCM, and G.711 as it is.</summary>
internal static class WavFile
{
    private const int Pcm = 1;
    private const int ALaw = 6;
    private const int MuLaw = 7;
    private const int Rate = 8000;

    /// <summary>
    /// The sound as G.711 in whole packets, the last one filled with silence. Null where the file is not WAV, or not at 8 kHz or a small
    /// multiple of it.
    /// </summary>
    /// <param name="file">The whole file.</param>
    /// <param name="codec">Mu-law or A-law.</param>
    /// <param name="packetBytes">Bytes of a packet.</param>
    public static byte[]? ToG711(ReadOnlySpan<byte> file, Codec codec, int packetBytes)
    {
        if (!TryFind(file, "fmt "u8, out var format) || format.Length < 16 || !TryFind(file, "data"u8, out var data)) return null;
        var kind = BinaryPrimitives.ReadUInt16LittleEndian(format);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadInt32LittleEndian(format[4..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        if (kind is MuLaw or ALaw && channels == 1 && rate == Rate) return FromLaw(data, kind == MuLaw, codec, packetBytes);
        if (kind != Pcm || bits != 16 || channels is < 1 or > 8 || rate is < Rate or > 48000 || rate % Rate != 0) return null;
        var step = rate / Rate;
        var block = channels * step;
        var samples = new short[data.Length / 2 / block];
        // The mean of all channels, and over the samples that become one: enough of a filter for speech.
        for (var i = 0; i < samples.Length; i++)
        {
            var sum = 0;
            for (var j = 0; j < block; j++) sum += BinaryPrimitives.ReadInt16LittleEndian(data[(2 * (i * block + j))..]);
            samples[i] = (short)(sum / block);
        }

        var packets = Packets(samples.Length, codec, packetBytes);
        if (codec == Codec.Pcmu) G711.EncodeMu(samples, packets);
        else G711.EncodeA(samples, packets);
        return packets.Length > 0 ? packets : null;
    }

    private static byte[]? FromLaw(ReadOnlySpan<byte> data, bool isMu, Codec codec, int packetBytes)
    {
        var packets = Packets(data.Length, codec, packetBytes);
        if (isMu == (codec == Codec.Pcmu)) data.CopyTo(packets);
        else G711.Convert(data, packets, isMu);
        return packets.Length > 0 ? packets : null;
    }

    private static byte[] Packets(int samples, Codec codec, int packetBytes)
    {
        var packets = new byte[(samples + packetBytes - 1) / packetBytes * packetBytes];
        packets.AsSpan(samples).Fill(codec == Codec.Pcmu ? (byte)0xFF : (byte)0xD5);
        return packets;
    }

    private static bool TryFind(ReadOnlySpan<byte> file, ReadOnlySpan<byte> id, out ReadOnlySpan<byte> chunk)
    {
        chunk = default;
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file.Slice(8, 4).SequenceEqual("WAVE"u8)) return false;
        for (var rest = file[12..]; rest.Length >= 8;)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var isFound = rest[..4].SequenceEqual(id);
            rest = rest[8..];
            // A recorder that was cut off leaves a size that is too large, or none.
            if (isFound)
            {
                chunk = rest[..(int)Math.Min(size, (uint)rest.Length)];
                return true;
            }

            var next = size + (size & 1);
            if (next > rest.Length) return false;
            rest = rest[(int)next..];
        }

        return false;
    }
}
