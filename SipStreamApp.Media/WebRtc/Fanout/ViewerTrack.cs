// RFC 3550 section 5.1 and RFC 4588: one viewer's RTP stream of a shared track.
//
//  |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//  |                           timestamp                           |
//  |                             SSRC                              |
using System.Buffers.Binary;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Media.WebRtc.Fanout;

/// <summary>
/// What differs between viewers: SSRC, payload type, and where sequence numbers and timestamps start. All of it is arithmetic on the shared
/// packet's number, so that a resend yields the very same bytes (under GCM anything else would give the key away).
/// </summary>
internal sealed class ViewerTrack(MediaKind kind, Codec codec, Ssrc ssrc, byte payloadType, ushort firstSequence, uint timestampOffset)
{
    public const int HeaderBytes = 12;

    // A replayed picture lies 1 ms before the next one: it is to be decoded at once, not shown at its old pace.
    private const uint ReplayTicks = 90;

    private long _sequenceOffset;
    private long _liveFromFrame;
    private uint _liveTimestamp;
    private ulong _rtxIndex = firstSequence & 0x7FFFu;
    private long _nextExtended = firstSequence & 0x7FFF;

    public MediaKind Kind => kind;

    public Codec Codec => codec;

    public Ssrc Ssrc => ssrc;

    /// <summary>SSRC and payload type for resends; null: resends repeat the packet itself.</summary>
    public (Ssrc Ssrc, byte PayloadType)? Rtx { get; init; }

    /// <summary>The next shared packet to send; -1 while waiting for a keyframe.</summary>
    public long Cursor { get; set; } = -1;

    /// <summary>The first shared packet that was sent.</summary>
    public long FirstIndex { get; private set; }

    /// <summary>True while packets older than the live ones are still to be sent.</summary>
    public bool CatchingUp { get; set; }

    public long PacketsSent { get; private set; }

    public long OctetsSent { get; private set; }

    public bool Started => Cursor >= 0;

    /// <summary>When the next sender report is due.</summary>
    public Instant NextReportAt { get; set; }

    /// <summary>Starts with that packet. Frames before <paramref name="liveFromFrame"/> get timestamps right before its own.</summary>
    public void Start(long index, long liveFromFrame, uint liveTimestamp)
    {
        // The 48-bit index starts with 15 random bits: a start near the wrap would leave the rollover counter to guesswork. After a stop it
        // goes on where it was: an index is never used twice.
        _sequenceOffset = _nextExtended - index;
        (Cursor, FirstIndex, _liveFromFrame, _liveTimestamp) = (index, index, liveFromFrame, liveTimestamp);
    }

    /// <summary>Waits for a keyframe again.</summary>
    public void Stop()
    {
        if (Started) _nextExtended = Cursor + _sequenceOffset;
        (Cursor, CatchingUp) = (-1, false);
    }

    /// <summary>This viewer's timestamp for a media time of the source.</summary>
    public uint Timestamp(uint source) => unchecked(source + timestampOffset);

    /// <summary>The shared packet that went out under this sequence number most recently.</summary>
    public long IndexOf(ushort sequence)
    {
        var newest = Cursor - 1 + _sequenceOffset;
        return newest - (ushort)(newest - sequence) - _sequenceOffset;
    }

    /// <summary>Writes the protected packet; returns its length.</summary>
    public int Write(in StoredPacket packet, long index, ReadOnlySpan<byte> payload, SrtpSender srtp, Span<byte> target)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        var extended = (ulong)(index + _sequenceOffset);
        WriteHeader(header, packet, payloadType, (ushort)extended, ssrc);
        return srtp.Protect(header, payload, extended, target);
    }

    /// <summary>Writes a resend as RFC 4588 has it: own SSRC and sequence, the original sequence number before the payload.</summary>
    public int WriteRtx(in StoredPacket packet, long index, ReadOnlySpan<byte> payload, SrtpSender srtp, Span<byte> target)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        Span<byte> body = stackalloc byte[2 + FanoutTrack.MaxPayload];
        var extended = _rtxIndex++;
        WriteHeader(header, packet, Rtx!.Value.PayloadType, (ushort)extended, Rtx.Value.Ssrc);
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)(index + _sequenceOffset));
        payload.CopyTo(body[2..]);
        return srtp.Protect(header, body[..(2 + payload.Length)], extended, target);
    }

    public void Count(int payloadBytes)
    {
        PacketsSent++;
        OctetsSent += payloadBytes;
    }

    private void WriteHeader(Span<byte> header, in StoredPacket packet, byte type, ushort sequence, Ssrc source)
    {
        var timestamp = packet.Frame >= _liveFromFrame
            ? packet.Timestamp
            : unchecked(_liveTimestamp - (uint)(_liveFromFrame - packet.Frame) * ReplayTicks);
        header[0] = 0x80;
        header[1] = (byte)(type | (packet.Marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], Timestamp(timestamp));
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], source.Value);
    }
}
