using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>Everything a <see cref="FragmentWriter"/> keeps for one track.</summary>
internal sealed class TrackLane
{
    private TrackFormat _known;
    private TimeSpan _shift;

    public TrackLane(Mp4Track track, FragmentOptions options)
    {
        Track = track;
        _known = track.Format;
        Timeline = track.IsVideo ? new VideoTimeline(track.Timescale, options.VideoHole) : new AudioTimeline(track.Timescale, options.AudioHole);
        NeedsKeyframe = track.IsVideo;
    }

    public Mp4Track Track { get; private set; }

    public TrackTimeline Timeline { get; private set; }

    public TrackQueue Queue { get; } = new();

    /// <summary>No picture yet that decoding could start with.</summary>
    public bool NeedsKeyframe { get; set; }

    /// <summary>Stream time of the first sample; null before it.</summary>
    public TimeSpan? First { get; set; }

    /// <summary>Stream time of the newest sample.</summary>
    public TimeSpan Newest { get; set; }

    /// <summary>What to add to the times in the queue to get decode times; known when the origin is.</summary>
    public long Offset { get; private set; }

    /// <summary>Time in the queue's ticks of the sample that starts the fragment in the making.</summary>
    public long FragmentStart { get; set; }

    /// <summary>Samples that go into the fragment being written.</summary>
    public int Taking { get; set; }

    /// <summary>Decode time of a sample of the queue.</summary>
    public long DecodeTime(int index) => Math.Max(0, Queue[index].Time + Offset);

    /// <summary>Duration of the samples being taken.</summary>
    public long TakenTicks => Queue[Taking - 1].Time + Queue[Taking - 1].Duration - Queue[0].Time;

    /// <summary>True where a frame of this format can go into the track as it is.</summary>
    public bool Accepts(TrackFormat format)
    {
        if (ReferenceEquals(format, _known)) return true;
        if (!Mp4Track.SameEntry(Track.Format, format)) return false;
        _known = format;
        return true;
    }

    /// <summary>Goes on with another format.</summary>
    public void Change(TrackFormat format, FragmentOptions options)
    {
        var before = Track.Timescale;
        Track = Track with { Format = format };
        _known = format;
        NeedsKeyframe = Track.IsVideo;
        if (Track.Timescale == before) return;
        var timeline = new AudioTimeline(Track.Timescale, options.AudioHole);
        timeline.Continue(Timeline);
        Timeline = timeline;
        MoveOrigin(_shift);
    }

    /// <summary>Says how far the times in the queue lie behind the origin.</summary>
    public void MoveOrigin(TimeSpan shift)
    {
        _shift = shift;
        Offset = TrackTimeline.ToTicks(shift, Timeline.Timescale);
    }
}
