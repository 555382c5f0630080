using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Quality;

/// <summary>The counters of one medium at one moment; all but the last four only grow.</summary>
internal readonly record struct QualityReading
{
    public long Packets { get; init; }

    public long Bytes { get; init; }

    /// <summary>Missing so far; goes back when a packet turns up after all.</summary>
    public long Lost { get; init; }

    /// <summary>Runs of missing packets.</summary>
    public long LossRuns { get; init; }

    public long Late { get; init; }

    public long Reordered { get; init; }

    public long Frames { get; init; }

    public long Keyframes { get; init; }

    public double JitterMs { get; init; }

    /// <summary>Level of the sound since the last reading, dB; null where not measured.</summary>
    public int? LevelDb { get; init; }

    /// <summary>Codec of the sound; null for picture.</summary>
    public Codec? SoundCodec { get; init; }

    /// <summary>From mouth to ear, as far as it is known.</summary>
    public TimeSpan Delay { get; init; }
}

/// <summary>
/// Makes one-second buckets of one medium out of counters that are read about twice a second. Pure. What came between two readings
/// belongs to the second in which the middle between them lies.
/// </summary>
internal sealed class QualityMeter
{
    private readonly Instant _start;
    private QualityReading _last;
    private QualityReading _opened;
    private Instant _lastAt = Instant.Never;
    private long _lostTold;
    private long _lostAtOpen;
    private int _second = -1;
    private double _power;
    private int _levels;

    /// <param name="start">When the call was asked for.</param>
    public QualityMeter(Instant start) => _start = start;

    /// <summary>Takes a reading; true where it closed a second.</summary>
    public bool Read(in QualityReading now, Instant at, out QualityBucket closed)
    {
        closed = default;
        var middle = _lastAt == Instant.Never ? at : _lastAt + (at - _lastAt) / 2;
        var second = (int)((middle - _start).Ticks / TimeSpan.TicksPerSecond);
        var done = false;
        if (_second >= 0 && second > _second)
        {
            closed = Close();
            done = true;
        }

        if (_second < 0 || done) Open(second);
        if (now.LevelDb is { } db) (_power, _levels) = (_power + Math.Pow(10, db / 10.0), _levels + 1);
        (_last, _lastAt) = (now, at);
        return done;
    }

    /// <summary>Closes the second that is open, at the end of the call.</summary>
    public bool End(out QualityBucket closed)
    {
        closed = default;
        if (_second < 0) return false;
        closed = Close();
        _second = -1;
        return true;
    }

    private void Open(int second)
    {
        _second = second;
        (_opened, _lostAtOpen) = (_last, _lostTold);
        (_power, _levels) = (0, 0);
    }

    private QualityBucket Close()
    {
        // A packet that was only late must not be told as lost and then swallow the next real loss; the sum is right.
        _lostTold = Math.Max(_lostTold, _last.Lost);
        var lost = _lostTold - _lostAtOpen;
        var bucket = new QualityBucket(_second)
        {
            Packets = (int)(_last.Packets - _opened.Packets), Bytes = (int)(_last.Bytes - _opened.Bytes), Lost = (int)lost,
            Late = (int)(_last.Late - _opened.Late), Reordered = (int)(_last.Reordered - _opened.Reordered),
            JitterMs = Math.Round(_last.JitterMs, 1), Frames = (int)(_last.Frames - _opened.Frames), Keyframes = (int)(_last.Keyframes - _opened.Keyframes),
            LevelDb = _levels > 0 ? Math.Clamp((int)Math.Round(10 * Math.Log10(_power / _levels)), -127, 0) : null,
        };
        return _last.SoundCodec is { } codec && bucket.Packets + bucket.Lost > 0 ? bucket with { Mos = Score(in bucket, codec) } : bucket;
    }

    private double Score(in QualityBucket bucket, Codec codec)
    {
        var burst = EModel.BurstRatio(bucket.Lost, _last.LossRuns - _opened.LossRuns, bucket.Packets + bucket.Lost);
        return Math.Round(EModel.Mos(EModel.Rating(CodecImpairment.Of(codec), bucket.LossPercent, burst, _last.Delay)), 2);
    }
}
