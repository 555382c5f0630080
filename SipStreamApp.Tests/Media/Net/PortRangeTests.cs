using System.Net;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

public class PortRangeTests
{
    [Theory]
    [InlineData("30000-31000", 30000, 31000, 500)]
    [InlineData(" 30001 - 30004 ", 30001, 30004, 1)]
    [InlineData("30000-30001", 30000, 30001, 1)]
    [InlineData("65534-65535", 65534, 65535, 1)]
    public void TryParse_GoodRange_CountsPairs(string text, int first, int last, int pairs)
    {
        Assert.True(PortRange.TryParse(text, out var range, out _));
        Assert.Equal((first, last, pairs), (range.First, range.Last, range.Pairs));
    }

    [Theory]
    [InlineData(null, "not a range")]
    [InlineData("", "not a range")]
    [InlineData("30000", "not a range")]
    [InlineData("a-b", "not a range")]
    [InlineData("30000-31000-32000", "not a range")]
    [InlineData("-5-10", "not a range")]
    [InlineData("80-90", "leaves 1024-65535")]
    [InlineData("30000-70000", "leaves 1024-65535")]
    [InlineData("31000-30000", "ends before it begins")]
    [InlineData("30001-30002", "no even port")]
    [InlineData("99999999999-1", "not a range")]
    public void TryParse_BadRange_SaysWhy(string? text, string why)
    {
        Assert.False(PortRange.TryParse(text, out _, out var failure));
        Assert.Equal("bad-port-range", failure.Code);
        Assert.Contains(why, failure.Title);
    }

    [Fact]
    public void Pool_ReturnedPair_RestsBeforeItIsLentAgain()
    {
        Assert.True(PortRange.TryParse("40000-40005", out var range, out _));
        var pool = new PortPairPool(range, TimeSpan.FromSeconds(2));
        var t = Instant.FromMilliseconds(1000);
        var taken = new List<int>();
        while (pool.TryTake(t, out var port)) taken.Add(port);
        Assert.Equal([40000, 40002, 40004], taken);
        Assert.Equal(3, pool.InUse);

        pool.Return(40002, t);
        Assert.False(pool.TryTake(t + TimeSpan.FromSeconds(1.999), out _));
        Assert.True(pool.TryTake(t + TimeSpan.FromSeconds(2), out var again));
        Assert.Equal(40002, again);
        Assert.Throws<InvalidOperationException>(() => Twice(pool, t));
    }

    [Fact]
    public void Pool_FreePairs_AreLentRoundRobin()
    {
        Assert.True(PortRange.TryParse("40000-40007", out var range, out _));
        var pool = new PortPairPool(range, TimeSpan.Zero);
        var t = Instant.FromMilliseconds(1000);
        var order = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            Assert.True(pool.TryTake(t, out var port));
            order.Add(port);
            pool.Return(port, t);
        }

        Assert.Equal([40000, 40002, 40004, 40006, 40000, 40002], order);
    }

    [Fact]
    public async Task TryBind_PassesOverTakenPorts_ThenSaysExhausted_ThenReuses()
    {
        await using var loop = NetKit.Loop();
        // A free place of six ports, with one of them taken by "another program".
        var (range, taken) = FreeRange(loop);
        using var stranger = taken;
        var ports = new RtpPorts(range, TimeSpan.FromMilliseconds(50));
        Assert.True(Bind(ports, loop, out var one, out _));
        Assert.True(Bind(ports, loop, out var two, out _));
        Assert.Equal(range.First, one!.Rtp.LocalEndPoint.Port);
        Assert.Equal(range.First + 1, one.Rtcp.LocalEndPoint.Port);
        Assert.Equal(range.First + 4, two!.Rtp.LocalEndPoint.Port);

        Assert.False(Bind(ports, loop, out _, out var failure));
        Assert.Equal("ports-exhausted", failure!.Code);
        Assert.True(failure.Retryable);

        one.Dispose();
        one.Dispose();
        Assert.False(Bind(ports, loop, out _, out _));
        await Task.Delay(80);
        Assert.True(Bind(ports, loop, out var three, out _));
        Assert.Equal(range.First, three!.Rtp.LocalEndPoint.Port);
        three.Dispose();
        two.Dispose();
        Assert.Equal(0, ports.InUse);
    }

    [Fact]
    public async Task TryBind_ForeignAddress_FailsAtOnce()
    {
        await using var loop = NetKit.Loop();
        Assert.True(PortRange.TryParse("40000-41000", out var range, out _));
        var ports = new RtpPorts(range, RtpPorts.DefaultRest);
        Assert.False(ports.TryBind(loop, IPAddress.Parse("192.0.2.1"), new Echo(), new Echo(), UdpPortOptions.Default, out _, out var failure));
        Assert.Equal("address-not-local", failure.Code);
        Assert.Equal(0, ports.InUse);
    }

    private static void Twice(PortPairPool pool, Instant now)
    {
        pool.Return(40000, now);
        pool.Return(40000, now);
    }

    private static bool Bind(RtpPorts ports, NetLoop loop, out RtpPortPair? pair, out Failure? failure) =>
        ports.TryBind(loop, IPAddress.Loopback, new Echo(), new Echo(), UdpPortOptions.Default, out pair, out failure);

    private static (PortRange Range, UdpPort Taken) FreeRange(NetLoop loop)
    {
        for (var first = 21000; first < 32000; first += 6)
        {
            var free = Enumerable.Range(first, 6).Select(p => (Ok: loop.TryBind(new(IPAddress.Loopback, p), new Echo(),
                UdpPortOptions.Default, out var port, out _), Port: port)).ToArray();
            var good = free.All(f => f.Ok);
            foreach (var (index, f) in free.Index())
                if (!good || index != 3) f.Port?.Dispose();
            if (!good) continue;
            loop.InvokeAsync(() => 0).GetAwaiter().GetResult();
            Assert.True(PortRange.TryParse($"{first}-{first + 5}", out var range, out _));
            return (range, free[3].Port!);
        }

        throw new InvalidOperationException("no six free ports");
    }
}
