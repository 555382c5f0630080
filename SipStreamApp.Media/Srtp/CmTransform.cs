// RFC 3711 sections 3.1, 3.4, 4.1.1 and 4.2: AES counter mode with HMAC-SHA1
//
//  RTP   | header, CSRC, extension | ciphertext | tag 10 or 4 |           tag over all before it and the ROC
//  RTCP  | first 8 bytes | ciphertext | E + index | tag 10 |              tag over all before it
//  IV    (salt * 2^16) xor (SSRC * 2^64) xor (index * 2^16)
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SipStreamApp.Media.Srtp;

internal sealed class CmTransform : SrtpTransform
{
    private const int RtcpTag = 10;

    private readonly CtrCipher _rtp;
    private readonly CtrCipher _rtcp;
    private readonly HmacSha1 _rtpMac;
    private readonly HmacSha1 _rtcpMac;
    private readonly (ulong High, ulong Low) _rtpSalt;
    private readonly (ulong High, ulong Low) _rtcpSalt;
    private readonly int _rtpTag;

    public CmTransform(SrtpSessionKeys keys, int rtpTag, SrtpEngine engine)
    {
        _rtpTag = rtpTag;
        _rtp = CtrCipher.Create(keys.RtpKey, engine);
        _rtcp = CtrCipher.Create(keys.RtcpKey, engine);
        _rtpMac = HmacSha1.Create(keys.RtpAuthentication, engine);
        _rtcpMac = HmacSha1.Create(keys.RtcpAuthentication, engine);
        _rtpSalt = Halves(keys.RtpSalt);
        _rtcpSalt = Halves(keys.RtcpSalt);
    }

    public override int RtcpIndexFromEnd => RtcpTag + 4;

    public override void SealRtp(Span<byte> packet, int header, ReadOnlySpan<byte> body, uint ssrc, ulong index)
    {
        _rtp.Xor(_rtpSalt.High ^ ssrc, _rtpSalt.Low ^ (index << 16), body, packet.Slice(header, body.Length));
        Span<byte> mac = stackalloc byte[20];
        _rtpMac.Compute(packet[..^_rtpTag], (uint)(index >> 16), mac);
        mac[.._rtpTag].CopyTo(packet[^_rtpTag..]);
    }

    public override bool OpenRtp(Span<byte> packet, int header, uint ssrc, ulong index)
    {
        Span<byte> mac = stackalloc byte[20];
        _rtpMac.Compute(packet[..^_rtpTag], (uint)(index >> 16), mac);
        if (!CryptographicOperations.FixedTimeEquals(mac[.._rtpTag], packet[^_rtpTag..])) return false;
        var body = packet[header..^_rtpTag];
        _rtp.Xor(_rtpSalt.High ^ ssrc, _rtpSalt.Low ^ (index << 16), body, body);
        return true;
    }

    public override void SealRtcp(Span<byte> packet, ReadOnlySpan<byte> body, uint ssrc, uint index)
    {
        _rtcp.Xor(_rtcpSalt.High ^ ssrc, _rtcpSalt.Low ^ ((ulong)index << 16), body, packet.Slice(8, body.Length));
        var word = index | 0x8000_0000;
        BinaryPrimitives.WriteUInt32BigEndian(packet[^RtcpIndexFromEnd..], word);
        Span<byte> mac = stackalloc byte[20];
        _rtcpMac.Compute(packet[..^RtcpIndexFromEnd], word, mac);
        mac[..RtcpTag].CopyTo(packet[^RtcpTag..]);
    }

    public override bool OpenRtcp(Span<byte> packet, uint ssrc, uint indexWord)
    {
        Span<byte> mac = stackalloc byte[20];
        _rtcpMac.Compute(packet[..^RtcpIndexFromEnd], indexWord, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac[..RtcpTag], packet[^RtcpTag..])) return false;
        if (indexWord >> 31 == 0) return true;
        var body = packet[8..^RtcpIndexFromEnd];
        _rtcp.Xor(_rtcpSalt.High ^ ssrc, _rtcpSalt.Low ^ ((ulong)(indexWord & 0x7FFF_FFFF) << 16), body, body);
        return true;
    }

    public override void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
        _rtpMac.Dispose();
        _rtcpMac.Dispose();
    }

    // 112 bits of salt, shifted left by 16: the lowest two bytes count the blocks.
    private static (ulong High, ulong Low) Halves(ReadOnlySpan<byte> salt)
    {
        Span<byte> block = stackalloc byte[16];
        block.Clear();
        salt.CopyTo(block);
        return (BinaryPrimitives.ReadUInt64BigEndian(block), BinaryPrimitives.ReadUInt64BigEndian(block[8..]));
    }
}
