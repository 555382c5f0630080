// RFC 3711 section 3.3 (RTP) and 3.4 (RTCP): the sending side of one direction

namespace SipStreamApp.Media.Srtp;

/// <summary>
/// Protects what one end sends. The caller gives the 48-bit index of each RTP packet, so sending sequence 65535 again
/// cannot move a rollover counter. One owner at a time.
/// </summary>
/// <remarks>
/// An index must be used for one packet content only. Under GCM two different packets (a changed header counts) with the same SSRC and
/// index give the authentication key away: resend the stored protected bytes, or a byte-identical packet, or use RTX (RFC 4588).
/// </remarks>
internal sealed class SrtpSender(
    SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt, SrtpEngine engine = SrtpEngine.Automatic) : IDisposable
{
    private const uint RtcpIndexLimit = 0x8000_0000;

    private readonly SrtpTransform _transform = SrtpTransform.Create(profile, masterKey, masterSalt, engine);
    private uint _rtcpIndex;

    public SrtpProfile Profile { get; } = profile;

    /// <summary>Bytes added to an RTP packet.</summary>
    public int RtpOverhead { get; } = profile.RtpOverhead;

    /// <summary>Bytes added to an RTCP packet.</summary>
    public int RtcpOverhead { get; } = profile.RtcpOverhead;

    /// <summary>Writes the protected packet to <paramref name="destination"/> from a payload that may be shared between peers.</summary>
    /// <param name="header">Fixed header, CSRC list and extension, exactly.</param>
    /// <param name="payload">Plaintext; must not overlap the destination, unless it is where the ciphertext goes.</param>
    /// <param name="index">Rollover counter in the upper 32 bits, the header's sequence number in the lower 16.</param>
    /// <param name="destination">Room for header, payload and <see cref="RtpOverhead"/>.</param>
    /// <returns>Bytes written; 0 where the header is not one, differs from the index, the index is used up, or it does not fit.</returns>
    public int Protect(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ulong index, Span<byte> destination)
    {
        if (!SrtpPacket.TryMeasureHeader(header, out var length) || length != header.Length) return 0;
        var total = header.Length + payload.Length + RtpOverhead;
        if (total > destination.Length || payload.Length > CtrCipher.MaxLength) return 0;
        if (index > SrtpIndex.Maximum || SrtpPacket.Sequence(header) != (ushort)index) return 0;
        var ssrc = SrtpPacket.RtpSsrc(header);
        header.CopyTo(destination);
        _transform.SealRtp(destination[..total], length, payload, ssrc, index);
        return total;
    }

    /// <summary>Protects the packet in the first <paramref name="length"/> bytes of the buffer in place.</summary>
    /// <returns>The new length, or 0 as in the other form.</returns>
    public int Protect(Span<byte> buffer, int length, ulong index)
    {
        if ((uint)length > (uint)buffer.Length || !SrtpPacket.TryMeasureHeader(buffer[..length], out var header)) return 0;
        return Protect(buffer[..header], buffer[header..length], index, buffer);
    }

    /// <summary>Protects a compound RTCP packet; source and destination may be the same memory.</summary>
    /// <returns>Bytes written; 0 where it is not RTCP, does not fit, or the key's 2^31 RTCP packets are used up.</returns>
    public int ProtectRtcp(ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        var total = packet.Length + RtcpOverhead;
        if (packet.Length < SrtpPacket.RtcpHeaderLength || packet[0] >> 6 != 2 || total > destination.Length) return 0;
        if (_rtcpIndex == RtcpIndexLimit || packet.Length > CtrCipher.MaxLength) return 0;
        packet[..SrtpPacket.RtcpHeaderLength].CopyTo(destination);
        var ssrc = SrtpPacket.RtcpSsrc(destination);
        _transform.SealRtcp(destination[..total], packet[SrtpPacket.RtcpHeaderLength..], ssrc, _rtcpIndex++);
        return total;
    }

    /// <summary>Protects the RTCP packet in the first <paramref name="length"/> bytes of the buffer in place.</summary>
    public int ProtectRtcp(Span<byte> buffer, int length) =>
        (uint)length > (uint)buffer.Length ? 0 : ProtectRtcp(buffer[..length], buffer);

    public void Dispose() => _transform.Dispose();
}
