using SipStreamApp.Tests.Kit;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// Most tests of whole calls wait for the clock, not for the processor: four at a time took 9 minutes and half of two cores. What
// measures time or memory is in collections that run alone.
[assembly: Parallelization(MaxThreads = 5)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace SipStreamApp.Tests.Kit;

/// <summary>The collections that share a lab are the longest; begun last they would run on when all others have ended.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["phones", "pages"];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderByDescending(c => Long.Contains(c.TestCollectionDisplayName))];
}

/// <summary>What is measured here is of the whole process or of the clock: neighbours would be measured with it.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
