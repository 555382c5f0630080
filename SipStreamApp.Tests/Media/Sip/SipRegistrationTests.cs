using System.Net;
using System.Text;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using Xunit;
using static SipStreamApp.Tests.Media.Sip.SipTestText;

namespace SipStreamApp.Tests.Media.Sip;

public sealed class SipRegistrationTests
{
    private readonly List<SipMessage> _heard = [];
    private readonly DigestServer _auth = new("reg", user => user == "auth" ? "pw" : null, SipRandom.Seeded(9));
    private string _contactSeen = "";
    private int _minExpires;
    private int _refuse;

    [Fact]
    public void Register_WithDigest_IsGrantedAndRefreshedInTime()
    {
        var (net, alice, handle) = Start("pw");
        net.Run(1);
        Assert.Equal(TimeSpan.FromSeconds(300), alice.Single<SipRegistered>().Expires);
        Assert.Equal(2, _heard.Count);
        net.Run(250);
        Assert.Equal(2, _heard.Count);
        net.Run(10);
        // The refresh carries the credentials from the start, with the next nonce count.
        Assert.Equal(3, _heard.Count);
        Assert.Contains("nc=00000002", _heard[2].Text(SipHeader.Authorization));
        Assert.Equal(_heard[0].CallId, _heard[2].CallId);
        Assert.Equal([1u, 2u, 3u], _heard.Select(m => m.CSeq));

        alice.Agent.Unregister(handle, net.Now);
        net.Run(60);
        Assert.True(alice.Single<SipUnregistered>().Confirmed);
        Assert.EndsWith(";expires=0", _contactSeen);
        Assert.Equal((0, 0, Instant.Never), (alice.Agent.RegistrationCount, alice.Agent.TransactionCount, alice.Agent.NextDeadline));
    }

    [Fact]
    public void Register_WrongPassword_FailsForGood()
    {
        var (net, alice, _) = Start("wrong");
        net.Run(100);
        var failed = alice.Single<SipRegistrationFailed>();
        Assert.Equal((SipFailureKind.AuthenticationFailed, 401, null), (failed.Failure.Kind, failed.Failure.Status, failed.RetryIn));
        Assert.Equal((0, Instant.Never), (alice.Agent.RegistrationCount, alice.Agent.NextDeadline));
    }

    [Fact]
    public void Register_TooBrief_TakesTheRegistrarsMinimum()
    {
        _minExpires = 900;
        var (net, alice, _) = Start("pw");
        net.Run(1);
        Assert.Equal(TimeSpan.FromSeconds(900), alice.Single<SipRegistered>().Expires);
    }

    [Fact]
    public void Register_ServerDown_BacksOffAndComesBack()
    {
        _refuse = 2;
        var (net, alice, _) = Start("pw");
        net.Run(60);
        var waits = alice.Events.OfType<SipRegistrationFailed>().Select(f => f.RetryIn!.Value.TotalSeconds).ToArray();
        Assert.Equal(2, waits.Length);
        Assert.InRange(waits[0], 2.5, 5);
        Assert.InRange(waits[1], 5, 10);
        Assert.True(alice.Saw<SipRegistered>());
    }

