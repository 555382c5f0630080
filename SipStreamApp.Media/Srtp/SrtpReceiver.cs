// RFC 3711 section 3.3 (RTP) and 3.4 (RTCP): the receiving side of one direction
using System.Buffers.Binary;

namespace SipStreamApp.Media.Srtp;

/// <summary>Limits of a receiving context.</summary>
/// <param name="MaxSources">SSRCs that are followed, for RTP and for RTCP each. A packet of a further one is refused.</param>
internal sealed record SrtpReceiverOptions(int MaxSources = 32)
{
    public static readonly SrtpReceiverOptions Default = new();
}

/// <summary>
/// Checks and decrypts what the other end sends. Index, replay window and source table change only after a packet proved authentic.
/// One owner at a time.
/// </summary>
internal sealed class SrtpReceiver(
    SrtpProfile profile,
    ReadOnlySpan<byte> masterKey,
    ReadOnlySpan<byte> masterSalt,
    SrtpReceiverOptions? options = null,
    SrtpEngine engine = SrtpEngine.Automatic) : IDisposable
{
    private readonly SrtpTransform _transform = SrtpTransform.Create(profile, masterKey, masterSalt, engine);
    private readonly SrtpSources _rtp = new((options ?? SrtpReceiverOptions.Default).MaxSources);
    private readonly SrtpSources _rtcp = new((options ?? SrtpReceiverOptions.Default).MaxSources);
    private readonly int _rtpOverhead = profile.RtpOverhead;
    private readonly int _rtcpOverhead = profile.RtcpOverhead;

    public SrtpProfile Profile { get; } = profile;

    /// <summary>How many RTP sources proved authentic so far.</summary>
    public int SourceCount => _rtp.Count;

    /// <summary>Checks an SRTP packet and decrypts it in place. A packet that is refused is left as it came.</summary>
    /// <param name="packet">The whole datagram.</param>
    /// <param name="length">Length of the RTP packet, which starts where the datagram does; 0 where refused.</param>
    /// <param name="index">The 48-bit index: the sequence number extended by the rollover counter; 0 where refused.</param>
    public SrtpStatus Unprotect(Span<byte> packet, out int length, out ulong index)
    {
        (length, index) = (0, 0);
        if (!SrtpPacket.TryMeasureHeader(packet, out var header) || packet.Length < header + _rtpOverhead) return SrtpStatus.Malformed;
        if (packet.Length > CtrCipher.MaxLength) return SrtpStatus.Malformed;
        var ssrc = SrtpPacket.RtpSsrc(packet);
        var sequence = SrtpPacket.Sequence(packet);
        var window = _rtp.Find(ssrc);
        if (window is null && _rtp.IsFull) return SrtpStatus.TooManySources;
        var estimate = window is null ? sequence : SrtpIndex.Estimate(window.Highest, sequence);
        if (estimate > SrtpIndex.Maximum) return SrtpStatus.NotAuthentic;
        if (window is not null && window.Check(estimate) is not SrtpStatus.Ok and var seen) return seen;
        if (!_transform.OpenRtp(packet, header, ssrc, estimate))
        {
            // A sender that starts just below 65536 may have turned over before its first packet got through.
            if (window is not null || sequence >= 0x8000) return SrtpStatus.NotAuthentic;
            estimate |= 0x10000;
            if (!_transform.OpenRtp(packet, header, ssrc, estimate)) return SrtpStatus.NotAuthentic;
        }

        _rtp.Commit(ssrc, window, estimate);
        index = estimate;
        length = packet.Length - _rtpOverhead;
        return SrtpStatus.Ok;
    }

    /// <summary>As the other form, for callers that extend sequence numbers themselves.</summary>
    public SrtpStatus Unprotect(Span<byte> packet, out int length) => Unprotect(packet, out length, out _);

    /// <summary>Checks an SRTCP packet and decrypts it in place. A packet that is refused is left as it came.</summary>
    public SrtpStatus UnprotectRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        if (packet.Length < SrtpPacket.RtcpHeaderLength + _rtcpOverhead || packet[0] >> 6 != 2) return SrtpStatus.Malformed;
        if (packet.Length > CtrCipher.MaxLength) return SrtpStatus.Malformed;
        var ssrc = SrtpPacket.RtcpSsrc(packet);
        var word = BinaryPrimitives.ReadUInt32BigEndian(packet[^_transform.RtcpIndexFromEnd..]);
        var index = word & 0x7FFF_FFFF;
        var window = _rtcp.Find(ssrc);
        if (window is null && _rtcp.IsFull) return SrtpStatus.TooManySources;
        if (window is not null && window.Check(index) is not SrtpStatus.Ok and var seen) return seen;
        if (!_transform.OpenRtcp(packet, ssrc, word)) return SrtpStatus.NotAuthentic;
        _rtcp.Commit(ssrc, window, index);
        length = packet.Length - _rtcpOverhead;
        return SrtpStatus.Ok;
    }

    public void Dispose() => _transform.Dispose();
}
