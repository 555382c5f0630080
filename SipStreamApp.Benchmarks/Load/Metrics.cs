using System.Globalization;

namespace SipStreamApp.Benchmarks.Load;

/// <summary>An answer of /metrics (Prometheus text).</summary>
internal sealed class Metrics(string text)
{
    /// <summary>The sum of a metric over its labels, or over those series whose labels contain <paramref name="label"/>; 0 where there is none yet.</summary>
    public double Sum(string name, string label = "") => text.Split('\n')
        .Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Length > name.Length && l[name.Length] is '{' or ' ' && l.Contains(label, StringComparison.Ordinal))
        .Sum(l => double.Parse(l.AsSpan(l.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
}