    [Fact]
    public void Register_ServerDownForHours_IsAskedEveryTwoMinutesAtLeast()
    {
        _refuse = 200;
        var (net, alice, _) = Start("pw");
        net.Run(TimeSpan.FromHours(3));
        var waits = alice.Events.OfType<SipRegistrationFailed>().Select(f => f.RetryIn!.Value.TotalSeconds).ToArray();
        Assert.All(waits[8..], w => Assert.InRange(w, 60, 120));
        Assert.InRange(waits.Length, 90, 180);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Register_ConnectionIsGone_RegistersAgainInAMoment(bool tcp)
    {
        var net = new SipNet { Server = Registrar };
        var alice = net.Add(new SipPeer("192.0.2.1", 1));
        var server = new SipEndpoint(IPAddress.Parse("192.0.2.50"), 5060, tcp ? SipTransport.Tcp : SipTransport.Udp);
        var handle = alice.Agent.Register(Request("pw") with { Targets = [server] }, net.Now);
        net.Run(1);
        Assert.Equal(2, _heard.Count);
        alice.Agent.TransportFailed(server with { Port = 5070 }, net.Now);
        net.Run(10);
        Assert.Equal(2, _heard.Count);
        // A server that hangs up after each answer is not asked without end.
        alice.Agent.TransportFailed(server, net.Now);
        net.Run(2);
        Assert.Equal(2, _heard.Count);
        net.Run(4);
        Assert.Equal(tcp ? 3 : 2, _heard.Count);
        alice.Agent.Unregister(handle, net.Now);
        alice.Agent.TransportFailed(server, net.Now);
        net.Run(60);
        Assert.Equal((0, Instant.Never), (alice.Agent.RegistrationCount, alice.Agent.NextDeadline));
    }

    [Fact]
    public void Register_NobodyAnswers_TimesOutAndRetries()
    {
        var (net, alice, _) = Start("pw");
        net.Drop = _ => true;
        net.Run(33);
        var failed = alice.Single<SipRegistrationFailed>();
        Assert.Equal(SipFailureKind.Timeout, failed.Failure.Kind);
        Assert.NotNull(failed.RetryIn);
        // Timer E: 0.5, 1, 2 s, then every 4 s until 32 s.
        Assert.Equal(11, alice.SentRequests(SipMethod.Register).Count());
    }

    [Fact]
    public void Register_BehindNat_ContactBecomesTheAddressTheServerSaw()
    {
        var net = new SipNet { Server = Registrar };
        // The phone believes in 10.0.0.5; the network sees 192.0.2.1.
        var alice = net.Add(new SipPeer("192.0.2.1", 1, o => o with { LocalAddress = _ => new SipLocalAddress("10.0.0.5", 5062) }));
        alice.Agent.Register(Request("pw"), net.Now);
        net.Run(2);
        Assert.Equal(new SipLocalAddress("192.0.2.1", 5060), alice.Single<SipRegistered>().Contact);
        Assert.StartsWith("<sip:alice@192.0.2.1:5060>", _contactSeen);
        Assert.Contains("10.0.0.5:5062", _heard[^1].Text(SipHeader.Via));
    }

    [Fact]
    public void Register_WithKeepAlive_PingsUntilUnregistered()
    {
        var net = new SipNet { Server = Registrar };
        var alice = net.Add(new SipPeer("192.0.2.1", 1));
        var handle = alice.Agent.Register(Request("pw") with { KeepAlive = TimeSpan.FromSeconds(20) }, net.Now);
        net.Run(601);
        Assert.Equal(30, net.KeepAlives);
        alice.Agent.Unregister(handle, net.Now);
        net.Run(60);
        Assert.Equal((30, Instant.Never), (net.KeepAlives, alice.Agent.NextDeadline));
    }

    private static SipRegistrationRequest Request(string password) => new()
    {
        Registrar = Uri("sip:192.0.2.50"),
        AddressOfRecord = Address("Alice <sip:alice@example.com>"),
        Credentials = new SipCredentials("auth", password),
        Expires = TimeSpan.FromSeconds(300),
    };

    private (SipNet Net, SipPeer Alice, SipRegistrationHandle Handle) Start(string password)
    {
        var net = new SipNet { Server = Registrar };
        var alice = net.Add(new SipPeer("192.0.2.1", 1));
        return (net, alice, alice.Agent.Register(Request(password), net.Now));
    }

    private IEnumerable<byte[]> Registrar(SipMessage request, SipOutgoing sent)
    {
        _heard.Add(request);
        var now = Instant.FromMilliseconds(1000);
        if (_refuse-- > 0) return [Reply(request, 503, "t")];
        if (_auth.Verify(request, now) != DigestVerdict.Ok) return [Reply(request, 401, "t", $"WWW-Authenticate: {_auth.Challenge(now)}\r\n")];
        _contactSeen = request.Text(SipHeader.Contact)!;
        var expires = request.Number(SipHeader.Expires)!.Value;
        if (expires < _minExpires && expires > 0) return [Reply(request, 423, "t", $"Min-Expires: {_minExpires}\r\n")];
        return [Reply(request, 200, "t", $"Contact: {_contactSeen}, <sip:other@192.0.2.77>;expires=7\r\n")];
    }
}
