namespace SipStreamApp.Media.Net;

/// <summary>What one UDP port has done since it was bound.</summary>
internal sealed record UdpCounters(
    long DatagramsIn, long BytesIn, long ReceiveCalls, long Truncated,
    long DatagramsOut, long BytesOut, long SendCalls, long SendDropped, long Segmented, long Unreachable);

/// <summary>What one loop has done since it started; the UDP part covers closed ports too.</summary>
internal sealed record NetLoopCounters(
    long Wakeups, long WorkRun, long SignalsRun, long TimersFired, long HandlerFaults, long WakeCalls, int OpenPorts, UdpCounters Udp);

/// <summary>Counts of a port or a loop; written on the loop's thread only, read from anywhere.</summary>
internal sealed class UdpTally
{
    public long DatagramsIn, BytesIn, ReceiveCalls, Truncated;
    public long DatagramsOut, BytesOut, SendCalls, SendDropped, Segmented, Unreachable;

    public UdpCounters Snapshot() => new(
        Volatile.Read(ref DatagramsIn), Volatile.Read(ref BytesIn), Volatile.Read(ref ReceiveCalls), Volatile.Read(ref Truncated),
        Volatile.Read(ref DatagramsOut), Volatile.Read(ref BytesOut), Volatile.Read(ref SendCalls), Volatile.Read(ref SendDropped),
        Volatile.Read(ref Segmented), Volatile.Read(ref Unreachable));
}
