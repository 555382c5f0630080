using System.Buffers.Binary;

namespace SipStreamApp.Media.Primitives;

/// <summary>Reads big-endian fields from a span. Past the end it yields zeros and sets <see cref="Failed"/>; it never throws.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>True once a read went past the end. Check it once, after the last read.</summary>
    public bool Failed { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Number of bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    public byte U8()
    {
        var s = Bytes(1);
        return s.IsEmpty ? (byte)0 : s[0];
    }

    public ushort U16()
    {
        var s = Bytes(2);
        return s.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(s);
    }

    public uint U24()
    {
        var s = Bytes(3);
        return s.IsEmpty ? 0 : (uint)(s[0] << 16 | s[1] << 8 | s[2]);
    }

    public uint U32()
    {
        var s = Bytes(4);
        return s.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(s);
    }

    public ulong U64()
    {
        var s = Bytes(8);
        return s.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(s);
    }

    /// <summary>The next <paramref name="count"/> bytes, or an empty span and <see cref="Failed"/>.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            Failed = true;
            _rest = default;
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public void Skip(int count) => Bytes(count);
}
