using System.Buffers.Binary;

namespace SipStreamApp.Media.Primitives;

/// <summary>Writes big-endian fields to a span. Past the end it writes nothing more and sets <see cref="Failed"/>; it never throws.</summary>
internal ref struct SpanWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    /// <summary>True once something did not fit.</summary>
    public bool Failed { get; private set; }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written so far.</summary>
    public readonly Span<byte> Written => _target[..Length];

    public void U8(int value)
    {
        if (Room(1) is { IsEmpty: false } s) s[0] = (byte)value;
    }

    public void U16(int value)
    {
        if (Room(2) is { IsEmpty: false } s) BinaryPrimitives.WriteUInt16BigEndian(s, (ushort)value);
    }

    public void U24(uint value)
    {
        U8((int)(value >> 16));
        U16((int)(value & 0xFFFF));
    }

    public void U32(uint value)
    {
        if (Room(4) is { IsEmpty: false } s) BinaryPrimitives.WriteUInt32BigEndian(s, value);
    }

    public void U64(ulong value)
    {
        if (Room(8) is { IsEmpty: false } s) BinaryPrimitives.WriteUInt64BigEndian(s, value);
    }

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        var s = Room(bytes.Length);
        if (!s.IsEmpty) bytes.CopyTo(s);
    }

    /// <summary>Reserves bytes to be filled in later (a length field, say); empty where they do not fit.</summary>
    public Span<byte> Room(int count)
    {
        if (Failed || count > _target.Length - Length)
        {
            Failed = true;
            return default;
        }

        var s = _target.Slice(Length, count);
        Length += count;
        return s;
    }
}
