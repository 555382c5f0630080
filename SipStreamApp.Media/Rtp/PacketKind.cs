// RFC 7983 section 7 and RFC 5761 section 4: telling apart what shares one UDP port.
//   first byte   0..3 STUN   16..19 ZRTP   20..63 DTLS   64..79 TURN channel   128..191 RTP and RTCP
//   second byte of those last: 192..223 RTCP, anything else RTP
namespace SipStreamApp.Media.Rtp;

/// <summary>What the first bytes of a datagram say it is.</summary>
internal enum PacketKind
{
    Unknown,
    Stun,
    Dtls,
    TurnChannel,
    Rtp,
    Rtcp,
}

internal static class PacketKinds
{
    /// <summary>Sorts by the first two bytes only; the parsers still have to agree.</summary>
    public static PacketKind Of(ReadOnlySpan<byte> datagram) => datagram switch
    {
        [<= 3, _, ..] => PacketKind.Stun,
        [>= 20 and <= 63, _, ..] => PacketKind.Dtls,
        [>= 64 and <= 79, _, ..] => PacketKind.TurnChannel,
        [>= 128 and <= 191, >= 192 and <= 223, ..] => PacketKind.Rtcp,
        [>= 128 and <= 191, _, ..] => PacketKind.Rtp,
        _ => PacketKind.Unknown,
    };
}
