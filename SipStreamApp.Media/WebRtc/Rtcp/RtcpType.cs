// RFC 3550 section 12.1, RFC 4585 section 6.1: packet types; RFC 4585 sections 6.2 and 6.3, RFC 5104 section 4.2: feedback formats.
namespace SipStreamApp.Media.WebRtc.Rtcp;

internal static class RtcpType
{
    public const byte SenderReport = 200;
    public const byte ReceiverReport = 201;
    public const byte SourceDescription = 202;
    public const byte Bye = 203;
    public const byte TransportFeedback = 205;
    public const byte PayloadFeedback = 206;

    /// <summary>Format of <see cref="TransportFeedback"/>: packets are missing.</summary>
    public const int GenericNack = 1;

    /// <summary>Format of <see cref="PayloadFeedback"/>: a picture is lost.</summary>
    public const int PictureLoss = 1;

    /// <summary>Format of <see cref="PayloadFeedback"/>: full intra request.</summary>
    public const int FullIntra = 4;

    /// <summary>RFC 5761 section 4 and RFC 7983: RTP or RTCP by the first byte, RTCP by the second.</summary>
    public static bool LooksLikeRtcp(ReadOnlySpan<byte> datagram) => datagram.Length >= 8 && datagram[0] >> 6 == 2 && datagram[1] is >= 192 and <= 223;
}
