// RFC 4588 section 4: a retransmission has its own SSRC, payload type and numbers; the original number stands before the payload.
//   | RTP header | OSN (16) | original payload |
using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Makes the original packet of a retransmission again.</summary>
internal static class RtxPacket
{
    private const int NumberBytes = 2;

    /// <summary>Restores the original in place, without a copy of the payload. False for padding, which senders use to probe the line.</summary>
    /// <param name="datagram">The retransmission; its header is moved by two bytes.</param>
    /// <param name="rtx">The same datagram, parsed; not to be used after.</param>
    /// <param name="type">Payload type of the original.</param>
    /// <param name="source">SSRC of the original.</param>
    /// <param name="original">The original packet, inside of <paramref name="datagram"/>.</param>
    /// <param name="sequence">Its number.</param>
    public static bool TryRestore(Span<byte> datagram, in RtpPacket rtx, PayloadType type, Ssrc source, out Span<byte> original, out ushort sequence)
    {
        original = default;
        sequence = 0;
        if (rtx.Payload.Length < NumberBytes) return false;
        var header = rtx.HeaderLength;
        sequence = BinaryPrimitives.ReadUInt16BigEndian(rtx.Payload);
        datagram[..header].CopyTo(datagram[NumberBytes..]);
        original = datagram[NumberBytes..];
        original[1] = (byte)(original[1] & 0x80 | type.Value);
        BinaryPrimitives.WriteUInt16BigEndian(original[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(original[8..], source.Value);
        return true;
    }
}
