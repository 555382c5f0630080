// RFC 8489 section 14.2: XOR-MAPPED-ADDRESS.
//
//   |0 0 0 0 0 0 0 0|    Family     |         X-Port                |
//   |                X-Address (32 or 128 bits)                     |
using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Ice;

/// <summary>Reads and writes an address XORed with the magic cookie and, for IPv6, the transaction id.</summary>
internal static class StunAddress
{
    /// <summary>Writes the value; returns its length (8 or 20). Room for 20 bytes is needed.</summary>
    public static int Write(Span<byte> target, in PeerAddress address, ReadOnlySpan<byte> transactionId)
    {
        target[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)(address.Port ^ (StunMessage.MagicCookie >> 16)));
        var length = address.WriteAddress(target[4..]);
        target[1] = (byte)(length == 4 ? 1 : 2);
        Mask(target.Slice(4, length), transactionId);
        return 4 + length;
    }

    /// <summary>Reads the value.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, ReadOnlySpan<byte> transactionId, out PeerAddress address)
    {
        address = default;
        if (value.Length < 8 || value.Length != (value[1] == 1 ? 8 : value[1] == 2 ? 20 : 0)) return false;
        var port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (int)(StunMessage.MagicCookie >> 16);
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..(value.Length - 4)];
        value[4..].CopyTo(bytes);
        Mask(bytes, transactionId);
        address = bytes.Length == 4 ? PeerAddress.FromIPv4(bytes, port) : PeerAddress.FromIPv6(bytes, port);
        return true;
    }

    private static void Mask(Span<byte> address, ReadOnlySpan<byte> transactionId)
    {
        Span<byte> mask = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(mask, StunMessage.MagicCookie);
        transactionId.CopyTo(mask[4..]);
        for (var i = 0; i < address.Length; i++) address[i] ^= mask[i];
    }
}
