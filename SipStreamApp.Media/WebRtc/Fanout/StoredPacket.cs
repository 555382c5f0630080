using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Fanout;

/// <summary>One RTP packet as all viewers share it: everything but what differs between them.</summary>
internal struct StoredPacket
{
    /// <summary>Where its payload lies in the store.</summary>
    public int Offset;

    public ushort Length;

    public bool Marker;

    public Codec Codec;

    /// <summary>The source's media time, cut to 32 bits.</summary>
    public uint Timestamp;

    /// <summary>Number of its frame in the track, from 0.</summary>
    public long Frame;

    public Instant StoredAt;
}
