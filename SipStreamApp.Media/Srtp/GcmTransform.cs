// RFC 7714 sections 8 and 9: AEAD_AES_128_GCM and AEAD_AES_256_GCM for SRTP and SRTCP
//
//  RTP   | header, CSRC, extension (AAD)       | ciphertext | tag 16 |
//  RTCP  | first 8 bytes (AAD)                 | ciphertext | tag 16 | E + index (AAD) |
//  IV    | 0 0 | SSRC | ROC, SEQ or 0 0, index |  xor salt
using System.Buffers.Binary;

namespace SipStreamApp.Media.Srtp;

internal sealed class GcmTransform : SrtpTransform
{
    private const int Tag = 16;
    private const int MaxClearRtcp = 4096;

    private readonly GcmCipher _rtp;
    private readonly GcmCipher _rtcp;
    private readonly (ulong High, uint Low) _rtpSalt;
    private readonly (ulong High, uint Low) _rtcpSalt;

    public GcmTransform(SrtpSessionKeys keys, SrtpEngine engine)
        : this(keys.RtpKey, keys.RtpSalt, keys.RtcpKey, keys.RtcpSalt, engine)
    {
    }

    public GcmTransform(
        ReadOnlySpan<byte> rtpKey, ReadOnlySpan<byte> rtpSalt, ReadOnlySpan<byte> rtcpKey, ReadOnlySpan<byte> rtcpSalt, SrtpEngine engine)
    {
        _rtp = GcmCipher.Create(rtpKey, engine);
        _rtcp = GcmCipher.Create(rtcpKey, engine);
        _rtpSalt = Halves(rtpSalt);
        _rtcpSalt = Halves(rtcpSalt);
    }

    public override int RtcpIndexFromEnd => 4;

    public override void SealRtp(Span<byte> packet, int header, ReadOnlySpan<byte> body, uint ssrc, ulong index) =>
        _rtp.Seal(Iv(_rtpSalt, ssrc, index), packet[..header], body, packet.Slice(header, body.Length), packet[^Tag..]);

    public override bool OpenRtp(Span<byte> packet, int header, uint ssrc, ulong index)
    {
        var body = packet[header..^Tag];
        return _rtp.Open(Iv(_rtpSalt, ssrc, index), packet[..header], body, body, packet[^Tag..]);
    }

    public override void SealRtcp(Span<byte> packet, ReadOnlySpan<byte> body, uint ssrc, uint index)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet[^4..], index | 0x8000_0000);
        Span<byte> aad = stackalloc byte[12];
        packet[..8].CopyTo(aad);
        packet[^4..].CopyTo(aad[8..]);
        _rtcp.Seal(Iv(_rtcpSalt, ssrc, index), aad, body, packet.Slice(8, body.Length), packet[^20..^4]);
    }

    public override bool OpenRtcp(Span<byte> packet, uint ssrc, uint indexWord)
    {
        var iv = Iv(_rtcpSalt, ssrc, indexWord & 0x7FFF_FFFF);
        var tag = packet[^20..^4];
        var encrypted = indexWord >> 31 == 1;
        // Without the E bit the whole packet is associated data and nothing is encrypted (section 9.3).
        var clear = encrypted ? packet[..8] : packet[..^20];
        if (clear.Length > MaxClearRtcp) return false;
        Span<byte> aad = stackalloc byte[clear.Length + 4];
        clear.CopyTo(aad);
        packet[^4..].CopyTo(aad[clear.Length..]);
        var body = packet[clear.Length..^20];
        return _rtcp.Open(iv, aad, body, body, tag);
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    private static (ulong High, uint Low) Halves(ReadOnlySpan<byte> salt) =>
        (BinaryPrimitives.ReadUInt64BigEndian(salt), BinaryPrimitives.ReadUInt32BigEndian(salt[8..]));

    // The same arithmetic serves both layouts: an RTCP index has 31 bits, so the two bytes above it stay zero.
    private static GcmIv Iv((ulong High, uint Low) salt, uint ssrc, ulong index) =>
        new(salt.High ^ ((ulong)ssrc << 16) ^ (index >> 32), salt.Low ^ (uint)index);
}
