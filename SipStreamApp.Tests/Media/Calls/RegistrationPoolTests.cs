using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Calls;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;
using SipStreamApp.Tests.Kit.Peers;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

/// <summary>Who registers while the same identity is being un-registered: a page that is loaded anew does that.</summary>
public sealed class RegistrationPoolTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly UdpClient _registrar = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly NetLoop _loop = new("sip", new EngineClock(TimeProvider.System), NetLoopOptions.Default, NullLogger.Instance);
    private readonly SipHost _host;
    private readonly RegistrationPool _pool;

    public RegistrationPoolTests()
    {
        _host = new SipHost(_loop, IPAddress.Loopback, "test", 10, new SipResolver(), SipTls.Default, NullLogger.Instance);
        Assert.Null(_host.Start(0));
        _pool = new RegistrationPool(_host, TimeSpan.FromSeconds(300));
        _loop.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _loop.Post(_host.Dispose);
        await _loop.DisposeAsync();
        _registrar.Dispose();
    }

    [Fact]
    public async Task Acquire_WhileTheOldOneIsGivenBack_WaitsItsTurn()
    {
        var told = new TaskCompletionSource<CallEnd?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = await AcquireAsync((_, _) => { });
        await AnswerAsync(await HearAsync("Expires: 300"));
        await _loop.InvokeAsync(() =>
        {
            first.Release(_loop.Now);
            return true;
        });
        var leaving = await HearAsync("Expires: 0");
        await AcquireAsync((failure, _) => told.TrySetResult(failure));
        // The un-REGISTER is repeated, as its answer stays away; the new one must not overtake it.
        var next = await _registrar.ReceiveAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Contains("Expires: 0", Encoding.ASCII.GetString(next.Buffer), StringComparison.Ordinal);
        await AnswerAsync(leaving);
        await AnswerAsync(await HearAsync("Expires: 300"));
        Assert.Null(await told.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(1, await _loop.InvokeAsync(() => _pool.Count));
    }

    private Task<RegistrationLease> AcquireAsync(Action<CallEnd?, Instant> done)
    {
        var server = (IPEndPoint)_registrar.Client.LocalEndPoint!;
        var who = new SipIdentity("10006", "lab.test") { OutboundProxy = "127.0.0.1", Port = server.Port };
        Assert.True(SipAddresses.TryFrom(who, out var addresses, out _));
        return _loop.InvokeAsync(() => _pool.Acquire(who, addresses, [new SipEndpoint(server.Address, server.Port, SipTransport.Udp)], _loop.Now, done));
    }

    // The next REGISTER with that line.
    private async Task<UdpReceiveResult> HearAsync(string line)
    {
        while (true)
        {
            var heard = await _registrar.ReceiveAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
            if (Encoding.ASCII.GetString(heard.Buffer).Contains(line + "\r\n", StringComparison.Ordinal)) return heard;
        }
    }

    private async Task AnswerAsync(UdpReceiveResult request) => await _registrar.SendAsync(SipReply.Ok(request.Buffer), request.RemoteEndPoint, TestContext.Current.CancellationToken);
}
