// ISO/IEC 14496-12 section 8.8: movie fragments. One fragment: [styp] [prft] moof mdat.
using System.Buffers;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Mp4;

/// <summary>
/// Makes fragments of frames. Push each frame in order of its track, then take fragments until there are none. Bytes are copied on
/// push, so no lease is kept. A picture waits for the next one, which tells its duration; sound does not.
/// </summary>
internal sealed class FragmentWriter
{
    // A caller that pushes and never takes must not fill the memory.
    private const int MaxQueued = 16384;

    // AAC-LC, the only kind that is made here.
    private const int AacSamples = 1024;

    private readonly FragmentOptions _options;
    private readonly CutPolicy _policy;
    private readonly TrackLane[] _lanes;
    private readonly BoxBuilder _head = new();
    private readonly bool _hasVideo;
    private (TimeSpan At, NtpTime Ntp)? _wallClock;
    private TimeSpan? _zero;
    private TimeSpan? _origin;
    private bool _cutAsked;
    private uint _sequence;

    public FragmentWriter(IReadOnlyList<Mp4Track> tracks, FragmentOptions options)
    {
        if (tracks.Count == 0) throw new ArgumentException("A presentation needs a track.", nameof(tracks));
        (_options, _policy) = (options, new CutPolicy(options));
        _lanes = [.. tracks.Select(t => new TrackLane(t, options))];
        _hasVideo = tracks.Any(t => t.IsVideo);
        (_zero, _origin) = (options.Origin, options.Origin);
    }

    /// <summary>The tracks as they are now: what the init segment in force must say.</summary>
    public IReadOnlyList<Mp4Track> Tracks => [.. _lanes.Select(l => l.Track)];

    /// <summary>The stream time that is 0 in the output; null before the first fragment.</summary>
    public TimeSpan? Origin => _origin;

    /// <summary>Pairs a stream time with the sender's wall clock: from now on each fragment says when it was made (prft).</summary>
    public void SetWallClock(TimeSpan streamTime, NtpTime ntp) => _wallClock = (streamTime, ntp);

    /// <summary>Takes a frame of the hub; the lease stays with the caller.</summary>
    /// <param name="trackId">The track it belongs to.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="afterSkip">True where the caller itself lost frames before this one.</param>
    public PushStatus Push(int trackId, MediaFrame frame, bool afterSkip = false) =>
        Push(trackId, frame.Format, frame.Data, frame.StreamTime, frame.IsKeyframe, frame.AfterGap || afterSkip);

    /// <summary>Takes one sample, in the layout of <see cref="MediaFrame.Data"/>.</summary>
    public PushStatus Push(int trackId, TrackFormat format, ReadOnlySpan<byte> data, TimeSpan streamTime, bool isKeyframe, bool afterGap)
    {
        if (Find(trackId) is not { } lane || data.IsEmpty) return PushStatus.Refused;
        var queue = lane.Queue;
        if (queue.Count >= MaxQueued || queue.DataLength > 2L * _options.MaxFragmentBytes) return PushStatus.Refused;
        var isVideo = lane.Track.IsVideo;
        if (lane.NeedsKeyframe && !isKeyframe) return PushStatus.AwaitsKeyframe;
        if (!lane.Accepts(format)) return new Mp4Track(trackId, format).IsDescribed ? PushStatus.FormatChanged : PushStatus.AwaitsKeyframe;

        _zero ??= streamTime;
        var target = TrackTimeline.ToTicks(streamTime - _zero.Value, lane.Timeline.Timescale);
        if (_origin is not null && lane.First is null && target + lane.Offset < 0)
        {
            if (!isVideo) return PushStatus.TooEarly;
            target = -lane.Offset;
        }

        var room = queue.Prepare(data.Length);
        var size = data.Length;
        if (lane.Track.Format.Codec == Codec.H264) size = AvcSample.Copy(data, lane.Track.Format, room);
        else data.CopyTo(room);
        if (size == 0) return PushStatus.Refused;

        lane.First ??= streamTime;
        lane.Newest = TimeSpan.FromTicks(Math.Max(lane.Newest.Ticks, streamTime.Ticks));
        lane.NeedsKeyframe = false;
        var isOpen = queue.Count > queue.Complete;
        var placement = lane.Timeline.Place(target, Nominal(lane, data), afterGap);
        if (isOpen) queue[queue.Count - 1].Duration = ((VideoTimeline)lane.Timeline).PreviousDuration;
        isKeyframe |= !isVideo;
        queue.Add(placement, size, isKeyframe, _policy.Before(lane, _policy.Lead(_lanes), placement, size, isKeyframe));
        return PushStatus.Taken;
    }

    /// <summary>Asks for a cut now: what is complete goes out, the newest picture stays.</summary>
    public void Cut() => _cutAsked = true;

    /// <summary>Lets everything out: the newest pictures get the usual duration. The writer can go on afterwards.</summary>
    public void Finish()
    {
        foreach (var lane in _lanes)
            if (lane.Queue.Count > lane.Queue.Complete) lane.Queue[lane.Queue.Count - 1].Duration = ((VideoTimeline)lane.Timeline).Close();

        _cutAsked = true;
    }

