// RFC 3550 section 6.1: the compound packet. RFC 5506: reduced-size packets (feedback alone) are accepted as well.
//  |V=2|P|  count  |      type     |     length in words - 1       | body ...
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>RTCP packet types (RFC 3550 section 12.1, RFC 4585 section 6.1, RFC 3611).</summary>
internal enum RtcpType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Bye = 203,
    App = 204,
    TransportFeedback = 205,
    PayloadFeedback = 206,
    ExtendedReport = 207,
}

/// <summary>Walks the packets of a compound. What was read before a malformed packet stands; what follows it is not read.</summary>
internal ref struct RtcpReader(ReadOnlySpan<byte> compound)
{
    private ReadOnlySpan<byte> _rest = compound;

    public RtcpView Current { get; private set; }

    /// <summary>True once the rest did not parse.</summary>
    public bool Malformed { get; private set; }

    public readonly RtcpReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.IsEmpty || Malformed) return false;
        var reader = new SpanReader(_rest);
        var first = reader.U8();
        var type = reader.U8();
        var body = reader.Bytes(4 * reader.U16());
        if (reader.Failed || first >> 6 != 2 || type is < 192 or > 223) return Fail();
        // Padding may stand on the last packet only, and counts itself.
        if ((first & 0x20) != 0)
        {
            if (body.IsEmpty || body[^1] > body.Length) return Fail();
            body = body[..^body[^1]];
        }

        Current = new RtcpView((RtcpType)type, (byte)(first & 0x1F), body);
        _rest = reader.Rest;
        return true;
    }

    private bool Fail()
    {
        Malformed = true;
        Current = default;
        return false;
    }
}
