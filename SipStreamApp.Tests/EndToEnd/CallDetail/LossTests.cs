using Xunit;

namespace SipStreamApp.Tests.EndToEnd.CallDetail;

/// <summary>The short form of <see cref="LongCallTests"/>.</summary>
public class LossTests
{
    [Fact]
    public Task LossOnTheWire_FourSecondsOfEach_IsInTheSecondsItHappened_AfterARestartToo() => LossPhases.RunAsync(TimeSpan.FromSeconds(4));
}
