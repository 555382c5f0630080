using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

/// <summary>Packets per CPU-second of the sending thread: 1200 bytes to 50 ports on loopback. Prints the figure that docs/net.md quotes.</summary>
public class FanOutMeasurement
{
    private const int Peers = 50;
    private const int Bytes = 1200;

    private sealed class Sink : IDatagramHandler
    {
        public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now) { }
    }

    [Theory]
    [InlineData("select, one call per datagram", NetBackend.Managed, false, 1)]
    [InlineData("sendmmsg", NetBackend.Auto, false, 1)]
    [InlineData("sendmmsg + UDP GSO, 8 per peer", NetBackend.Auto, true, 8)]
    internal async Task Send_1200BytesTo50Peers_CostsAndAllocates(string what, NetBackend backend, bool offload, int run)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "thread CPU time is read from /proc");
        var seconds = double.Parse(Environment.GetEnvironmentVariable("NET_MEASURE_SECONDS") ?? "0.1", CultureInfo.InvariantCulture);
        await using var drain = NetKit.Loop(name: "drain");
        var sinks = Enumerable.Range(0, Peers).Select(_ => drain.Bind(new Sink()).Address()).ToArray();
        await using var loop = new NetLoop("fan-out", new EngineClock(TimeProvider.System),
            new() { Backend = backend, SegmentationOffload = offload }, NullLogger.Instance);
        loop.Start();
        using var port = loop.Bind(new Sink(), UdpPortOptions.Mux);
        var packet = new byte[Bytes];
        await loop.InvokeAsync(() => Rounds(port, sinks, packet, run, 0.3));
        var (rate, allocated) = await loop.InvokeAsync(() => Rounds(port, sinks, packet, run, seconds));
        var counts = port.Snapshot();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{what}: {rate / 1000:F0} k packets per CPU-second, {allocated} B allocated, {counts.SendDropped} dropped of {counts.DatagramsOut}, " +
            $"{counts.DatagramsOut / (double)counts.SendCalls:F1} per call");
        // Per packet nothing: a few bytes now and then are the runtime's own.
        Assert.InRange(allocated, 0, 512);
        Assert.True(rate > 10_000, "a broken send path, not a slow machine");
    }

    // Runs on the loop's thread; a full batch flushes itself, so the turn need not end.
    private static (double Rate, long Allocated) Rounds(UdpPort port, PeerAddress[] peers, byte[] packet, int run, double seconds)
    {
        var before = CpuNanoseconds();
        var (until, packets) = (port.Loop.ReadClock() + TimeSpan.FromSeconds(seconds), 0L);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        while (port.Loop.ReadClock() < until)
        {
            foreach (ref readonly var peer in peers.AsSpan())
            {
                for (var i = 0; i < run; i++)
                {
                    packet.CopyTo(port.BeginSend(peer));
                    port.EndSend(packet.Length);
                }
            }

            packets += peers.Length * run;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return (packets / ((CpuNanoseconds() - before) / 1e9), allocated);
    }

    private static long CpuNanoseconds() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);
}
