namespace SipStreamApp.Media.Mp4;

/// <summary>Decides where a fragment or a segment has to end. One track leads: the picture, or sound where no picture comes.</summary>
internal sealed class CutPolicy(FragmentOptions options)
{
    // Sources round their frame times; a keyframe a hair before the target is meant to be on it.
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(10);

    private TimeSpan? _segmentStart;

    /// <summary>Says what has to be cut before a sample that will be added to the lane.</summary>
    public CutBefore Before(TrackLane lane, TrackLane lead, Placement placement, int size, bool isKeyframe)
    {
        var isLead = ReferenceEquals(lane, lead);
        var cut = isLead ? ByLead(lane, placement, isKeyframe) : CutBefore.No;
        if (cut == CutBefore.No && MustCut(lane, placement, size, isLead)) cut = CutBefore.Fragment;
        if (cut != CutBefore.No || lane.Queue.Count == 0) lane.FragmentStart = placement.Time;
        return cut;
    }

    /// <summary>The lane that decides.</summary>
    public TrackLane Lead(TrackLane[] lanes)
    {
        TrackLane? video = null, audio = null;
        foreach (var lane in lanes)
        {
            if (lane.Track.IsVideo) video ??= lane;
            else if (audio is null || lane.Newest > audio.Newest) audio = lane;
        }

        if (video is null || audio is null) return video ?? audio ?? lanes[0];
        var behind = audio.First is { } first ? audio.Newest - (video.First is null ? first : video.Newest) : TimeSpan.Zero;
        return behind > options.LeadStall ? audio : video;
    }

    private CutBefore ByLead(TrackLane lane, Placement placement, bool isKeyframe)
    {
        var at = TrackTimeline.ToTime(placement.Time, lane.Timeline.Timescale);
        if (isKeyframe && (_segmentStart is not { } start || at - start >= options.SegmentDuration - Slack))
        {
            _segmentStart = at;
            return CutBefore.Segment;
        }

        if (options.PartDuration is not { } part || lane.Queue.Count == 0) return CutBefore.No;
        // A part must not become longer than it may, so the sample that would make it so starts the next one.
        var ticks = placement.Time - lane.FragmentStart + (lane.Timeline is VideoTimeline video ? video.Usual : placement.Duration);
        return TrackTimeline.ToTime(ticks, lane.Timeline.Timescale) - part > TimeSpan.FromMilliseconds(1) ? CutBefore.Fragment : CutBefore.No;
    }

    private bool MustCut(TrackLane lane, Placement placement, int size, bool isLead) =>
        options.IsEachSample
        || placement.AfterHole
        || lane.Queue.DataLength > options.MaxFragmentBytes - size
        || TrackTimeline.ToTime(placement.Time - lane.FragmentStart, lane.Timeline.Timescale) >= options.MaxFragmentDuration * (isLead ? 1 : 2);
}
