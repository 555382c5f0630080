// RFC 4585 section 6.2.1: generic NACK. Control information is a list of
//   | PID: first lost sequence number (16) | BLP: bit i set = PID + i + 1 lost too (16) |
using System.Buffers.Binary;

namespace SipStreamApp.Media.Rtp;

/// <summary>Walks the sequence numbers a NACK asks for.</summary>
internal ref struct NackReader(ReadOnlySpan<byte> control)
{
    private ReadOnlySpan<byte> _rest = control;
    private int _mask;
    private ushort _pid;
    private int _bit = -1;

    public ushort Current { get; private set; }

    public readonly NackReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_mask == 0)
        {
            if (_rest.Length < 4) return false;
            _pid = BinaryPrimitives.ReadUInt16BigEndian(_rest);
            _mask = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
            _rest = _rest[4..];
            _bit = 0;
            Current = _pid;
            // Bit 16 is our own mark for the end of this pair.
            _mask |= 1 << 16;
            return true;
        }

        while ((_mask & 1 << _bit) == 0) _bit++;
        if (_bit == 16)
        {
            _mask = 0;
            return MoveNext();
        }

        Current = (ushort)(_pid + _bit + 1);
        _mask &= ~(1 << _bit);
        return true;
    }
}

/// <summary>Packs sequence numbers, given in ascending order, into NACK control information.</summary>
internal ref struct NackBuilder(Span<byte> control)
{
    private readonly Span<byte> _control = control;
    private ushort _pid;
    private ushort _mask;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>False once there is no room for one more.</summary>
    public bool TryAdd(ushort sequence)
    {
        var distance = (ushort)(sequence - _pid);
        if (Length > 0 && distance == 0) return true;
        if (Length > 0 && distance <= 16)
        {
            _mask |= (ushort)(1 << distance - 1);
        }
        else
        {
            if (_control.Length - Length < 4) return false;
            (_pid, _mask) = (sequence, 0);
            Length += 4;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_control[(Length - 4)..], _pid);
        BinaryPrimitives.WriteUInt16BigEndian(_control[(Length - 2)..], _mask);
        return true;
    }
}
