// RFC 3550 section 6.4.1: from the media clock of one track to the common time line.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>
/// Maps media ticks of one track to stream time: time = ticks / rate + shift. The shift is set once by the first packet's
/// arrival and from then on only moves by slewing, as a function of media ticks, so that equal ticks give equal times.
/// </summary>
internal sealed class TrackClock
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly StreamTimeline _timeline;
    private WindowMinimum _transit = new(Window);
    private ReportMapping _report;
    private int _clockRate;
    private long _ticks;
    private long _shift;
    private long _shiftBefore;
    private long _last;
    private long _lead;
    private long _knownOffset;
    private bool _slewing;

    internal TrackClock(StreamTimeline timeline, MediaKind kind, int clockRate) =>
        (_timeline, Kind, _clockRate) = (timeline, kind, clockRate);

    public MediaKind Kind { get; }

    /// <summary>True once a packet was seen.</summary>
    public bool Anchored { get; private set; }

    /// <summary>Sender reports that were refused.</summary>
    public long IgnoredReports { get; private set; }

    /// <summary>What is still to be slewed; zero on the master.</summary>
    public TimeSpan PendingCorrection => Target() is { } target ? new TimeSpan(target - _shift) : TimeSpan.Zero;

    /// <summary>How much later this track arrives than the master's part of the same moment; null without reports on both.</summary>
    public TimeSpan? MeasuredOffset => ByReports(out var offset) ? new TimeSpan(offset) : null;

    /// <summary>Takes a packet, in order, with the ticks of <see cref="RtpReceiver"/>, before its time is asked for.</summary>
    public void OnPacket(long mediaTicks, Instant arrivedAt)
    {
        var media = MediaTime.ToTimeTicks(mediaTicks, _clockRate);
        var position = _timeline.PositionOf(arrivedAt).Ticks;
        _transit.Add(arrivedAt, position - media);
        if (!Anchored)
        {
            // After a restart the track keeps the distance to its arrivals that it had found, and never goes back.
            _shift = _shiftBefore = Math.Max(position + _lead, _last) - media;
            (_ticks, Anchored) = (mediaTicks, true);
            _timeline.ChooseMaster();
            return;
        }

        if (mediaTicks <= _ticks) return;
        _shiftBefore = _shift;
        Slew(media - MediaTime.ToTimeTicks(_ticks, _clockRate));
        _ticks = mediaTicks;
    }

    /// <summary>Takes a sender report of this track whose RTP time is on the same ticks as the packets.</summary>
    public void OnSenderReport(NtpTime ntp, long mediaTicks, Instant arrivedAt)
    {
        var media = MediaTime.ToTimeTicks(mediaTicks, _clockRate);
        // Some senders have no clock and write 0 (RFC 3550 allows it). And a report speaks of about now: one whose RTP time
        // lies far from where packets of this moment lie was stamped wrongly.
        var strange = Anchored && _transit.HasValue
            && Math.Abs(_timeline.PositionOf(arrivedAt).Ticks - media - _transit.Value) > _timeline.Options.MaxOffset.Ticks;
        if (ntp.Value >> 32 == 0 || !Anchored || strange)
        {
            IgnoredReports++;
            return;
        }

        _report.Add(_timeline.RelativeNtp(ntp) - media);
        if (ByReports(out var offset)) _knownOffset = offset;
    }

    /// <summary>The source changed: ticks go on, but reports of the old source no longer hold.</summary>
    public void OnNewSource() => _report.Clear();

    /// <summary>A new offer/answer: the next packet sets the track on the line anew, by arrival, never before its last time.</summary>
    public void Restart(int clockRate)
    {
        if (Anchored) _lead = _shift - _transit.Value;
        (_clockRate, Anchored, _slewing) = (clockRate, false, false);
        _transit.Clear();
        _report.Clear();
        _timeline.ChooseMaster();
    }

    /// <summary>The stream time of media ticks; never earlier than the last answer.</summary>
    public TimeSpan ToStreamTime(long mediaTicks)
    {
        if (!Anchored) return new TimeSpan(_last);
        var shift = mediaTicks < _ticks ? _shiftBefore : _shift;
        _last = Math.Max(_last, MediaTime.ToTimeTicks(mediaTicks, _clockRate) + shift);
        return new TimeSpan(_last);
    }

    private void Slew(long mediaElapsed)
    {
        if (Target() is not { } target)
        {
            _slewing = false;
            return;
        }

        var error = target - _shift;
        var deadband = ByReports(out _) ? _timeline.Options.ReportDeadband : _timeline.Options.ArrivalDeadband;
        _slewing = error != 0 && (_slewing || Math.Abs(error) > deadband.Ticks);
        if (!_slewing) return;
        var limit = mediaElapsed * _timeline.Options.SlewPerSecond.Ticks / TimeSpan.TicksPerSecond;
        _shift += Math.Clamp(error, -limit, limit);
    }

    // Where the shift should be; null where this track leads or has nothing to follow.
    private long? Target()
    {
        if (!Anchored || _timeline.Master is not { } master || master == this) return null;
        if (ByReports(out _)) return master._shift + _report.Offset - master._report.Offset;
        // By arrival, less the difference of the two ways that reports had shown: a new source does not undo the alignment
        // while its first report is awaited.
        if (!_transit.HasValue || !master._transit.HasValue) return null;
        return master._shift + _transit.Value - master._transit.Value - _knownOffset;
    }

    private bool ByReports(out long offset)
    {
        offset = 0;
        if (!Anchored || _timeline.Master is not { } master || master == this) return false;
        if (!_report.HasValue || !master._report.HasValue) return false;
        offset = _transit.Value - master._transit.Value - (_report.Offset - master._report.Offset);
        return Math.Abs(offset) <= _timeline.Options.MaxOffset.Ticks;
    }
}
