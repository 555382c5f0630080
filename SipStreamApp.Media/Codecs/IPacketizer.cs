using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>Cuts frames into RTP payloads. One object per track and payload size; not shared between threads.</summary>
internal interface IPacketizer
{
    /// <summary>Starts on a frame. The caller holds its lease until <see cref="TryNext"/> returned false or another frame begins.</summary>
    /// <param name="frame">A completed frame of the packetiser's codec.</param>
    /// <param name="maxPayload">Largest RTP payload in bytes, at least <see cref="Packetizer.MinPayload"/>.</param>
    void Begin(MediaFrame frame, int maxPayload);

    /// <summary>Writes the next payload; false when the frame has been sent.</summary>
    /// <param name="destination">Room for at least the largest payload.</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="marker">The RTP marker bit of this packet.</param>
    bool TryNext(Span<byte> destination, out int length, out bool marker);
}

/// <summary>Makes packetisers.</summary>
internal static class Packetizer
{
    /// <summary>The smallest payload size that can be asked for.</summary>
    public const int MinPayload = 16;

    /// <summary>The packetiser of a codec. Throws for AAC, which is never sent by RTP here.</summary>
    /// <param name="format">The track.</param>
    /// <param name="packetizationMode">H.264 only: 1 (aggregates and fragments) or 0 (one NAL unit per packet).</param>
    public static IPacketizer Create(TrackFormat format, int packetizationMode = 1) => format.Codec switch
    {
        Codec.H264 => new H264Packetizer(packetizationMode),
        Codec.Vp8 => new Vp8Packetizer(),
        Codec.Pcmu or Codec.Pcma or Codec.G722 or Codec.Opus => new AudioPacketizer(),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format.Codec, "No RTP payload format for this codec."),
    };
}
