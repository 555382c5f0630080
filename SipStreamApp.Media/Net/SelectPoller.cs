using System.Net;
using System.Net.Sockets;

namespace SipStreamApp.Media.Net;

/// <summary>Select over managed sockets; a datagram to itself is the doorbell. Works on every system .NET runs on.</summary>
internal sealed class SelectPoller : LoopPoller
{
    private readonly Socket _bell = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Dictionary<Socket, UdpPort> _ports = [];
    private readonly List<Socket> _readable = [];
    private readonly ReceiveSlab _slab = new(ReceiveSlab.SharedSlots, ReceiveSlab.SlotBytes);
    private readonly byte[] _sink = new byte[16];

    public SelectPoller()
    {
        _bell.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        // Connected to itself: datagrams of anybody else are not let in.
        _bell.Connect(_bell.LocalEndPoint!);
        _bell.Blocking = false;
    }

    public override string Name => "select";

    public override void Wait(int milliseconds)
    {
        ClearReady();
        _readable.Clear();
        _readable.Add(_bell);
        foreach (var socket in _ports.Keys) _readable.Add(socket);
        Socket.Select(_readable, null, null, milliseconds < 0 ? -1 : milliseconds * 1000);
        foreach (var socket in _readable)
        {
            if (_ports.TryGetValue(socket, out var port)) AddReady(port);
            else while (_bell.Available > 0) _bell.Receive(_sink, SocketFlags.None, out _);
        }
    }

    public override void Wake()
    {
        try
        {
            _bell.Send([1], SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // The loop ended while we were on the way to wake it: there is nobody to wake.
            return;
        }
    }

    public override UdpPort CreatePort(NetLoop loop, Socket socket, IDatagramHandler handler, UdpPortOptions options) =>
        new ManagedUdpPort(loop, socket, handler, ReceiveSlab.For(options, _slab));

    public override void Add(UdpPort port) => _ports.Add(port.Socket, port);

    public override void Remove(UdpPort port) => _ports.Remove(port.Socket);

    public override void Dispose() => _bell.Dispose();
}
