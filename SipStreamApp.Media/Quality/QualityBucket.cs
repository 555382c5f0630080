namespace SipStreamApp.Media.Quality;

/// <summary>What a line of buckets is about.</summary>
public enum QualityMedium
{
    /// <summary>Sound of the call.</summary>
    Audio,

    /// <summary>Picture of the call.</summary>
    Video,

    /// <summary>The stream as a whole: viewers, distance of sound and picture.</summary>
    Stream,
}

/// <summary>What was seen of one medium in one second (or, once thinned, in ten).</summary>
/// <param name="Second">Start: whole seconds since the call was asked for.</param>
public readonly record struct QualityBucket(int Second)
{
    /// <summary>Length, seconds: 1, or 10 after thinning.</summary>
    public int Step { get; init; } = 1;

    /// <summary>RTP packets received.</summary>
    public int Packets { get; init; }

    /// <summary>RTP payload bytes received.</summary>
    public int Bytes { get; init; }

    /// <summary>Packets that never came.</summary>
    public int Lost { get; init; }

    /// <summary>Packets that came too late for the jitter buffer.</summary>
    public int Late { get; init; }

    /// <summary>Packets that were overtaken by a later one, and still used.</summary>
    public int Reordered { get; init; }

    /// <summary>Interarrival jitter at the end of the second (RFC 3550 section 6.4.1), ms.</summary>
    public double JitterMs { get; init; }

    /// <summary>Whole frames.</summary>
    public int Frames { get; init; }

    /// <summary>Of these, keyframes of the picture.</summary>
    public int Keyframes { get; init; }

    /// <summary>MOS by the E-model, 1.0-4.5; null for picture, and where no packet was expected.</summary>
    public double? Mos { get; init; }

    /// <summary>Mean level of the sound, dB below full scale, -127 to 0; null where the codec would need a decoder.</summary>
    public int? LevelDb { get; init; }

    /// <summary>How much later the picture arrives than its sound, ms; null until measured. Line <see cref="QualityMedium.Stream"/> only.</summary>
    public int? AvOffsetMs { get; init; }

    /// <summary>Who watches by WebRTC and MSE. Line <see cref="QualityMedium.Stream"/> only.</summary>
    public int Viewers { get; init; }

    /// <summary>Payload rate, kbit/s.</summary>
    public double Kbps => Bytes * 8 / 1000.0 / Step;

    /// <summary>Lost and late packets of those expected, 0-100.</summary>
    public double LossPercent => Packets + Lost > 0 ? Math.Clamp(100.0 * (Lost + Late) / (Packets + Lost), 0, 100) : 0;

    /// <summary>Joins the buckets of one span: counts add up, levels and scores are averaged, jitter and viewers take the worst and the most.</summary>
    public static QualityBucket Join(ReadOnlySpan<QualityBucket> buckets, int second, int step)
    {
        var sum = new QualityBucket(second) { Step = step };
        double mos = 0, power = 0, offset = 0;
        int scored = 0, levels = 0, offsets = 0;
        foreach (ref readonly var b in buckets)
        {
            sum = sum with
            {
                Packets = sum.Packets + b.Packets, Bytes = sum.Bytes + b.Bytes, Lost = sum.Lost + b.Lost, Late = sum.Late + b.Late,
                Reordered = sum.Reordered + b.Reordered, JitterMs = Math.Max(sum.JitterMs, b.JitterMs), Frames = sum.Frames + b.Frames,
                Keyframes = sum.Keyframes + b.Keyframes, Viewers = Math.Max(sum.Viewers, b.Viewers),
            };
            if (b.Mos is { } m) (mos, scored) = (mos + m, scored + 1);
            if (b.LevelDb is { } db) (power, levels) = (power + Math.Pow(10, db / 10.0), levels + 1);
            if (b.AvOffsetMs is { } ms) (offset, offsets) = (offset + ms, offsets + 1);
        }

        return sum with
        {
            Mos = scored > 0 ? Math.Round(mos / scored, 2) : null,
            LevelDb = levels > 0 ? Math.Clamp((int)Math.Round(10 * Math.Log10(power / levels)), -127, 0) : null,
            AvOffsetMs = offsets > 0 ? (int)Math.Round(offset / offsets) : null,
        };
    }
}
