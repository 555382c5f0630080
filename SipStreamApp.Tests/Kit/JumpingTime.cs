namespace SipStreamApp.Tests.Kit;

/// <summary>The wall clock jumps when told; timers and time stamps go on, as on a machine whose clock is set.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _offset;

    public TimeSpan Offset { get => TimeSpan.FromTicks(Volatile.Read(ref _offset)); set => Volatile.Write(ref _offset, value.Ticks); }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
}
