using System.Net;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

public class LocalAddressTests
{
    private static readonly IPAddress[] Machine =
        [IPAddress.Loopback, IPAddress.IPv6Loopback, IPAddress.Parse("169.254.1.1"), IPAddress.Parse("fe80::1"),
            IPAddress.Parse("2001:db8::5"), IPAddress.Parse("192.0.2.5"), IPAddress.Parse("192.0.2.5")];

    [Fact]
    public void RouteTo_Loopback_IsLoopback() => Assert.Equal(IPAddress.Loopback, LocalAddress.RouteTo(IPAddress.Parse("127.0.0.1")));

    [Fact]
    public void RouteTo_WhereTheSystemRefuses_IsNull() => Assert.Null(LocalAddress.RouteTo(IPAddress.Parse("255.255.255.255")));

    [Fact]
    public void Choose_LeavesOutLinkLocalAndLoopback_IPv4First()
    {
        Assert.Equal(["192.0.2.5", "2001:db8::5"], Texts(LocalAddress.Choose(Machine, true, false)));
        Assert.Equal(["192.0.2.5"], Texts(LocalAddress.Choose(Machine, false, false)));
        Assert.Equal(["127.0.0.1", "192.0.2.5"], Texts(LocalAddress.Choose(Machine, false, true)));
        Assert.Equal(["127.0.0.1"], Texts(LocalAddress.Choose(Machine[..4], false, false)));
    }

    [Fact]
    public void HostAddresses_BoundToOne_IsThatOne()
    {
        Assert.Equal([IPAddress.Loopback], LocalAddress.HostAddresses(IPAddress.Loopback));
        Assert.NotEmpty(LocalAddress.HostAddresses(IPAddress.Any));
    }

    [Fact]
    public void PeerAddress_EveryForm_RoundTripsAndCompares()
    {
        Assert.True(PeerAddress.TryParse("192.0.2.1:5060", out var v4));
        Assert.True(PeerAddress.TryParse("[::ffff:192.0.2.1]:5060", out var mapped));
        Assert.True(PeerAddress.TryParse("[2001:db8::1]:5060", out var v6));
        Assert.False(PeerAddress.TryParse("nonsense", out _));
        Assert.Equal(v4, mapped);
        Assert.Equal(v4.GetHashCode(), mapped.GetHashCode());
        Assert.True(v4 != v6 && v4.IsIPv4 && !v6.IsIPv4 && v4 != v4.WithPort(1) && v4.SameHost(v4.WithPort(1)));
        Assert.Equal("192.0.2.1:5060", v4.ToString());
        Assert.Equal("[2001:db8::1]:5060", v6.ToString());
        Assert.Equal(v6, PeerAddress.From(v6.ToEndPoint()));
        Assert.True(default(PeerAddress).IsEmpty && PeerAddress.From(IPAddress.IPv6Loopback, 1).IsLoopback && !v4.IsLoopback);
        Span<byte> bytes = stackalloc byte[16];
        Assert.Equal(4, v4.WriteAddress(bytes));
        Assert.Equal([192, 0, 2, 1], bytes[..4].ToArray());
        Assert.Equal(16, v6.WriteAddress(bytes));
        Assert.Equal(v6, PeerAddress.FromIPv6(bytes, 5060));
    }

    [Theory]
    [InlineData("192.0.2.1:5060", false)]
    [InlineData("192.0.2.1:5060", true)]
    [InlineData("[fe80::1%3]:65535", true)]
    public void LinuxAddress_RoundTrips(string text, bool ipv6Socket)
    {
        Assert.True(PeerAddress.TryParse(text, out var peer));
        Span<byte> raw = stackalloc byte[LinuxNative.AddressBytes];
        Assert.Equal(ipv6Socket ? 28 : 16, LinuxAddress.Write(peer, ipv6Socket, raw));
        Assert.Equal(peer, LinuxAddress.Read(raw));
    }

    private static IEnumerable<string> Texts(IEnumerable<IPAddress> addresses) => addresses.Select(a => a.ToString());
}
