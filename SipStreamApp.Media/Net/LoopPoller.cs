using System.Net.Sockets;

namespace SipStreamApp.Media.Net;

/// <summary>What a loop sleeps on: tells which ports are ready, and can be woken from any thread.</summary>
internal abstract class LoopPoller : IDisposable
{
    private UdpPort[] _ready = new UdpPort[64];
    private int _count;

    public abstract string Name { get; }

    /// <summary>Ports found ready by the last <see cref="Wait"/>.</summary>
    public ReadOnlySpan<UdpPort> Ready => _ready.AsSpan(0, _count);

    /// <summary>Sleeps until a port is ready, the time is over, or somebody wakes it. -1 waits for ever.</summary>
    public abstract void Wait(int milliseconds);

    /// <summary>Ends the current or the next wait; from any thread.</summary>
    public abstract void Wake();

    public abstract UdpPort CreatePort(NetLoop loop, Socket socket, IDatagramHandler handler, UdpPortOptions options);

    public abstract void Add(UdpPort port);

    public abstract void Remove(UdpPort port);

    public abstract void Dispose();

    protected void ClearReady() => _count = 0;

    protected void AddReady(UdpPort port)
    {
        if (_count == _ready.Length) Array.Resize(ref _ready, _count * 2);
        _ready[_count++] = port;
    }
}
