using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SipStreamApp.Tests.Kit;

/// <summary>
/// A UDP line between browsers and a server that loses datagrams on the way to the browsers, or to the server: media, retransmissions, handshake, all alike.
/// Each viewer has a socket of its own towards the server, as behind a NAT.
/// </summary>
internal sealed class LossyRelay : IDisposable
{
    private readonly Socket _front = Open();
    private readonly ConcurrentDictionary<IPEndPoint, Socket> _back = [];
    private readonly IPEndPoint _server;
    private readonly double _loss;
    private readonly double _lossToServer;
    private readonly Random _random;
    private volatile bool _closed;
    private long _forwarded;
    private long _dropped;
    private long _droppedToServer;

    /// <param name="serverPort">UDP port of the server on 127.0.0.1.</param>
    /// <param name="loss">Share of datagrams that get lost on the way to a browser.</param>
    /// <param name="seed">The same seed loses at the same places.</param>
    /// <param name="lossToServer">Share of datagrams that get lost on the way to the server.</param>
    public LossyRelay(int serverPort, double loss, int seed = 1, double lossToServer = 0)
    {
        (_server, _loss, _random, _lossToServer) = (new IPEndPoint(IPAddress.Loopback, serverPort), loss, new Random(seed), lossToServer);
        Start(FromViewers);
    }

    /// <summary>The port viewers are to use.</summary>
    public int Port => ((IPEndPoint)_front.LocalEndPoint!).Port;

    /// <summary>Datagrams that reached a viewer.</summary>
    public long Forwarded => Interlocked.Read(ref _forwarded);

    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Datagrams that did not reach the server.</summary>
    public long DroppedToServer => Interlocked.Read(ref _droppedToServer);

    public void Dispose()
    {
        _closed = true;
        _front.Dispose();
        foreach (var socket in _back.Values) socket.Dispose();
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, SendBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static void Start(Action run) => new Thread(() => run()) { IsBackground = true, Name = "lossy relay" }.Start();

    private void FromViewers()
    {
        var buffer = new byte[4096];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (TryReceive(() => _front.ReceiveFrom(buffer, ref from), out var length))
        {
            if (length == 0) continue;
            var viewer = (IPEndPoint)from;
            if (!_back.TryGetValue(viewer, out var socket))
            {
                _back[viewer] = socket = Open();
                Start(() => ToViewer(socket, viewer));
            }

            if (IsLost(_lossToServer)) Interlocked.Increment(ref _droppedToServer);
            else socket.SendTo(buffer.AsSpan(0, length), _server);
        }
    }

    private void ToViewer(Socket socket, IPEndPoint viewer)
    {
        var buffer = new byte[4096];
        while (TryReceive(() => socket.Receive(buffer), out var length))
        {
            var lost = IsLost(_loss);
            Interlocked.Increment(ref lost ? ref _dropped : ref _forwarded);
            if (!lost && length > 0) _front.SendTo(buffer.AsSpan(0, length), viewer);
        }
    }

    private bool IsLost(double share)
    {
        lock (_random) return share > 0 && _random.NextDouble() < share;
    }

    private bool TryReceive(Func<int> receive, out int length)
    {
        length = 0;
        try
        {
            length = receive();
            return true;
        }
        catch (SocketException) when (!_closed)
        {
            return true; // an ICMP error of a peer that went away
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
