namespace SipStreamApp.Tests.Media.Outputs;

/// <summary>An output that reads a stream of the hub, as <see cref="OutputCompliance"/> drives it.</summary>
internal interface IOutputUnderTest : IAsyncDisposable
{
    /// <summary>False where nobody can hold the output up (it writes to memory).</summary>
    bool CanStall { get; }

    /// <summary>Frames it lost by being too slow.</summary>
    long Dropped { get; }

    /// <summary>Holds up whoever takes the output's bytes, or lets go.</summary>
    void Stall(bool on);

    /// <summary>Waits until it has taken in what was published up to a stream time.</summary>
    Task SettleAsync(TimeSpan until);

    /// <summary>Waits for the rest after the stream has ended. One MP4 for each init segment.</summary>
    Task<IReadOnlyList<byte[]>> FinishAsync();
}