    /// <summary>
    /// Goes on with another format, after <see cref="Finish"/> and the last <see cref="TryTake"/>. A new init segment of
    /// <see cref="Tracks"/> must stand before what follows. False where samples of the old format still wait, or the kind differs.
    /// </summary>
    public bool ChangeFormat(int trackId, TrackFormat format)
    {
        if (Find(trackId) is not { } lane || lane.Queue.Count > 0 || lane.Track.Format.Kind != format.Kind) return false;
        lane.Change(format, _options);
        return true;
    }

    /// <summary>Writes the next fragment that is due; false where there is none. Call until it is false.</summary>
    public bool TryTake(IBufferWriter<byte> output, out FragmentInfo info)
    {
        info = default;
        var isMarked = TakeUpToFirstCut();
        if (!isMarked && !_cutAsked && !_options.IsEachSample) return false;
        if (!isMarked)
        {
            foreach (var lane in _lanes) lane.Taking = lane.Queue.Complete;
            _cutAsked = false;
        }

        if (Lead() is not { } lead) return false;
        if (_origin is null) FixOrigin();
        info = Write(output, lead);
        foreach (var lane in _lanes)
        {
            lane.Queue.Remove(lane.Taking);
            if (lane.Queue is { Count: > 0, FirstCut: < 0 }) lane.FragmentStart = lane.Queue[0].Time;
        }

        return true;
    }

    // The track whose cut comes first in time gives everything before it, the others what lies before that time.
    private bool TakeUpToFirstCut()
    {
        TrackLane? first = null;
        var boundary = TimeSpan.MaxValue;
        foreach (var lane in _lanes)
        {
            if (lane.Queue.FirstCut < 0 || Time(lane, lane.Queue.FirstCut) is var time && time >= boundary) continue;
            (first, boundary) = (lane, Time(lane, lane.Queue.FirstCut));
        }

        if (first is null) return false;
        foreach (var lane in _lanes)
        {
            var most = lane.Queue.FirstCut < 0 ? lane.Queue.Complete : lane.Queue.FirstCut;
            if (lane == first) lane.Taking = most;
            else for (lane.Taking = 0; lane.Taking < most && Time(lane, lane.Taking) < boundary;) lane.Taking++;
        }

        return true;
    }

    private TrackLane? Lead()
    {
        TrackLane? lead = null;
        foreach (var lane in _lanes)
            if (lane.Taking > 0 && (lead is null || (lane.Track.IsVideo && !lead.Track.IsVideo))) lead = lane;

        return lead;
    }

    private FragmentInfo Write(IBufferWriter<byte> output, TrackLane lead)
    {
        var startsSegment = _sequence == 0;
        var (traf, seen) = (0, 0);
        foreach (var lane in _lanes)
        {
            if (lane.Taking == 0) continue;
            seen++;
            if (lane == lead) traf = seen;
            startsSegment |= lane.Queue[0].Cut == CutBefore.Segment;
        }

        var (scale, start) = (lead.Timeline.Timescale, lead.DecodeTime(0));
        var at = TrackTimeline.ToTime(start, scale);
        _head.Clear();
        if (_options.Styp && startsSegment) MoofWriter.WriteStyp(_head);
        if (_wallClock is { } clock) MoofWriter.WritePrft(_head, lead.Track.Id, clock.Ntp.Add(at + _origin!.Value - clock.At), start);
        var moofOffset = _head.Length;
        MoofWriter.WriteMoof(_head, ++_sequence, _lanes);
        output.Write(_head.Written);
        var length = _head.Length;
        foreach (var lane in _lanes)
        {
            if (lane.Taking == 0) continue;
            var data = lane.Queue.DataOf(lane.Taking);
            output.Write(data);
            length += data.Length;
        }

        var isIndependent = !_hasVideo || (lead.Track.IsVideo && lead.Queue[0].IsKeyframe);
        return new FragmentInfo(_sequence, at, TrackTimeline.ToTime(lead.TakenTicks, scale), startsSegment, isIndependent, moofOffset, length)
        {
            TrackId = lead.Track.Id,
            StartTicks = start,
            TrafNumber = traf,
        };
    }

    // Only now is it known which track started first.
    private void FixOrigin()
    {
        var origin = TimeSpan.MaxValue;
        foreach (var lane in _lanes)
            if (lane.First is { } first && first < origin) origin = first;

        _origin = origin;
        foreach (var lane in _lanes) lane.MoveOrigin(_zero!.Value - origin);
    }

    private TrackLane? Find(int trackId)
    {
        foreach (var lane in _lanes)
            if (lane.Track.Id == trackId) return lane;

        return null;
    }

    private static TimeSpan Time(TrackLane lane, int index) => TrackTimeline.ToTime(lane.Queue[index].Time, lane.Timeline.Timescale);

    private static int Nominal(TrackLane lane, ReadOnlySpan<byte> data)
    {
        var codec = lane.Track.Format.Codec;
        if (lane.Track.IsVideo) return 0;
        if (codec == Codec.Aac) return AacSamples;
        var ticks = AudioDuration.Ticks(codec, data) * (codec == Codec.G722 ? 2 : 1);
        // A malformed Opus packet does not tell; 20 ms is what everybody sends.
        return ticks > 0 ? ticks : lane.Timeline.Timescale / 50;
    }
}
