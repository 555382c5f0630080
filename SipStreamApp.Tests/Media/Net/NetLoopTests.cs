using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

public class NetLoopTests
{
    [Theory, MemberData(nameof(NetKit.Backends), MemberType = typeof(NetKit))]
    internal async Task Post_FromOneThread_RunsInOrderOnTheLoop(NetBackend backend)
    {
        await using var loop = NetKit.Loop(backend);
        var seen = new List<int>();
        var wrongThread = 0;
        for (var i = 0; i < 10_000; i++)
        {
            loop.Post(n =>
            {
                seen.Add(n);
                if (!loop.IsLoopThread) wrongThread++;
            }, i);
        }

        Assert.Equal(10_000, await loop.InvokeAsync(() => seen.Count));
        Assert.Equal(Enumerable.Range(0, 10_000), seen);
        Assert.Equal(0, wrongThread);
        Assert.False(loop.IsLoopThread);
    }

    [Theory, MemberData(nameof(NetKit.Backends), MemberType = typeof(NetKit))]
    internal async Task Signal_FromManyThreads_IsCoalescedAndNeverLost(NetBackend backend)
    {
        const int threads = 8, rings = 20_000;
        await using var loop = NetKit.Loop(backend);
        long produced = 0, consumed = 0, answers = 0;
        var signal = loop.CreateSignal(() =>
        {
            consumed = Volatile.Read(ref produced);
            answers++;
        });
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < rings; i++)
            {
                Interlocked.Increment(ref produced);
                signal.Set();
                if (i % 1000 == 0) Thread.Sleep(1);
            }
        })));
        await NetKit.Until(() => Volatile.Read(ref consumed) == threads * rings, "the last ring is answered");
        Assert.InRange(Volatile.Read(ref answers), 1, threads * rings);
        Assert.True(loop.Snapshot().WakeCalls <= loop.Snapshot().Wakeups + 1, "at most one system call per sleep");
    }

    [Fact]
    public async Task Signal_ManyAtOnce_AnswersEachInOrder()
    {
        await using var loop = NetKit.Loop();
        var order = new List<int>();
        var signals = Enumerable.Range(0, 50).Select(i => loop.CreateSignal(() => order.Add(i))).ToArray();
        await loop.RunAsync(() =>
        {
            foreach (var s in signals) s.Set();
            foreach (var s in signals) s.Set();
            signals[7].Close();
        });
        await loop.RunAsync(() => { });
        await NetKit.Until(() => order.Count == 49, "all but the closed one");
        Assert.Equal(Enumerable.Range(0, 50).Where(i => i != 7), order);
    }

    [Fact]
    public async Task Faults_InWorkSignalAndTimer_LeaveTheLoopRunning()
    {
        await using var loop = NetKit.Loop();
        loop.Post(() => throw new InvalidOperationException("work"));
        loop.CreateSignal(() => throw new InvalidOperationException("signal")).Set();
        await loop.RunAsync(() => loop.CreateTimer(_ => throw new InvalidOperationException("timer")).Set(loop.Now));
        await NetKit.Until(() => loop.Snapshot().HandlerFaults == 3, "three faults are counted");
        await Assert.ThrowsAsync<FormatException>(() => loop.InvokeAsync<int>(() => throw new FormatException()));
        Assert.Equal(3, loop.Snapshot().HandlerFaults);
        Assert.Equal(5, await loop.InvokeAsync(() => 5));
    }

    [Fact]
    public async Task Now_InOneTurn_StandsStill()
    {
        await using var loop = NetKit.Loop();
        var (before, after) = await loop.InvokeAsync(() =>
        {
            var first = loop.Now;
            Thread.Sleep(20);
            return (first, loop.Now);
        });
        Assert.Equal(before, after);
        Assert.True(await loop.InvokeAsync(() => loop.Now) - before >= TimeSpan.FromMilliseconds(19));
    }

    [Fact]
    public async Task IdleLoop_DoesNotWake()
    {
        await using var loop = NetKit.Loop();
        using var port = loop.Bind(new Echo());
        await loop.RunAsync(() => { });
        var before = loop.Snapshot().Wakeups;
        await Task.Delay(300);
        Assert.InRange(loop.Snapshot().Wakeups - before, 0, 2);
    }
}
