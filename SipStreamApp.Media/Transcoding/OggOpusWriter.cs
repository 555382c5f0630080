// RFC 3533 section 6: pages. "OggS" | version 0 | flags (2 first, 4 last) | granule 8 | serial 4 | number 4 | CRC 4 | segments 1 | lacing | data
// RFC 7845 section 5: OpusHead and OpusTags.
using System.Buffers;
using System.Buffers.Binary;

namespace SipStreamApp.Media.Transcoding;

/// <summary>Opus packets in Ogg, a page for each, so that a reader on a pipe gets every packet at once.</summary>
internal sealed class OggOpusWriter
{
    private const int Serial = 1;
    private const int MaxPacket = 255 * 255 - 1;

    private static readonly uint[] CrcTable = BuildTable();

    private long _granule;
    private uint _page;

    /// <summary>Writes both header pages; once, before the first packet.</summary>
    public void WriteHead(int channels, IBufferWriter<byte> output)
    {
        // Version 1, channels, no pre-skip: the sound begins in the middle of a call. 48 kHz, no gain, mapping family 0.
        WritePage([.. "OpusHead"u8, 1, (byte)channels, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0], 2, output);
        WritePage([.. "OpusTags"u8, 0, 0, 0, 0, 0, 0, 0, 0], 0, output);
    }

    /// <summary>Writes one packet of so many samples at 48 kHz; false where it is longer than any Opus packet.</summary>
    public bool WritePacket(ReadOnlySpan<byte> packet, int samples, IBufferWriter<byte> output)
    {
        if (packet.Length > MaxPacket) return false;
        _granule += samples;
        WritePage(packet, 0, output);
        return true;
    }

    private void WritePage(ReadOnlySpan<byte> packet, byte flags, IBufferWriter<byte> output)
    {
        var lacing = packet.Length / 255 + 1;
        var page = output.GetSpan(27 + lacing + packet.Length)[..(27 + lacing + packet.Length)];
        "OggS"u8.CopyTo(page);
        (page[4], page[5]) = (0, flags);
        BinaryPrimitives.WriteInt64LittleEndian(page[6..], _granule);
        BinaryPrimitives.WriteInt32LittleEndian(page[14..], Serial);
        BinaryPrimitives.WriteUInt32LittleEndian(page[18..], _page++);
        page.Slice(22, 4).Clear();
        page[26] = (byte)lacing;
        page.Slice(27, lacing - 1).Fill(255);
        page[26 + lacing] = (byte)(packet.Length % 255);
        packet.CopyTo(page[(27 + lacing)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(page[22..], Crc(page));
        output.Advance(page.Length);
    }

    private static uint Crc(ReadOnlySpan<byte> page)
    {
        var crc = 0u;
        foreach (var b in page) crc = crc << 8 ^ CrcTable[crc >> 24 ^ b];
        return crc;
    }

    private static uint[] BuildTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i << 24;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x8000_0000) != 0 ? crc << 1 ^ 0x04C1_1DB7 : crc << 1;
            table[i] = crc;
        }

        return table;
    }
}
