using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

public class UdpPortTests
{
    [Theory, MemberData(nameof(NetKit.Backends), MemberType = typeof(NetKit))]
    internal async Task Send_ToEcho_ComesBackWhole(NetBackend backend)
    {
        await using var loop = NetKit.Loop(backend);
        using var echo = loop.Bind(new Echo());
        var got = new Collector();
        using var port = loop.Bind(got);
        var to = echo.Address();
        await loop.RunAsync(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                var slot = port.BeginSend(to);
                slot[..(100 + i)].Fill((byte)i);
                port.EndSend(100 + i);
            }
        });
        await NetKit.Until(() => got.Count == 300, "300 datagrams come back");
        Assert.All(got.All().Index(), d => Assert.True(d.Item.Length == 100 + d.Index && d.Item.All(b => b == (byte)d.Index)));
        Assert.Equal(to, got.LastFrom);
        Assert.True(got.BatchEnds > 0);
        Assert.Equal(300, port.Snapshot().DatagramsOut);
        Assert.Equal(300, echo.Snapshot().DatagramsIn);
        Assert.Equal(600, loop.Snapshot().Udp.DatagramsIn);
    }

    [Theory, MemberData(nameof(NetKit.Backends), MemberType = typeof(NetKit))]
    internal async Task Bind_TakenPort_IsAFailure(NetBackend backend)
    {
        await using var loop = NetKit.Loop(backend);
        using var first = loop.Bind(new Echo());
        Assert.False(loop.TryBind(first.LocalEndPoint, new Echo(), UdpPortOptions.Default, out _, out var failure));
        Assert.Equal("port-taken", failure.Code);
        Assert.False(loop.TryBind(new(IPAddress.Parse("192.0.2.1"), 0), new Echo(), UdpPortOptions.Default, out _, out failure));
        Assert.Equal("address-not-local", failure.Code);
    }

    [Theory, MemberData(nameof(NetKit.Backends), MemberType = typeof(NetKit))]
    internal async Task Handler_ThatThrows_LosesOneDatagramOnly(NetBackend backend)
    {
        await using var loop = NetKit.Loop(backend);
        var got = new Collector { ThrowOn = 2 };
        using var port = loop.Bind(got);
        await loop.RunAsync(() =>
        {
            for (var i = 0; i < 5; i++) port.Send([(byte)i], port.Address());
        });
        await NetKit.Until(() => got.Count == 5, "all five are handed over");
        Assert.Equal(1, loop.Snapshot().HandlerFaults);
    }

    [Theory, MemberData(nameof(NetKit.Backends), MemberType = typeof(NetKit))]
    internal async Task Send_ToDeadPort_DoesNotHurtOthers(NetBackend backend)
    {
        await using var loop = NetKit.Loop(backend);
        var got = new Collector();
        using var port = loop.Bind(got);
        var dead = loop.Bind(new Echo());
        var to = dead.Address();
        await loop.RunAsync(dead.Dispose);
        for (var round = 0; round < 5; round++)
        {
            await loop.RunAsync(() =>
            {
                for (var i = 0; i < 20; i++)
                {
                    port.Send([1], to);
                    port.Send([2], port.Address());
                }
            });
        }

        await NetKit.Until(() => got.Count == 100, "all datagrams to the living arrive");
        Assert.Equal(0, port.Snapshot().SendDropped);
        if (loop.Backend != "epoll") return;
        await NetKit.Until(() => got.Unreachable.Count > 0, "the handler hears of the dead port");
        Assert.All(got.Unreachable, u => Assert.Equal(to, u));
    }

    [Theory, MemberData(nameof(NetKit.Backends), MemberType = typeof(NetKit))]
    internal async Task LongDatagrams_NeedTheOption(NetBackend backend)
    {
        await using var loop = NetKit.Loop(backend);
        var (small, large) = (new Collector(), new Collector());
        using var media = loop.Bind(small);
        using var sip = loop.Bind(large, UdpPortOptions.Sip);
        var message = new byte[9000];
        new Random(1).NextBytes(message);
        await loop.RunAsync(() =>
        {
            sip.Send(message, sip.Address());
            sip.Send(message, media.Address());
            sip.Send([7], media.Address());
        });
        await NetKit.Until(() => large.Count == 1 && small.Count == 1, "the long one and the short one");
        Assert.Equal(message, large.All()[0]);
        Assert.Equal([7], small.All()[0]);
        Assert.Equal(1, media.Snapshot().Truncated);
    }

    [Theory, MemberData(nameof(NetKit.Backends), MemberType = typeof(NetKit))]
    internal async Task DualModePort_SeesIPv4PeersAsIPv4(NetBackend backend)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "no IPv6 here");
        await using var loop = NetKit.Loop(backend);
        var got = new Collector();
        using var both = loop.Bind(got, local: new(IPAddress.IPv6Any, 0));
        using var v4 = loop.Bind(new Echo());
        await loop.RunAsync(() => both.Send([1, 2, 3], v4.Address()));
        await NetKit.Until(() => got.Count == 1, "the echo");
        Assert.Equal(v4.Address(), got.LastFrom);
        await loop.RunAsync(() => v4.Send([9], PeerAddress.From(IPAddress.IPv6Loopback, 9)));
        await NetKit.Until(() => v4.Snapshot().SendDropped == 1, "an IPv4 port cannot reach IPv6");
    }

    [Fact]
    public async Task Send_FromAnotherThread_IsABug()
    {
        await using var loop = NetKit.Loop();
        using var port = loop.Bind(new Echo());
        var to = port.Address();
        Assert.Throws<InvalidOperationException>(() => port.BeginSend(to));
        Assert.Throws<InvalidOperationException>(() => port.Send([1], to));
    }

    [Fact]
    public async Task MuxPort_AsksForBigBuffers_AndSaysWhatItGot()
    {
        await using var loop = NetKit.Loop();
        using var port = loop.Bind(new Echo(), UdpPortOptions.Mux);
        Assert.InRange(port.ReceiveBufferBytes, 64 * 1024, 16 << 20);
        Assert.InRange(port.SendBufferBytes, 64 * 1024, 16 << 20);
    }

    [Fact]
    public async Task Close_SendsWhatWasCommitted_AndDeliversNothingMore()
    {
        await using var loop = NetKit.Loop();
        var (got, self) = (new Collector(), new Collector());
        using var target = loop.Bind(got);
        var port = loop.Bind(self);
        await loop.RunAsync(() =>
        {
            port.Send([1], port.Address());
            port.Send([2], target.Address());
            port.Dispose();
            port.Dispose();
        });
        await NetKit.Until(() => got.Count == 1, "the last words");
        Assert.Equal(0, self.Count);
        using var again = loop.Bind(new Echo(), local: port.LocalEndPoint);
        Assert.Equal(port.LocalEndPoint, again.LocalEndPoint);
    }
}
