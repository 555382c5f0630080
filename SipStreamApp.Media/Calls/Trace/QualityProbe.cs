using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Quality;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.Calls.Trace;

/// <summary>
/// Reads the counters of a call's media on the half-second tick that makes its figures: one-second buckets, the verdict and notable moments
/// come out. Nothing is done for single packets. Lives on the rtp loop.
/// </summary>
internal sealed class QualityProbe(CallTrace trace)
{
    // From microphone to packet, and a player's own buffer are not seen from here; one packet of sound is.
    private static readonly TimeSpan PacketTime = TimeSpan.FromMilliseconds(20);
    private const int WindowSeconds = 10;
    private const double NotableLossPercent = 5;

    private readonly Medium _audio = new(trace.Start, MediaKind.Audio);
    private readonly Medium _video = new(trace.Start, MediaKind.Video);
    private Instant _keyframeMissing = Instant.Never;
    private int _streamSecond = -1;

    /// <summary>Takes a reading of all tracks.</summary>
    public void Sample(IReadOnlyList<InboundTrack> tracks, LiveStream stream, long keyframesAsked, Instant now)
    {
        foreach (var track in tracks) Sample(track, track.Leg.Kind == MediaKind.Audio ? _audio : _video, now);
        var video = tracks.FirstOrDefault(t => t.Leg.Kind == MediaKind.Video);
        if (_video.AskedBefore < keyframesAsked)
        {
            trace.Mark(MarkKind.Log, MarkLevel.Info, "", $"Asked the other side for a keyframe ({keyframesAsked} so far)");
            _video.AskedBefore = keyframesAsked;
        }

        var second = (int)((now - trace.Start).Ticks / TimeSpan.TicksPerSecond);
        if (second > _streamSecond)
        {
            _streamSecond = second;
            trace.Line(QualityMedium.Stream).Add(new QualityBucket(second) { Viewers = Watching(stream), AvOffsetMs = stream.AvOffset is { } offset ? (int)offset.TotalMilliseconds : null });
        }

        trace.SetHealth(HealthRule.Of(Facts(tracks, video, now)));
    }

    /// <summary>Closes what is open.</summary>
    public void End()
    {
        foreach (var (medium, line) in ((Medium, QualityMedium)[])[(_audio, QualityMedium.Audio), (_video, QualityMedium.Video)])
            if (medium.Meter.End(out var bucket)) trace.Line(line).Add(bucket);
    }

    private void Sample(InboundTrack track, Medium medium, Instant now)
    {
        var seen = track.Leg.Receiver.Statistics;
        var reading = new QualityReading
        {
            Packets = seen.Received, Bytes = seen.Bytes, Lost = seen.Lost, LossRuns = track.Leg.Receiver.LossRuns, Late = seen.Late, Reordered = seen.Reordered,
            Frames = track.Frames, Keyframes = track.Leg.Kind == MediaKind.Video ? track.Keyframes : 0, JitterMs = seen.JitterMilliseconds, LevelDb = track.Level.Take(),
            SoundCodec = track.Leg.Kind == MediaKind.Audio ? track.Format?.Codec : null,
            Delay = track.Leg.Receiver.JitterTarget + (track.Leg.Sender.RoundTrip ?? TimeSpan.Zero) / 2 + PacketTime,
        };
        Notice(track, medium, seen.SourceChanges);
        if (!medium.Meter.Read(in reading, now, out var bucket)) return;
        trace.Line(medium.Kind == MediaKind.Audio ? QualityMedium.Audio : QualityMedium.Video).Add(bucket);
        medium.Remember(in bucket);
        var heavy = bucket.LossPercent >= NotableLossPercent;
        if (heavy && !medium.WasHeavy)
            trace.Mark(MarkKind.Log, MarkLevel.Warning, "", FormattableString.Invariant($"{medium.Name}: {bucket.Lost + bucket.Late} of {bucket.Packets + bucket.Lost} packets lost or late ({bucket.LossPercent:0.0} %)"));
        medium.WasHeavy = heavy;
    }

    private void Notice(InboundTrack track, Medium medium, int sourceChanges)
    {
        if (!medium.Heard && track.Leg.Receiver.HasSource)
        {
            medium.Heard = true;
            trace.Mark(MarkKind.Log, MarkLevel.Info, "", $"{medium.Name}: first packet");
        }

        if (!medium.KeySeen && track is { Leg.Kind: MediaKind.Video, Keyframes: > 0 })
        {
            medium.KeySeen = true;
            trace.Mark(MarkKind.Log, MarkLevel.Info, "", track.Format is { Width: > 0 } f ? $"First keyframe, {f.EncodingName} {f.Width}×{f.Height}" : "First keyframe");
        }

        if (sourceChanges > medium.SourceChanges) trace.Mark(MarkKind.Log, MarkLevel.Info, "", $"{medium.Name}: comes from a new source");
        medium.SourceChanges = sourceChanges;
        var from = track.Leg.RemoteAddress;
        if (medium.Heard && !medium.From.IsEmpty && from != medium.From) trace.Mark(MarkKind.Log, MarkLevel.Info, "", $"{medium.Name}: now exchanged with {from}");
        medium.From = from;
    }

    private HealthFacts Facts(IReadOnlyList<InboundTrack> tracks, InboundTrack? video, Instant now)
    {
        var call = trace.Call;
        if (video is not { KeyframeWanted: true } || !video.Leg.Receiver.HasSource) _keyframeMissing = Instant.Never;
        else if (_keyframeMissing == Instant.Never) _keyframeMissing = now;
        return new HealthFacts
        {
            Now = now - trace.Start, AnsweredAt = call?.AnsweredAt - call?.CreatedAt, IsHeld = call?.Status == CallStatus.Hold, PictureWanted = video is not null,
            LastSound = Last(tracks.FirstOrDefault(t => t.Leg.Kind == MediaKind.Audio)), LastPicture = Last(video),
            KeyframeMissingSince = _keyframeMissing == Instant.Never ? null : _keyframeMissing - trace.Start,
            LossPercent = Math.Max(_audio.RecentLoss, _video.RecentLoss),
        };

        TimeSpan? Last(InboundTrack? track) => track is null || track.Leg.Receiver.LastPacketAt == Instant.Never ? null : track.Leg.Receiver.LastPacketAt - trace.Start;
    }

    private static int Watching(LiveStream stream) => stream.Snapshot().Watching;

    private sealed class Medium(Instant start, MediaKind kind)
    {
        private readonly (long Expected, long Lost)[] _recent = new (long, long)[WindowSeconds];
        private int _next;

        public MediaKind Kind { get; } = kind;

        public string Name => Kind == MediaKind.Audio ? "Sound" : "Picture";

        public QualityMeter Meter { get; } = new(start);

        public bool Heard { get; set; }

        public bool KeySeen { get; set; }

        public bool WasHeavy { get; set; }

        public int SourceChanges { get; set; }

        public long AskedBefore { get; set; }

        public PeerAddress From { get; set; }

        /// <summary>Lost and late of the last ten seconds, percent.</summary>
        public double RecentLoss => _recent.Sum(r => r.Expected) is > 0 and var expected ? 100.0 * _recent.Sum(r => r.Lost) / expected : 0;

        public void Remember(in QualityBucket bucket) => _recent[_next++ % WindowSeconds] = (bucket.Packets + bucket.Lost, bucket.Lost + bucket.Late);
    }
}
