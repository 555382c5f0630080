// ISO/IEC 14496-15 section 5.3.4.2: NAL units behind their length in four bytes.
using System.Buffers.Binary;

namespace SipStreamApp.Media.Codecs;

/// <summary>Walks over the NAL units of a frame. Stops at the first length that does not fit.</summary>
internal ref struct NalReader(ReadOnlySpan<byte> frame)
{
    private readonly ReadOnlySpan<byte> _frame = frame;

    /// <summary>Where the next unit's length stands.</summary>
    public int Position { get; private set; }

    /// <summary>True where a length reached past the end.</summary>
    public bool Failed { get; private set; }

    /// <summary>The next unit that is not empty.</summary>
    public bool TryRead(out ReadOnlySpan<byte> nal)
    {
        while (!Failed && Position < _frame.Length)
        {
            var rest = _frame[Position..];
            if (rest.Length < Nal.PrefixLength) break;
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > (uint)(rest.Length - Nal.PrefixLength)) break;
            Position += Nal.PrefixLength + (int)length;
            if (length == 0) continue;
            nal = rest.Slice(Nal.PrefixLength, (int)length);
            return true;
        }

        Failed |= Position < _frame.Length;
        nal = default;
        return false;
    }
}
