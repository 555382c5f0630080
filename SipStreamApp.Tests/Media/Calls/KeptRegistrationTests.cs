using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Legs;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using SipStreamApp.Media.Streams;
using SipStreamApp.Tests.Kit;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

/// <summary>Identities that calls come in for, while the name of their server means one address, then another, then none.</summary>
public sealed class KeptRegistrationTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly NetLoop _loop;
    private readonly SipHost _host;
    private readonly KeptRegistrations _kept;
    private readonly ConcurrentQueue<RegistrationChange> _news = [];
    private volatile string? _address = "127.0.0.2";

    public KeptRegistrationTests()
    {
        var clock = new EngineClock(TimeProvider.System);
        _loop = new NetLoop("sip", clock, NetLoopOptions.Default, NullLogger.Instance);
        var resolver = new SipResolver((_, _) => _address is { } known ? Task.FromResult<IPAddress[]>([IPAddress.Parse(known)]) : Task.FromException<IPAddress[]>(new SocketException(11001)));
        _host = new SipHost(_loop, IPAddress.Any, "test", 10, resolver, SipTls.Default, NullLogger.Instance);
        Assert.Null(_host.Start(0));
        Assert.True(PortRange.TryParse("40000-40009", out var range, out _));
        _kept = new KeptRegistrations(new CallServices
        {
            Clock = clock, Sip = _host, Resolver = resolver, RtpLoop = _loop, Ports = new RtpPorts(range, RtpPorts.DefaultRest),
            Hub = new StreamHub(clock, new StreamHubOptions()), Logger = NullLogger.Instance, Registrations = new RegistrationPool(_host, TimeSpan.FromSeconds(300)),
            Options = new CallOptions { LookAgain = TimeSpan.FromMilliseconds(200) },
        });
        _loop.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _loop.Post(_host.Dispose);
        await _loop.DisposeAsync();
    }

    [Fact]
    public async Task Server_ThatMoves_IsRegisteredAtAgain()
    {
        using var old = new UdpClient(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
        var port = ((IPEndPoint)old.Client.LocalEndPoint!).Port;
        await using var kept = _kept.Keep(new SipIdentity("10006", "pbx.test") { Port = port, RegisterRequired = true }, null, _news.Enqueue);
        await AnswerAsync(old);
        await UntilAsync(RegistrationStatus.Registered);

        // It is refreshed after 2 s, and nobody is there any more.
        using var next = new UdpClient(new IPEndPoint(IPAddress.Parse("127.0.0.3"), port));
        _address = "127.0.0.3";
        old.Dispose();
        await AnswerAsync(next);
        await UntilAsync(RegistrationStatus.Registered, RegistrationStatus.Failed, RegistrationStatus.Registered);
    }

    [Fact]
    public async Task Trunk_WhoseNameIsGoneForAWhile_IsStillKnown()
    {
        await using var kept = _kept.Keep(new SipIdentity("trunk", "pbx.test") { Port = 5060 }, new AnswerRule(), _news.Enqueue);
        await UntilAsync(RegistrationStatus.Listening);
        _address = null;
        await using var again = _kept.Keep(new SipIdentity("other", "pbx.test") { Port = 5060 }, new AnswerRule(), _news.Enqueue);
        await UntilAsync(RegistrationStatus.Listening, RegistrationStatus.Failed);
        _address = "127.0.0.2";
        await UntilAsync(RegistrationStatus.Listening, RegistrationStatus.Failed, RegistrationStatus.Listening);
    }

    private Task UntilAsync(params RegistrationStatus[] stations) =>
        Wait.ForAsync(() => _news.Select(n => n.Status).SequenceEqual(stations), Patience, () => "It went: " + string.Join(", ", _news.Select(n => $"{n.Status} {n.Cause?.Code}")));

    // Takes the next REGISTER, for 4 s.
    private static async Task AnswerAsync(UdpClient registrar)
    {
        var request = await registrar.ReceiveAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        await registrar.SendAsync(SipReply.Ok(request.Buffer, expires: 4), request.RemoteEndPoint, TestContext.Current.CancellationToken);
    }
}
