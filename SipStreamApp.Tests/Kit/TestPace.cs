using Xunit.v3;

// Most tests of whole calls wait for the clock, not for the processor: three at a time keep two cores busy. What measures time or memory is in collections
// that run alone.
[assembly: Parallelization(MaxThreads = 3)]
