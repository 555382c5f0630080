// The kernel's sockaddr_in and sockaddr_in6:
//   sockaddr_in   family u16 (host order) | port u16 (network) | address 4 | zero 8
//   sockaddr_in6  family u16 (host order) | port u16 (network) | flow info 4 | address 16 | scope u32 (host order)
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Between <see cref="PeerAddress"/> and the kernel's form.</summary>
internal static class LinuxAddress
{
    public static PeerAddress Read(ReadOnlySpan<byte> raw)
    {
        var family = MemoryMarshal.Read<ushort>(raw);
        var port = BinaryPrimitives.ReadUInt16BigEndian(raw[2..]);
        return family switch
        {
            LinuxNative.AF_INET => PeerAddress.FromIPv4(raw[4..8], port),
            LinuxNative.AF_INET6 => PeerAddress.FromIPv6(raw[8..24], port, MemoryMarshal.Read<uint>(raw[24..])),
            _ => default,
        };
    }

    /// <summary>Writes for a socket of the given family; returns the length, or 0 where an IPv4 socket cannot reach the peer.</summary>
    public static int Write(in PeerAddress peer, bool ipv6Socket, Span<byte> raw)
    {
        raw[..LinuxNative.AddressBytes].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(raw[2..], (ushort)peer.Port);
        if (ipv6Socket)
        {
            MemoryMarshal.Write(raw, LinuxNative.AF_INET6);
            peer.WriteIPv6(raw[8..]);
            MemoryMarshal.Write(raw[24..], peer.ScopeId);
            return LinuxNative.AddressBytes;
        }

        if (!peer.IsIPv4) return 0;
        MemoryMarshal.Write(raw, LinuxNative.AF_INET);
        peer.WriteAddress(raw[4..]);
        return 16;
    }
}
