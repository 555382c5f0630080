using System.Net;
using SipStreamApp.Media.Inbound;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Inbound;

public class EarlyPacketsTests
{
    private static readonly PeerAddress Peer = PeerAddress.From(IPAddress.Loopback, 4000);

    [Fact]
    public void TryTake_GivesPacketsInOrderWithTheirArrival()
    {
        var early = new EarlyPackets();
        for (var i = 0; i < 3; i++) early.Add([(byte)i], Peer, Instant.FromMilliseconds(100 + i));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(early.TryTake(Instant.FromMilliseconds(500), out var datagram, out var from, out var at));
            Assert.Equal(((byte)i, Peer, Instant.FromMilliseconds(100 + i)), (datagram[0], from, at));
        }

        Assert.False(early.TryTake(Instant.FromMilliseconds(500), out _, out _, out _));
    }

    [Fact]
    public void TryTake_AfterALongRing_LeavesOldPacketsOut()
    {
        var early = new EarlyPackets();
        early.Add([1], Peer, Instant.FromMilliseconds(0));
        early.Add([2], Peer, Instant.FromMilliseconds(2900));
        Assert.True(early.TryTake(Instant.FromMilliseconds(3000), out var datagram, out _, out _));
        Assert.Equal(2, datagram[0]);
    }

    [Fact]
    public void Add_AFlood_KeepsTheNewestAndStaysBounded()
    {
        var early = new EarlyPackets();
        for (var i = 0; i < 10_000; i++) early.Add(BitConverter.GetBytes(i), Peer, Instant.FromMilliseconds(1));
        early.Add(new byte[60_000], Peer, Instant.FromMilliseconds(1));
        Assert.Equal(256, early.Count);
        Assert.True(early.TryTake(Instant.FromMilliseconds(2), out var datagram, out _, out _));
        Assert.Equal(10_000 - 256, BitConverter.ToInt32(datagram));
    }
}
