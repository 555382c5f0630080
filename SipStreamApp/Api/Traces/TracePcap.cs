// libpcap file format (draft-ietf-opsawg-pcap): classic, microseconds, LINKTYPE_RAW. RFC 791, RFC 8200 and RFC 768 for what is in it.
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SipStreamApp.Data;
using SipStreamApp.Media.Calls.Trace;

namespace SipStreamApp.Api;

/// <summary>
/// Makes a capture file of a trace. The frames are made up around the messages: addresses, ports and times are true, TCP is shown as UDP,
/// and nothing is cut into fragments. Secrets stay masked. Pure.
/// </summary>
internal static class TracePcap
{
    private const int LinkTypeRaw = 101;
    private const int UdpHeader = 8;
    private const byte Udp = 17;

    public static byte[] Write(CallTraceView view)
    {
        using var file = new MemoryStream();
        Span<byte> head = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(head[16..], 0x40000);
        BinaryPrimitives.WriteInt32LittleEndian(head[20..], LinkTypeRaw);
        file.Write(head);
        ushort id = 1;
        foreach (var message in view.Trace.Messages)
        {
            if (!IPEndPoint.TryParse(message.Local, out var local) || !IPEndPoint.TryParse(message.Peer, out var peer)) continue;
            var (from, to) = message.Sent ? (local, peer) : (peer, local);
            var packet = Packet(from, to, Encoding.UTF8.GetBytes(message.Text), id++);
            var micros = (view.Call.StartedAt - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond + (long)message.At.TotalMicroseconds;
            var record = head[..16];
            BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(micros / 1_000_000));
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(micros % 1_000_000));
            BinaryPrimitives.WriteInt32LittleEndian(record[8..], packet.Length);
            BinaryPrimitives.WriteInt32LittleEndian(record[12..], packet.Length);
            file.Write(record);
            file.Write(packet);
        }

        return file.ToArray();
    }

    private static byte[] Packet(IPEndPoint from, IPEndPoint to, byte[] payload, ushort id)
    {
        var isV4 = from.AddressFamily == AddressFamily.InterNetwork && to.AddressFamily == AddressFamily.InterNetwork;
        var ipHeader = isV4 ? 20 : 40;
        var length = Math.Min(payload.Length, ushort.MaxValue - ipHeader - UdpHeader);
        var packet = new byte[ipHeader + UdpHeader + length];
        var (source, target) = isV4 ? (from.Address.GetAddressBytes(), to.Address.GetAddressBytes()) : (from.Address.MapToIPv6().GetAddressBytes(), to.Address.MapToIPv6().GetAddressBytes());
        var udp = packet.AsSpan(ipHeader);
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(UdpHeader + length));
        payload.AsSpan(0, length).CopyTo(udp[UdpHeader..]);
        if (isV4)
        {
            (packet[0], packet[8], packet[9]) = (0x45, 64, Udp);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), id);
            packet[6] = 0x40;
            source.CopyTo(packet, 12);
            target.CopyTo(packet, 16);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), Fold(Sum(packet.AsSpan(0, 20))));
        }
        else
        {
            (packet[0], packet[6], packet[7]) = (0x60, Udp, 64);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(UdpHeader + length));
            source.CopyTo(packet, 8);
            target.CopyTo(packet, 24);
        }

        var checksum = Fold(Sum(source) + Sum(target) + Udp + (uint)(UdpHeader + length) + Sum(udp));
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? ushort.MaxValue : checksum);
        return packet;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0u;
        for (var i = 0; i + 1 < bytes.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return bytes.Length % 2 == 0 ? sum : sum + (uint)(bytes[^1] << 8);
    }

    private static ushort Fold(uint sum)
    {
        while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
