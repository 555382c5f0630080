// RFC 3550 sections 5.1 and 6.4: the sending side of one m-line.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Stamps packets, counts them for sender reports, and keeps what the other side reports about them.</summary>
internal sealed class RtpSender
{
    private static readonly TimeSpan MaxRoundTrip = TimeSpan.FromSeconds(30);

    private readonly uint _firstTimestamp;
    private int _clockRate;
    private ushort _next;
    private uint _timestamp;
    private Instant _sentAt;
    private uint _packets;
    private uint _octets;

    /// <param name="ssrc">Our source.</param>
    /// <param name="clockRate">RTP clock in Hz.</param>
    /// <param name="seed">Where the first sequence number and timestamp come from; random in production (RFC 3550 section 5.1).</param>
    public RtpSender(Ssrc ssrc, int clockRate, ulong seed)
    {
        (Ssrc, _clockRate) = (ssrc, clockRate);
        // splitmix64: neighbouring seeds give unrelated starts.
        var z = seed + 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        z ^= z >> 31;
        // Started in the lower half, so that the first wrap is not within seconds of the start (helps SRTP receivers that join late).
        _next = (ushort)(z & 0x7FFF);
        _firstTimestamp = (uint)(z >> 32);
    }

    public Ssrc Ssrc { get; }

    /// <summary>True once a packet went out: only then does RTCP carry sender reports for it.</summary>
    public bool HasSent { get; private set; }

    public uint Packets => _packets;

    public uint Octets => _octets;

    /// <summary>The number the next packet will carry.</summary>
    public ushort NextSequenceNumber => _next;

    /// <summary>Round trip by the last report block (RFC 3550 section 6.4.1); null before the first.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>The last report block about us.</summary>
    public ReportBlock? RemoteReport { get; private set; }

    /// <summary>Share of our packets the other side lost in its last interval, 0..1.</summary>
    public double RemoteFractionLost => (RemoteReport?.FractionLost ?? 0) / 256.0;

    /// <summary>Another clock after a new offer/answer.</summary>
    public void ChangeClockRate(int clockRate) => _clockRate = clockRate;

    /// <summary>Writes header and payload; false, and nothing counted, where they do not fit.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="payloadType">Negotiated payload type.</param>
    /// <param name="marker">Last packet of a picture; first packet of a talk spurt.</param>
    /// <param name="mediaTicks">Media time from any origin; the random start is added.</param>
    /// <param name="payload">The payload; must not overlap the header part of <paramref name="target"/>.</param>
    /// <param name="now">When it goes out.</param>
    /// <param name="length">Bytes written.</param>
    public bool TryWrite(
        Span<byte> target, PayloadType payloadType, bool marker, long mediaTicks, ReadOnlySpan<byte> payload, Instant now, out int length)
    {
        length = 0;
        if (target.Length < RtpPacket.FixedHeaderLength + payload.Length) return false;
        var timestamp = unchecked(_firstTimestamp + (uint)mediaTicks);
        if (!new RtpHeader(payloadType, marker, _next, timestamp, Ssrc).TryWrite(target, out var header)) return false;
        payload.CopyTo(target[header..]);
        length = header + payload.Length;
        _next++;
        _packets++;
        _octets = unchecked(_octets + (uint)payload.Length);
        (_timestamp, _sentAt, HasSent) = (timestamp, now, true);
        return true;
    }

    /// <summary>The sender report of this moment: the RTP time is the last packet's, carried on to now.</summary>
    public SenderReport MakeReport(Instant now, NtpTime wallNow)
    {
        var carried = MediaTime.ToMediaTicks((now - _sentAt).Ticks, _clockRate);
        return new SenderReport(Ssrc, wallNow, unchecked(_timestamp + (uint)carried), _packets, _octets);
    }

    /// <summary>Takes a report block; those about other sources are ignored.</summary>
    public void OnReportBlock(in ReportBlock block, NtpTime wallNow)
    {
        if (block.Ssrc != Ssrc) return;
        RemoteReport = block;
        if (block.LastReport == 0) return;
        var units = unchecked((int)(wallNow.Middle - block.LastReport - block.DelaySinceLastReport));
        // A fast peer may round its delay up by a unit or two: then it is zero. Anything longer is a wrong or forged LSR.
        if (units < 0) units = units > -66 ? 0 : int.MaxValue;
        var trip = new TimeSpan(units * TimeSpan.TicksPerSecond / 65536);
        if (trip <= MaxRoundTrip) RoundTrip = trip;
    }
}
