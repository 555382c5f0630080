namespace SipStreamApp.Benchmarks.Load;

/// <summary>How fast something grows: the straight line that fits best, so that one high sample at the end decides nothing.</summary>
internal static class Trend
{
    /// <summary>Growth of that line from the first to the last sample, as a share of its start.</summary>
    public static double Growth(IReadOnlyList<double> samples)
    {
        if (samples.Count < 2) throw new ArgumentException("At least two samples are needed.", nameof(samples));
        var middle = (samples.Count - 1) / 2.0;
        var mean = samples.Average();
        var slope = samples.Select((value, i) => (i - middle) * (value - mean)).Sum() / Enumerable.Range(0, samples.Count).Sum(i => (i - middle) * (i - middle));
        return slope * (samples.Count - 1) / (mean - slope * middle);
    }
}
