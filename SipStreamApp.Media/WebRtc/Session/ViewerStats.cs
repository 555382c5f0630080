// RFC 3550 section 6.4.1: loss and round trip from receiver reports.
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;

namespace SipStreamApp.Media.WebRtc.Session;

/// <summary>Figures of one viewer. Written on the loop's thread, read from anywhere (each field for itself).</summary>
internal sealed class ViewerStats
{
    // A receiver report refers to the last sender report it saw; with a second between reports four reach far enough back.
    private readonly (uint Middle, Instant At)[] _sent = new (uint, Instant)[8];
    private int _next;
    private long _roundTripTicks = -1;
    private int _audioLoss;
    private int _videoLoss;

    public long Nacks, Resent, Plis;

    public TimeSpan? RoundTrip => Interlocked.Read(ref _roundTripTicks) is >= 0 and var ticks ? new TimeSpan(ticks) : null;

    public double LossPercent => Math.Max(Volatile.Read(ref _audioLoss), Volatile.Read(ref _videoLoss)) * 100.0 / 256;

    public void Sent(NtpTime report, Instant now)
    {
        _sent[_next] = (report.Middle, now);
        _next = (_next + 1) % _sent.Length;
    }

    public void Received(in ReportBlock block, MediaKind kind, Instant now)
    {
        Volatile.Write(ref kind == MediaKind.Audio ? ref _audioLoss : ref _videoLoss, block.FractionLost);
        if (block.LastReport == 0) return;
        foreach (var (middle, at) in _sent)
        {
            if (middle != block.LastReport) continue;
            var held = TimeSpan.FromSeconds(block.DelaySinceLastReport / 65536.0);
            Interlocked.Exchange(ref _roundTripTicks, Math.Max(0, (now - at - held).Ticks));
            return;
        }
    }
}
