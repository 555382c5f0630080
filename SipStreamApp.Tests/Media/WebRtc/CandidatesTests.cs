using System.Net;
using SipStreamApp.Media.WebRtc;
using Xunit;

namespace SipStreamApp.Tests.Media.WebRtc;

public class CandidatesTests
{
    private static readonly IPAddress Public = IPAddress.Parse("203.0.113.7");

    [Fact]
    public void For_BoundToOneAddress_IsThatOneAndThePublicOne()
    {
        var bound = new IPEndPoint(IPAddress.Parse("192.0.2.10"), 8189);
        var candidates = Candidates.For(bound, Public, IPAddress.Parse("192.0.2.10"));
        Assert.Equal(["192.0.2.10", "203.0.113.7"], candidates.Select(c => c.Host));
        Assert.All(candidates, c => Assert.Equal((8189, 1, "udp", "host"), (c.Port, c.Component, c.Transport, c.Type)));
        Assert.True(candidates[0].Priority > candidates[1].Priority);
    }

    [Fact]
    public void For_RequestOverLoopback_LoopbackComesFirst()
    {
        var candidates = Candidates.For(new IPEndPoint(IPAddress.Any, 8189), null, IPAddress.Parse("::ffff:127.0.0.1"));
        Assert.Equal("127.0.0.1", candidates[0].Host);
        Assert.Equal(candidates.Length, candidates.Select(c => c.Host).Distinct().Count());
    }

    [Fact]
    public void For_RequestOverAnAddressThatIsNotOurs_IsNotNamed()
    {
        var candidates = Candidates.For(new IPEndPoint(IPAddress.Loopback, 8189), Public, IPAddress.Parse("198.51.100.1"));
        Assert.Equal(["203.0.113.7", "127.0.0.1"], candidates.Select(c => c.Host));
    }
}
