using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Outgoing;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Media.Outgoing;

public class OutgoingGuardTests
{
    // Address; let in where private networks are refused; let in where they are allowed.
    [Theory]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("10.1.2.3", false, true)]
    [InlineData("172.16.0.1", false, true)]
    [InlineData("172.31.255.255", false, true)]
    [InlineData("192.168.1.1", false, true)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("100.64.0.1", false, true)]
    [InlineData("100.100.100.200", false, false)]
    [InlineData("168.63.129.16", false, false)]
    [InlineData("198.18.0.1", false, true)]
    [InlineData("192.0.2.1", false, true)]
    [InlineData("224.0.0.1", false, false)]
    [InlineData("255.255.255.255", false, false)]
    [InlineData("::1", false, true)]
    [InlineData("::", false, false)]
    [InlineData("fe80::1", false, false)]
    [InlineData("fd00::1", false, true)]
    [InlineData("fd00:ec2::254", false, false)]
    [InlineData("ff02::1", false, false)]
    [InlineData("::ffff:10.0.0.1", false, true)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("64:ff9b::a00:1", false, true)]
    [InlineData("64:ff9b::a9fe:a9fe", false, false)]
    [InlineData("2002:c0a8:101::1", false, true)]
    [InlineData("2001:db8::1", false, true)]
    [InlineData("2130706433", false, true)]
    [InlineData("0x7f.1", false, true)]
    [InlineData("0177.0.0.1", false, true)]
    [InlineData("2852039166", false, false)]
    [InlineData("0xa9.0376.43518", false, false)]
    [InlineData("localhost", false, true)]
    [InlineData("localhost.", false, true)]
    [InlineData("8.8.8.8", true, true)]
    [InlineData("172.32.0.1", true, true)]
    [InlineData("100.128.0.1", true, true)]
    [InlineData("2606:4700::1", true, true)]
    [InlineData("64:ff9b::808:808", true, true)]
    public async Task Resolve_AddressInAnyForm_IsLetInOrRefused(string address, bool refusing, bool open)
    {
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        foreach (var (guard, allowed) in new[] { (new OutgoingGuard(refusePrivate: true), refusing), (OutgoingGuard.Open, open) })
        {
            Assert.Equal(allowed ? null : "private-target", guard.CheckWritten(host)?.Code);
            var found = await guard.ResolveAsync(host, TestContext.Current.CancellationToken);
            Assert.Equal(allowed ? null : "private-target", found.Failures.FirstOrDefault()?.Code);
        }
    }

    [Theory]
    [InlineData("", "10.1.2.3", false)]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.0.1", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("[::1], fd00::/8", "fd12::1", true)]
    [InlineData("169.254.0.0/16", "169.254.169.254", true)]
    [InlineData("media.lan", "10.1.2.3", true)]
    [InlineData("*.lan", "10.1.2.3", true)]
    [InlineData("lan", "10.1.2.3", false)]
    [InlineData("media.lan", "169.254.169.254", false)]
    public async Task Allowed_NetworksAndHosts_AreLetInAllTheSame(string allowed, string behindMediaLan, bool reached)
    {
        var guard = new OutgoingGuard(refusePrivate: true, allowed) { LookUp = (_, _) => Task.FromResult(new[] { IPAddress.Parse(behindMediaLan) }) };

        Assert.Equal(reached, (await guard.ResolveAsync("Media.LAN", TestContext.Current.CancellationToken)).Succeeded);
    }

    [Fact]
    public async Task Name_WithOnePrivateAddressAmongPublicOnes_OrNone_IsRefused()
    {
        var guard = new OutgoingGuard(refusePrivate: true) { LookUp = (_, _) => Task.FromResult(new[] { IPAddress.Parse("8.8.8.8"), IPAddress.Loopback }) };
        var lost = new OutgoingGuard(refusePrivate: true) { LookUp = (_, _) => throw new SocketException((int)SocketError.HostNotFound) };

        Assert.Equal("private-target", (await guard.ResolveAsync("two.example", default)).Failures[0].Code);
        Assert.Equal("host-not-found", (await lost.ResolveAsync("none.example", default)).Failures[0].Code);
        Assert.Equal("a_b!", OutgoingGuard.WrongEntry("10.0.0.0/8, a_b!"));
    }

    [Fact]
    public async Task Handler_ConnectsToTheAddressThatWasLookedAt_AndFollowsNoRedirect()
    {
        // A server that is let in, and sends its callers to the metadata service; the name moves to a private address after the first answer.
        await using var lures = await HookBackend.StartAsync();
        lures.Answer = _ => (302, "{}");
        lures.Headers["Location"] = "http://169.254.169.254/latest/meta-data";
        var asked = 0;
        var guard = new OutgoingGuard(refusePrivate: true, "127.0.0.0/8")
        {
            LookUp = (_, _) => Task.FromResult(new[] { asked++ == 0 ? IPAddress.Loopback : IPAddress.Parse("10.0.0.1") }),
        };
        using var http = new HttpClient(guard.Handler());
        var url = $"http://rebinding.example:{new Uri(lures.Url).Port}/x";
        using var answer = await http.GetAsync(new Uri(url), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Redirect, 1, 1), (answer.StatusCode, asked, lures.Requests.Count));

        using var later = new HttpClient(guard.Handler());
        var moved = await Assert.ThrowsAsync<HttpRequestException>(() => later.GetAsync(new Uri(url), TestContext.Current.CancellationToken));
        Assert.Equal(("private-target", 2, 1), (OutgoingGuard.Explain(moved)?.Code, asked, lures.Requests.Count));
        foreach (var written in (string[])["http://[::ffff:10.0.0.1]/", "http://0x0a.1/", "http://167772161/", "http://012.0.0.1/"])
            Assert.Equal("private-target", OutgoingGuard.Explain(await Assert.ThrowsAsync<HttpRequestException>(() => later.GetAsync(new Uri(written), TestContext.Current.CancellationToken)))?.Code);
    }
}
