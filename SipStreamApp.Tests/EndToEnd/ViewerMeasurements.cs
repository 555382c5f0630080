using Xunit;

namespace SipStreamApp.Tests.EndToEnd;

/// <summary>Tests that hold a figure: they run alone, after all others, so that they measure the program and not its neighbours.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ViewerMeasurements
{
    public const string Name = "viewer measurements";

    /// <summary>Shown with -showLiveOutput, and where the test fails.</summary>
    internal static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    internal static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    internal static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        Assert.NotEmpty(sorted);
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }
}
