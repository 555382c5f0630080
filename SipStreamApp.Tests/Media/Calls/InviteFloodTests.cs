using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Calls.Signalling;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Tests.Kit;
using Xunit;

namespace SipStreamApp.Tests.Media.Calls;

public class InviteFloodTests
{
    private static readonly IPAddress Stranger = IPAddress.Parse("192.0.2.66");

    [Fact]
    public void Allows_Flood_HoldsTheAddressBackAndLetsOthersThrough()
    {
        var limit = new StrangerLimit();
        var through = 0;
        for (var i = 0; i < 10_000; i++) if (limit.Allows(Stranger, Instant.FromMilliseconds(i / 10.0))) through++;

        // One second of flood: the burst and a second's share.
        Assert.InRange(through, StrangerLimit.Burst, StrangerLimit.Burst + StrangerLimit.PerSecond + 1);
        Assert.Equal(10_000 - through, limit.Dropped);
        Assert.True(limit.Allows(IPAddress.Parse("192.0.2.67"), Instant.FromMilliseconds(1000)));
        Assert.True(limit.Allows(IPAddress.Loopback, Instant.FromMilliseconds(1000)));
    }

    [Fact]
    public void Allows_PeerThatWasCalled_IsNoStranger()
    {
        var limit = new StrangerLimit();
        limit.SentTo(Stranger, Instant.Zero);
        for (var i = 0; i < 1000; i++) Assert.True(limit.Allows(Stranger, Instant.FromMilliseconds(i)));
        Assert.Equal(0, limit.Dropped);
    }

    [Fact]
    public void Allows_ManyForgedAddresses_TogetherGetNoMoreThanTheShareOfAll()
    {
        var limit = new StrangerLimit();
        var through = 0;
        for (var i = 0; i < 100_000; i++) if (limit.Allows(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), Instant.FromMilliseconds(i / 100.0))) through++;
        Assert.InRange(through, StrangerLimit.AllPerSecond, 3 * StrangerLimit.AllPerSecond + 1);
    }

    [Fact]
    public async Task Invites_TwoThousandInASecond_GetFewAnswersAndTheHostGoesOn()
    {
        using var loop = new NetLoop("flooded", new EngineClock(TimeProvider.System), NetLoopOptions.Default, NullLogger.Instance);
        var host = new SipHost(loop, IPAddress.Loopback, "flooded", 100, new SipResolver(), SipTls.Default, NullLogger.Instance) { Strangers = new StrangerLimit(trustLoopback: false) };
        Assert.Null(host.Start(0));
        loop.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var target = new IPEndPoint(IPAddress.Loopback, host.Port);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        for (var i = 0; i < 2000; i++)
        {
            socket.SendTo(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
                INVITE sip:00900{i}@127.0.0.1 SIP/2.0
                Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKf{i}
                Max-Forwards: 70
                From: <sip:evil@127.0.0.1>;tag={i}
                To: <sip:00900{i}@127.0.0.1>
                Call-ID: flood-{i}
                CSeq: 1 INVITE
                Contact: <sip:evil@127.0.0.1:{port}>
                Content-Length: 0


                """).ReplaceLineEndings("\r\n")), target);
            if (i % 50 == 0) await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await Wait.ForAsync(() => host.Strangers.Dropped > 1000, TimeSpan.FromSeconds(10), () => $"{host.Strangers.Dropped} dropped");
        var calls = new HashSet<string>();
        var buffer = new byte[4096];
        while (socket.Available > 0)
        {
            var answer = Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
            Assert.StartsWith("SIP/2.0 ", answer);
            calls.Add(answer.Split('\n').First(l => l.StartsWith("Call-ID", StringComparison.Ordinal)));
        }

        Assert.InRange(calls.Count, 1, 300);
        Assert.Equal(0, await loop.InvokeAsync(() => host.Pending));
        loop.Post(host.Dispose);
        await loop.DisposeAsync();
    }
}
