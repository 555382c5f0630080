// Linux ip(7), IP_RECVERR: the error comes as a control message with
//   struct sock_extended_err { u32 errno; u8 origin; u8 type; u8 code; u8 pad; u32 info; u32 data; }
// and the address of the datagram that caused it as the message name.
using System.Runtime.InteropServices;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Reads ICMP errors that came back for datagrams sent from an unconnected socket.</summary>
internal static unsafe class LinuxErrorQueue
{
    private const int ControlHeaderBytes = 16; // size_t length, int level, int type
    private const byte OriginIcmp = 2, OriginIcmp6 = 3;
    private const byte DestinationUnreachable4 = 3, DestinationUnreachable6 = 1, FragmentationNeeded = 4;

    /// <summary>Takes one entry off the queue; <paramref name="peer"/> stays empty where it is not a "destination unreachable".</summary>
    public static bool TryRead(int descriptor, out PeerAddress peer)
    {
        peer = default;
        Span<byte> address = stackalloc byte[32];
        Span<byte> control = stackalloc byte[512];
        byte payload;
        fixed (byte* name = address, controlStart = control)
        {
            var vector = new LinuxNative.IoVector { Base = &payload, Length = 1 };
            var message = new LinuxNative.MessageHeader
            {
                Name = name,
                NameLength = (uint)address.Length,
                Vectors = &vector,
                VectorCount = 1,
                Control = controlStart,
                ControlLength = (nuint)control.Length,
            };
            if (LinuxNative.ReceiveMessage(descriptor, &message, LinuxNative.MSG_ERRQUEUE | LinuxNative.MSG_DONTWAIT) < 0) return false;
            if (IsUnreachable(control[..(int)message.ControlLength])) peer = LinuxAddress.Read(address);
        }

        return true;
    }

    private static bool IsUnreachable(ReadOnlySpan<byte> control)
    {
        while (control.Length >= ControlHeaderBytes)
        {
            var length = (int)MemoryMarshal.Read<nuint>(control);
            if (length < ControlHeaderBytes || length > control.Length) return false;
            var level = MemoryMarshal.Read<int>(control[8..]);
            var type = MemoryMarshal.Read<int>(control[12..]);
            var data = control[ControlHeaderBytes..length];
            if ((level, type) is (LinuxNative.SOL_IP, LinuxNative.IP_RECVERR) or (LinuxNative.SOL_IPV6, LinuxNative.IPV6_RECVERR) && data.Length >= 16)
            {
                var (origin, icmpType, code) = (data[4], data[5], data[6]);
                return (origin == OriginIcmp && icmpType == DestinationUnreachable4 && code != FragmentationNeeded)
                    || (origin == OriginIcmp6 && icmpType == DestinationUnreachable6);
            }

            var step = (length + 7) & ~7;
            control = step >= control.Length ? default : control[step..];
        }

        return false;
    }
}
