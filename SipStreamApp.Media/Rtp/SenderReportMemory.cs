// RFC 3550 section 6.4.1: LSR and DLSR, and the NTP/RTP pair of the last sender report.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>The last sender report: one, of whatever source, so that forged ones replace each other and grow nothing.</summary>
internal sealed class SenderReportMemory
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private SenderReport _report;
    private SenderReport _other;
    private Instant _arrivedAt;
    private Instant _otherArrivedAt;
    private Ssrc _source;
    private bool _known;
    private bool _fresh;
    private bool _otherKnown;

    public void Add(in SenderReport report, Instant now)
    {
        if (report.Ssrc == _source) (_report, _arrivedAt, _known, _fresh) = (report, now, true, true);
        else (_other, _otherArrivedAt, _otherKnown) = (report, now, true);
    }

    /// <summary>The m-line listens to this source from now on; a report of it that came just before its first packet counts.</summary>
    public void ListenTo(Ssrc source, Instant now)
    {
        var adopt = _otherKnown && _other.Ssrc == source && now - _otherArrivedAt < MaxAge;
        (_source, _known, _fresh, _otherKnown) = (source, adopt, adopt, false);
        if (adopt) (_report, _arrivedAt) = (_other, _otherArrivedAt);
    }

    public void Clear() => (_known, _fresh, _otherKnown) = (false, false, false);

    public bool TryTake(Ssrc source, out SenderReport report, out Instant arrivedAt)
    {
        (report, arrivedAt) = (_report, _arrivedAt);
        if (!_fresh || source != _source) return false;
        _fresh = false;
        return true;
    }

    public (uint LastReport, uint Delay) LastReport(Ssrc source, Instant now)
    {
        if (!_known || source != _source) return (0, 0);
        var delay = (now - _arrivedAt).Ticks * 65536 / TimeSpan.TicksPerSecond;
        return (_report.Ntp.Middle, (uint)Math.Clamp(delay, 0, uint.MaxValue));
    }
}
