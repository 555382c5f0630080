// RFC 3550 section 5.1: how long the part of an RTP packet is that SRTP leaves in the clear
//
//  |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//  |                           timestamp                           |
//  |                             SSRC                              |
//  |                      CSRC, CC times 4 bytes                   |
//  |  defined by profile (X=1)     |           length              |   then length times 4 bytes
using System.Buffers.Binary;

namespace SipStreamApp.Media.Srtp;

internal static class SrtpPacket
{
    public const int FixedHeaderLength = 12;
    public const int RtcpHeaderLength = 8;

    /// <summary>Length of header, CSRC list and extension; false where it is not RTP version 2 or is cut off.</summary>
    public static bool TryMeasureHeader(ReadOnlySpan<byte> packet, out int length)
    {
        length = FixedHeaderLength;
        if (packet.Length < FixedHeaderLength || packet[0] >> 6 != 2) return false;
        length += (packet[0] & 0x0F) * 4;
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4) return false;
            length += 4 + BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]) * 4;
        }

        return length <= packet.Length;
    }

    public static ushort Sequence(ReadOnlySpan<byte> rtp) => BinaryPrimitives.ReadUInt16BigEndian(rtp[2..]);

    public static uint RtpSsrc(ReadOnlySpan<byte> rtp) => BinaryPrimitives.ReadUInt32BigEndian(rtp[8..]);

    public static uint RtcpSsrc(ReadOnlySpan<byte> rtcp) => BinaryPrimitives.ReadUInt32BigEndian(rtcp[4..]);
}
