// RFC 3551 section 4.5 (one octet is one tick of the 8 kHz clock for G.711 and for G.722), RFC 7587 section 4.1.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Codecs;

/// <summary>How long a payload of sound lasts.</summary>
internal static class AudioDuration
{
    /// <summary>Duration in ticks of the codec's RTP clock; 0 where the payload does not tell.</summary>
    public static int Ticks(Codec codec, ReadOnlySpan<byte> payload) => codec switch
    {
        Codec.Pcmu or Codec.Pcma or Codec.G722 => payload.Length,
        Codec.Opus => OpusPacket.Samples(payload),
        _ => 0,
    };
}
