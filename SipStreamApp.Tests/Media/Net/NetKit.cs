using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

/// <summary>Loops and handlers for the tests of this folder.</summary>
internal static class NetKit
{
    public static readonly IPEndPoint AnyLoopbackPort = new(IPAddress.Loopback, 0);

    public static TheoryData<NetBackend> Backends => [NetBackend.Auto, NetBackend.Managed];

    public static NetLoop Loop(NetBackend backend = NetBackend.Auto, string name = "test")
    {
        var loop = new NetLoop(name, new EngineClock(TimeProvider.System), new() { Backend = backend }, NullLogger.Instance);
        loop.Start();
        return loop;
    }

    public static UdpPort Bind(this NetLoop loop, IDatagramHandler handler, UdpPortOptions? options = null, IPEndPoint? local = null)
    {
        Assert.True(loop.TryBind(local ?? AnyLoopbackPort, handler, options ?? UdpPortOptions.Default, out var port, out var failure), failure?.ToString());
        return port;
    }

    public static PeerAddress Address(this UdpPort port) => PeerAddress.From(port.LocalEndPoint);

    public static Task<bool> RunAsync(this NetLoop loop, Action work) => loop.InvokeAsync(() =>
    {
        work();
        return true;
    });

    public static async Task Until(Func<bool> condition, string what)
    {
        for (var i = 0; i < 500 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition(), what);
    }
}

/// <summary>Sends every datagram back.</summary>
internal sealed class Echo : IDatagramHandler
{
    public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now) => port.Send(datagram, from);
}

/// <summary>Keeps copies of what it got, and what else it was told.</summary>
internal sealed class Collector : IDatagramHandler
{
    private readonly List<byte[]> _datagrams = [];

    public int BatchEnds;
    public int ThrowOn = -1;
    public PeerAddress LastFrom;
    public readonly List<PeerAddress> Unreachable = [];

    public int Count
    {
        get
        {
            lock (_datagrams) return _datagrams.Count;
        }
    }

    public byte[][] All()
    {
        lock (_datagrams) return [.. _datagrams];
    }

    public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now)
    {
        LastFrom = from;
        lock (_datagrams) _datagrams.Add(datagram.ToArray());
        if (_datagrams.Count == ThrowOn) throw new InvalidOperationException("handler bug");
    }

    public void OnBatchEnd(Instant now) => BatchEnds++;

    public void OnUnreachable(UdpPort port, in PeerAddress peer, Instant now)
    {
        lock (Unreachable) Unreachable.Add(peer);
    }
}
