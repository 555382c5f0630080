// ISO/IEC 14496-12 section 4.2: size u32 | type u32 | (FullBox: version u8 | flags u24) | content.
using System.Buffers.Binary;

namespace SipStreamApp.Media.Mp4;

/// <summary>Builds nested boxes in a buffer that grows and is used again; sizes are filled in when a box ends.</summary>
internal sealed class BoxBuilder
{
    private readonly int[] _open = new int[16];
    private byte[] _bytes = new byte[1024];
    private int _depth;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Starts afresh and keeps the buffer.</summary>
    public void Clear() => Length = _depth = 0;

    /// <summary>Opens a box; <see cref="End"/> closes it.</summary>
    public void Begin(ReadOnlySpan<byte> type)
    {
        _open[_depth++] = Length;
        U32(0);
        Bytes(type);
    }

    /// <summary>Opens a box with version and flags.</summary>
    public void BeginFull(ReadOnlySpan<byte> type, int version = 0, uint flags = 0)
    {
        Begin(type);
        U32((uint)version << 24 | flags);
    }

    /// <summary>Closes the box opened last.</summary>
    public void End()
    {
        var start = _open[--_depth];
        PatchU32(start, (uint)(Length - start));
    }

    public void U8(int value) => Room(1)[0] = (byte)value;

    public void U16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Room(2), (ushort)value);

    public void U24(uint value)
    {
        U8((int)(value >> 16));
        U16((int)(value & 0xFFFF));
    }

    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Room(8), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    public void Zeros(int count) => Room(count).Clear();

    /// <summary>Writes a field that could not be known before.</summary>
    public void PatchU32(int position, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(position), value);

    /// <summary>Bytes to be filled in by the caller before the next call.</summary>
    public Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        var room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }
}
