// RFC 8489 sections 14.5 (MESSAGE-INTEGRITY) and 14.7 (FINGERPRINT).
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SipStreamApp.Media.WebRtc.Ice;

/// <summary>The two check sums of a STUN message. Both cover the header with the length as if they were the last attribute.</summary>
internal static class StunIntegrity
{
    public const int MacBytes = 20;

    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>HMAC-SHA1 over all that precedes the attribute.</summary>
    public static void Compute(ReadOnlySpan<byte> before, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        Span<byte> copy = stackalloc byte[before.Length];
        before.CopyTo(copy);
        BinaryPrimitives.WriteUInt16BigEndian(copy[2..], (ushort)(before.Length - StunMessage.HeaderBytes + 4 + MacBytes));
        // RFC 8489 prescribes HMAC-SHA1 for this attribute, and browsers know no other.
#pragma warning disable CA5350
        HMACSHA1.HashData(key, copy, mac);
#pragma warning restore CA5350
    }

    /// <summary>CRC-32 (ISO 3309) over all that precedes the attribute, XORed with "STUN".</summary>
    public static uint Fingerprint(ReadOnlySpan<byte> before)
    {
        var crc = 0xFFFF_FFFFu;
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(before.Length - StunMessage.HeaderBytes + 8));
        crc = Crc(crc, before[..2]);
        crc = Crc(crc, length);
        crc = Crc(crc, before[4..]);
        return ~crc ^ 0x5354554E;
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var b in data) crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }

        return table;
    }
}
