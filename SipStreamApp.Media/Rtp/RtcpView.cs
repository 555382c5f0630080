// RFC 3550 section 6.4 to 6.7 and RFC 4585 section 6.1: the bodies of RTCP packets, as views.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>One packet of a compound; every accessor says no where the body is too short or of another type.</summary>
internal readonly ref struct RtcpView(RtcpType type, byte count, ReadOnlySpan<byte> body)
{
    public RtcpType Type { get; } = type;

    /// <summary>Number of report blocks, chunks or sources; the format (FMT) of a feedback packet; the subtype of APP.</summary>
    public byte Count { get; } = count;

    /// <summary>Everything behind the first four bytes, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    public bool TryGetSenderReport(out SenderReport report)
    {
        report = default;
        if (Type != RtcpType.SenderReport || Body.Length < SenderReport.Length) return false;
        var r = new SpanReader(Body);
        report = new SenderReport(new Ssrc(r.U32()), new NtpTime(r.U64()), r.U32(), r.U32(), r.U32());
        return true;
    }

    /// <summary>The SSRC that a report or a feedback packet comes from.</summary>
    public bool TryGetSender(out Ssrc sender)
    {
        var r = new SpanReader(Body);
        sender = new Ssrc(r.U32());
        return !r.Failed && Type is not (RtcpType.SourceDescription or RtcpType.Bye);
    }

    /// <summary>The report blocks of a sender or receiver report; none for other types.</summary>
    public ReportBlocks ReportBlocks => Type switch
    {
        RtcpType.SenderReport when Body.Length >= SenderReport.Length => new ReportBlocks(Count, Body[SenderReport.Length..]),
        RtcpType.ReceiverReport when Body.Length >= 4 => new ReportBlocks(Count, Body[4..]),
        _ => default,
    };

    /// <summary>True where BYE names this source.</summary>
    public bool IsByeFor(Ssrc ssrc)
    {
        if (Type != RtcpType.Bye) return false;
        var r = new SpanReader(Body);
        for (var i = 0; i < Count; i++)
        {
            var value = r.U32();
            if (!r.Failed && value == ssrc.Value) return true;
        }

        return false;
    }

    /// <summary>The CNAME of the first chunk that has one (RFC 3550 section 6.5.1).</summary>
    public bool TryGetCname(out Ssrc ssrc, out ReadOnlySpan<byte> cname)
    {
        ssrc = default;
        cname = default;
        if (Type != RtcpType.SourceDescription) return false;
        var r = new SpanReader(Body);
        for (var chunk = 0; chunk < Count && r.Remaining >= 4; chunk++)
        {
            var start = r.Remaining;
            ssrc = new Ssrc(r.U32());
            while (r.Remaining > 0)
            {
                var item = r.U8();
                if (item == 0) break;
                var text = r.Bytes(r.U8());
                if (r.Failed) return false;
                if (item != 1) continue;
                cname = text;
                return true;
            }

            // A chunk ends with at least one zero and fills its last word.
            r.Skip(Math.Min(r.Remaining, (4 - (start - r.Remaining) % 4) % 4));
        }

        return false;
    }

    /// <summary>Sender, media source and control information of a feedback packet (RFC 4585 section 6.1).</summary>
    public bool TryGetFeedback(out Ssrc sender, out Ssrc media, out ReadOnlySpan<byte> control)
    {
        var r = new SpanReader(Body);
        sender = new Ssrc(r.U32());
        media = new Ssrc(r.U32());
        control = r.Rest;
        return !r.Failed && Type is RtcpType.TransportFeedback or RtcpType.PayloadFeedback;
    }
}
