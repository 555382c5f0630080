// RFC 8489 section 5: STUN message structure.
//
//   0                   1                   2                   3
//   |0 0|     STUN Message Type     |         Message Length        |
//   |                 Magic Cookie 0x2112A442                       |
//   |                 Transaction ID (96 bits)                      |
//   |  attributes: type (16), length (16), value, padding to 4      |
using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Ice;

/// <summary>A parsed view of one STUN message: the attributes that ICE needs. Nothing is believed before <see cref="HasValidIntegrity"/>.</summary>
internal ref struct StunMessage
{
    public const int HeaderBytes = 20;
    public const uint MagicCookie = 0x2112A442;

    /// <summary>Longer ones are no connectivity checks; also bounds the copy that the integrity check works on.</summary>
    public const int MaxBytes = 1280;

    private ReadOnlySpan<byte> _raw;
    private int _integrityAt;

    public ushort Type { get; private set; }

    public readonly ReadOnlySpan<byte> TransactionId => _raw.Slice(8, 12);

    public ReadOnlySpan<byte> Username { get; private set; }

    /// <summary>The whole value of XOR-MAPPED-ADDRESS; see <see cref="StunAddress"/>.</summary>
    public ReadOnlySpan<byte> XorMappedAddress { get; private set; }

    public uint? Priority { get; private set; }

    public bool UseCandidate { get; private set; }

    /// <summary>Tie-breaker of a peer that takes itself for controlled.</summary>
    public ulong? IceControlled { get; private set; }

    /// <summary>Tie-breaker of a peer that takes itself for controlling.</summary>
    public ulong? IceControlling { get; private set; }

    /// <summary>Code of ERROR-CODE (300 to 699), or 0.</summary>
    public int ErrorCode { get; private set; }

    /// <summary>The first comprehension-required attribute that is not known here, or 0.</summary>
    public ushort UnknownAttribute { get; private set; }

    public readonly bool HasIntegrity => _integrityAt > 0;

    /// <summary>True where the first byte and the cookie say STUN (RFC 7983: first byte 0 to 3).</summary>
    public static bool LooksLikeStun(ReadOnlySpan<byte> data) =>
        data.Length >= HeaderBytes && data[0] < 4 && BinaryPrimitives.ReadUInt32BigEndian(data[4..]) == MagicCookie;

    /// <summary>Reads a message. False for anything malformed, and for a FINGERPRINT that does not match.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out StunMessage message)
    {
        message = default;
        if (!LooksLikeStun(data) || data.Length > MaxBytes || (data.Length & 3) != 0) return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(data[2..]) != data.Length - HeaderBytes) return false;
        message._raw = data;
        message.Type = BinaryPrimitives.ReadUInt16BigEndian(data);

        var at = HeaderBytes;
        while (at < data.Length)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
            if (length > data.Length - at - 4) return false;
            var value = data.Slice(at + 4, length);
            if (type == StunAttribute.Fingerprint) return IsValidFingerprint(data, at, value);
            // RFC 8489 section 14.5: what stands behind MESSAGE-INTEGRITY is not protected by it and is ignored.
            if (!message.HasIntegrity && !message.Take(type, value, at)) return false;
            at += 4 + ((length + 3) & ~3);
        }

        return true;
    }

    /// <summary>True where MESSAGE-INTEGRITY was made with this key (short-term credentials: the password itself).</summary>
    public readonly bool HasValidIntegrity(ReadOnlySpan<byte> key)
    {
        if (!HasIntegrity) return false;
        Span<byte> expected = stackalloc byte[StunIntegrity.MacBytes];
        StunIntegrity.Compute(_raw[.._integrityAt], key, expected);
        return System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(expected, _raw.Slice(_integrityAt + 4, StunIntegrity.MacBytes));
    }

    private bool Take(ushort type, ReadOnlySpan<byte> value, int at)
    {
        switch (type)
        {
            case StunAttribute.Username:
                Username = value;
                return value.Length <= 513;
            case StunAttribute.MessageIntegrity:
                _integrityAt = at;
                return value.Length == StunIntegrity.MacBytes;
            case StunAttribute.XorMappedAddress:
                XorMappedAddress = value;
                return true;
            case StunAttribute.Priority:
                if (value.Length != 4) return false;
                Priority = BinaryPrimitives.ReadUInt32BigEndian(value);
                return true;
            case StunAttribute.UseCandidate:
                UseCandidate = true;
                return true;
            case StunAttribute.IceControlled:
                if (value.Length != 8) return false;
                IceControlled = BinaryPrimitives.ReadUInt64BigEndian(value);
                return true;
            case StunAttribute.IceControlling:
                if (value.Length != 8) return false;
                IceControlling = BinaryPrimitives.ReadUInt64BigEndian(value);
                return true;
            case StunAttribute.ErrorCode:
                if (value.Length < 4) return false;
                ErrorCode = (value[2] & 7) * 100 + value[3];
                return true;
            case StunAttribute.UnknownAttributes or StunAttribute.MappedAddress or StunAttribute.Realm or StunAttribute.Nonce
                or StunAttribute.MessageIntegritySha256 or StunAttribute.PasswordAlgorithm or StunAttribute.UserHash:
                return true;
            default:
                if (type < 0x8000 && UnknownAttribute == 0) UnknownAttribute = type;
                return true;
        }
    }

    private static bool IsValidFingerprint(ReadOnlySpan<byte> data, int at, ReadOnlySpan<byte> value) =>
        value.Length == 4 && at + 8 == data.Length && BinaryPrimitives.ReadUInt32BigEndian(value) == StunIntegrity.Fingerprint(data[..at]);
}
