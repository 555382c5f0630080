// RFC 3550 section 6.4.1: report block.
//
//  |                 SSRC of the source reported on                |
//  | fraction lost |       cumulative number of packets lost       |
//  |           extended highest sequence number received           |
//  |                      interarrival jitter                      |
//  |                         last SR (LSR)                         |
//  |                   delay since last SR (DLSR)                  |
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.WebRtc.Rtcp;

/// <summary>What a receiver says of one source.</summary>
internal readonly record struct ReportBlock(Ssrc Ssrc, byte FractionLost, uint Jitter, uint LastReport, uint DelaySinceLastReport)
{
    public const int Bytes = 24;

    public static bool TryRead(ref SpanReader reader, out ReportBlock block)
    {
        var ssrc = reader.U32();
        var fraction = reader.U8();
        reader.Skip(3 + 4);
        block = new ReportBlock(new Ssrc(ssrc), fraction, reader.U32(), reader.U32(), reader.U32());
        return !reader.Failed;
    }
}
