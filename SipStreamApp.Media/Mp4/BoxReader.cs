// ISO/IEC 14496-12 section 4.2.
using System.Buffers.Binary;
using System.Text;

namespace SipStreamApp.Media.Mp4;

/// <summary>Walks over the boxes of one level. Stops at the first one that does not fit.</summary>
internal ref struct BoxReader(ReadOnlySpan<byte> boxes)
{
    private ReadOnlySpan<byte> _rest = boxes;

    /// <summary>True where a box did not fit into what is there.</summary>
    public bool Failed { get; private set; }

    /// <summary>The next box, without its head.</summary>
    public bool TryRead(out uint type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        if (_rest.IsEmpty || Failed) return false;
        if (!TryReadHead(_rest, out type, out var size, out var head) || size > _rest.Length)
        {
            Failed = true;
            return false;
        }

        body = _rest[head..(int)size];
        _rest = _rest[(int)size..];
        return true;
    }

    /// <summary>Reads size and type. False where they are cut off, or the size cannot be one ("to the end of the file" is never written here).</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> data, out uint type, out long size, out int headLength)
    {
        (type, size, headLength) = (0, 0, 8);
        if (data.Length < 8) return false;
        size = BinaryPrimitives.ReadUInt32BigEndian(data);
        type = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (size != 1) return size >= headLength;
        headLength = 16;
        if (data.Length < headLength) return false;
        size = BinaryPrimitives.ReadInt64BigEndian(data[8..]);
        return size >= headLength;
    }

    /// <summary>A type as a number, for comparisons.</summary>
    public static uint Type(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    /// <summary>A type as text; bytes that cannot be shown become '?'.</summary>
    public static string Name(uint type)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, type);
        foreach (ref var b in bytes)
            if (b is < 0x20 or > 0x7E) b = (byte)'?';
        return Encoding.ASCII.GetString(bytes);
    }
}
