// RFC 3550 section 6.4.1: one time line for the tracks of a call, from the NTP/RTP pairs of their sender reports.
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Settings of a time line.</summary>
internal sealed record TimelineOptions
{
    /// <summary>Correction per second of media. 40 ms: a picture is shown 4 % longer or shorter, which nobody sees.</summary>
    public TimeSpan SlewPerSecond { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Sender reports that would move a track further than this from its alignment by arrival are not believed. 10 s.</summary>
    public TimeSpan MaxOffset { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Error at which a correction by sender reports begins; it then runs to zero. 5 ms.</summary>
    public TimeSpan ReportDeadband { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The same for alignment by arrival, which is only as good as the network is even. 40 ms.</summary>
    public TimeSpan ArrivalDeadband { get; init; } = TimeSpan.FromMilliseconds(40);
}

/// <summary>
/// The common time line of one stream. Sound is the master: its time follows its own media clock exactly and is never
/// corrected. Every other track slews to it, by sender reports where both have them, else by arrival.
/// </summary>
/// <remarks>One owner, no lock. Only differences between tracks matter, so neither the sender's nor our clock has to be right.</remarks>
internal sealed class StreamTimeline(TimelineOptions? options = null)
{
    private readonly List<TrackClock> _tracks = [];
    private Instant _origin;
    private NtpTime _ntpOrigin;
    private bool _hasOrigin;
    private bool _hasNtpOrigin;

    internal TimelineOptions Options { get; } = options ?? new TimelineOptions();

    /// <summary>The track the others follow: the first sound track that has packets, else the first track that has.</summary>
    internal TrackClock? Master { get; private set; }

    /// <summary>
    /// How much later the picture arrives than the sound of the same moment: what alignment by arrival alone would be wrong by.
    /// Null until both tracks have believable sender reports.
    /// </summary>
    public TimeSpan? MeasuredOffset
    {
        get
        {
            foreach (var track in _tracks) if (track.MeasuredOffset is { } offset) return offset;
            return null;
        }
    }

    /// <summary>Adds a track; its clock stands until its first packet.</summary>
    public TrackClock AddTrack(MediaKind kind, int clockRate)
    {
        var track = new TrackClock(this, kind, clockRate);
        _tracks.Add(track);
        return track;
    }

    /// <summary>Takes a track out (an m-line was switched off for good).</summary>
    public void RemoveTrack(TrackClock track)
    {
        _tracks.Remove(track);
        if (Master == track) ChooseMaster();
    }

    /// <summary>Position of an arrival: time since the first packet of the stream.</summary>
    internal TimeSpan PositionOf(Instant arrivedAt)
    {
        if (!_hasOrigin) (_origin, _hasOrigin) = (arrivedAt, true);
        return arrivedAt - _origin;
    }

    /// <summary>Sender's time relative to the first report ever seen: small numbers, exact across the NTP era change.</summary>
    internal long RelativeNtp(NtpTime ntp)
    {
        if (!_hasNtpOrigin) (_ntpOrigin, _hasNtpOrigin) = (ntp, true);
        return ntp.Since(_ntpOrigin).Ticks;
    }

    internal void ChooseMaster()
    {
        Master = null;
        foreach (var track in _tracks)
        {
            if (!track.Anchored) continue;
            if (Master is null || (Master.Kind != MediaKind.Audio && track.Kind == MediaKind.Audio)) Master = track;
        }
    }
}
