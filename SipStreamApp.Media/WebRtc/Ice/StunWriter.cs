// RFC 8489 sections 5, 6.1 and 14: writing STUN messages.
using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Ice;

/// <summary>Writes one STUN message into a span. Attributes first, then one of the two ends.</summary>
internal ref struct StunWriter
{
    private SpanWriter _writer;
    private readonly Span<byte> _target;

    public StunWriter(Span<byte> target, ushort type, scoped ReadOnlySpan<byte> transactionId)
    {
        _target = target;
        _writer = new SpanWriter(target);
        _writer.U16(type);
        _writer.U16(0);
        _writer.U32(StunMessage.MagicCookie);
        _writer.Bytes(transactionId);
    }

    public void Attribute(ushort type, scoped ReadOnlySpan<byte> value)
    {
        _writer.U16(type);
        _writer.U16(value.Length);
        _writer.Bytes(value);
        for (var pad = -value.Length & 3; pad > 0; pad--) _writer.U8(0);
    }

    public void U32(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    public void U64(ushort type, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Attribute(type, bytes);
    }

    public void XorMappedAddress(in PeerAddress address)
    {
        Span<byte> value = stackalloc byte[20];
        var length = StunAddress.Write(value, address, _target.Slice(8, 12));
        Attribute(StunAttribute.XorMappedAddress, value[..length]);
    }

    /// <summary>RFC 8489 section 14.8: class, number and reason phrase.</summary>
    public void Error(int code, scoped ReadOnlySpan<byte> reason)
    {
        Span<byte> value = stackalloc byte[4 + reason.Length];
        value.Clear();
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        reason.CopyTo(value[4..]);
        Attribute(StunAttribute.ErrorCode, value);
    }

    /// <summary>Ends with MESSAGE-INTEGRITY (where a key is given) and FINGERPRINT; returns the length, or 0 where it did not fit.</summary>
    public int Finish(scoped ReadOnlySpan<byte> key)
    {
        if (!key.IsEmpty && !_writer.Failed)
        {
            Span<byte> mac = stackalloc byte[StunIntegrity.MacBytes];
            StunIntegrity.Compute(_writer.Written, key, mac);
            Attribute(StunAttribute.MessageIntegrity, mac);
        }

        if (!_writer.Failed) U32(StunAttribute.Fingerprint, StunIntegrity.Fingerprint(_writer.Written));
        if (_writer.Failed) return 0;
        BinaryPrimitives.WriteUInt16BigEndian(_target[2..], (ushort)(_writer.Length - StunMessage.HeaderBytes));
        return _writer.Length;
    }
}
