// RFC 3550 section 6.1 and RFC 5506: packets of a compound, which may start with any type.
//
//  |V=2|P| count/FMT |      PT       |             length            |
using System.Buffers.Binary;

namespace SipStreamApp.Media.WebRtc.Rtcp;

/// <summary>Walks through a decrypted compound. Stops at the first packet whose length does not hold.</summary>
internal ref struct RtcpReader(ReadOnlySpan<byte> compound)
{
    private ReadOnlySpan<byte> _rest = compound;

    public byte Type { get; private set; }

    /// <summary>Report count, source count or feedback format.</summary>
    public int Count { get; private set; }

    /// <summary>What follows the first four bytes.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    public bool Read()
    {
        if (_rest.Length < 4 || _rest[0] >> 6 != 2) return false;
        var length = 4 * BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length > _rest.Length - 4) return false;
        Type = _rest[1];
        Count = _rest[0] & 31;
        var padding = (_rest[0] & 0x20) != 0 && length > 0 ? _rest[3 + length] : 0;
        if (padding > length) return false;
        Body = _rest.Slice(4, length - padding);
        _rest = _rest[(4 + length)..];
        return true;
    }
}
