using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

public class AllocationTests
{
    // Two ports bounce a window of datagrams between them, on the loop's thread alone.
    private sealed class Bouncer(int total) : IDatagramHandler
    {
        public int Count;
        public int BatchEnds;
        public long First, Last;

        public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now)
        {
            Last = GC.GetAllocatedBytesForCurrentThread();
            if (++Count == 1) First = Last;
            if (Count > total) return;
            datagram.CopyTo(port.BeginSend(from));
            port.EndSend(datagram.Length);
        }

        public void OnBatchEnd(Instant now) => BatchEnds++;
    }

    [Fact]
    public async Task Loopback_20000Datagrams_AllocateNothing()
    {
        const int window = 32, warmUp = 2_000, total = 20_000;
        await using var loop = NetKit.Loop();
        await Bounce(loop, warmUp, window);
        Assert.Equal(0, await Bounce(loop, total, window));
    }

    [Fact]
    public async Task TimersSignalsAndTypedPosts_AllocateNothing()
    {
        await using var loop = NetKit.Loop();
        var fired = 0;
        var timers = Enumerable.Range(0, 1000).Select(_ => loop.CreateTimer(_ => fired++)).ToArray();
        var signal = loop.CreateSignal(() => fired++);
        var work = new Action<LoopTimer[]>(_ => fired++);
        long Round() => Measure(() =>
        {
            foreach (var t in timers) t.Set(loop.Now + TimeSpan.FromMilliseconds(1));
            for (var i = 0; i < 100; i++)
            {
                signal.Set();
                loop.Post(work, timers);
            }
        });
        for (var i = 0; i < 5; i++)
        {
            await loop.InvokeAsync(Round);
            await Task.Delay(10);
        }

        Assert.Equal(0, await loop.InvokeAsync(Round));
        await NetKit.Until(() => Volatile.Read(ref fired) >= 6 * 1100, "everything fires");
    }

    private static long Measure(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task<long> Bounce(NetLoop loop, int total, int window)
    {
        var (left, right) = (new Bouncer(total / 2), new Bouncer(total / 2));
        using var a = loop.Bind(left);
        using var b = loop.Bind(right);
        await loop.RunAsync(() =>
        {
            for (var i = 0; i < window; i++) a.Send(new byte[1200], b.Address());
        });
        await NetKit.Until(() => Volatile.Read(ref left.Count) + Volatile.Read(ref right.Count) >= total, "all bounces");
        await loop.RunAsync(() => { });
        Assert.True(left.BatchEnds > 0);
        // Measured from datagram to datagram: everything the loop does in between counts, what the test itself posts does not.
        return Math.Max(left.Last - left.First, right.Last - right.First);
    }
}
