// RFC 7741 section 4.2: VP8 payload descriptor.
//
//       0 1 2 3 4 5 6 7
//      +-+-+-+-+-+-+-+-+
//      |X|R|N|S|R| PID | (REQUIRED)
//      +-+-+-+-+-+-+-+-+
// X:   |I|L|T|K| RSV   | (OPTIONAL)
//      +-+-+-+-+-+-+-+-+
// I:   |M| PictureID   | (OPTIONAL, 7 bits, or 15 with M)
//      +-+-+-+-+-+-+-+-+
// L:   |   TL0PICIDX   | (OPTIONAL)
//      +-+-+-+-+-+-+-+-+
// T/K: |TID|Y| KEYIDX  | (OPTIONAL)
//      +-+-+-+-+-+-+-+-+
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>What stands before the VP8 data of a packet. Absent numbers are -1.</summary>
internal readonly record struct Vp8Descriptor
{
    /// <summary>True for the first packet of a partition.</summary>
    public bool StartsPartition { get; init; }

    /// <summary>Partition index, 0 to 7; 0 is the first.</summary>
    public int Partition { get; init; }

    /// <summary>True where no other frame refers to this one.</summary>
    public bool IsDiscardable { get; init; }

    /// <summary>Running number of the picture.</summary>
    public int PictureId { get; init; }

    /// <summary>Running number of the base temporal layer.</summary>
    public int Tl0PicIdx { get; init; }

    /// <summary>Temporal layer.</summary>
    public int TemporalId { get; init; }

    /// <summary>True where the frame builds on the base layer only.</summary>
    public bool LayerSync { get; init; }

    /// <summary>Key frame the picture builds on.</summary>
    public int KeyIndex { get; init; }

    /// <summary>True for the first packet of a frame.</summary>
    public bool StartsFrame => StartsPartition && Partition == 0;

    /// <summary>Reads the descriptor; <paramref name="data"/> is what follows it. False where nothing follows.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor, out ReadOnlySpan<byte> data)
    {
        var reader = new SpanReader(payload);
        var first = reader.U8();
        var extensions = (first & 0x80) != 0 ? reader.U8() : 0;
        var (pictureId, tl0) = (-1, -1);
        if ((extensions & 0x80) != 0)
        {
            pictureId = reader.U8();
            if ((pictureId & 0x80) != 0) pictureId = (pictureId & 0x7F) << 8 | reader.U8();
        }

        if ((extensions & 0x40) != 0) tl0 = reader.U8();
        var layers = (extensions & 0x30) != 0 ? reader.U8() : 0;
        var (hasLayer, hasKey) = ((extensions & 0x20) != 0, (extensions & 0x10) != 0);
        descriptor = new Vp8Descriptor
        {
            StartsPartition = (first & 0x10) != 0,
            Partition = first & 0x07,
            IsDiscardable = (first & 0x20) != 0,
            PictureId = pictureId,
            Tl0PicIdx = tl0,
            TemporalId = hasLayer ? layers >> 6 : -1,
            LayerSync = hasLayer && (layers & 0x20) != 0,
            KeyIndex = hasKey ? layers & 0x1F : -1,
        };
        data = reader.Rest;
        return !reader.Failed && data.Length > 0;
    }
}
