using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>Takes ten minutes, so ./test.sh leaves it to tools/long.sh.</summary>
public class LongCallTests
{
    [Fact]
    public Task LossOnTheWire_TenMinutes_IsInTheSecondsItHappened_AfterARestartToo() => LossPhases.RunAsync(TimeSpan.FromSeconds(200));
}
