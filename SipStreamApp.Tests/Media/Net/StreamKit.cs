using System.Net;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using Xunit;

namespace SipStreamApp.Tests.Media.Net;

/// <summary>Keeps what stream connections did; echoes if asked to.</summary>
internal sealed class StreamLog(bool echo = false) : IStreamHandler
{
    public readonly List<byte> Bytes = [];
    public readonly List<StreamCloseReason> Closed = [];
    public readonly List<StreamConnection> Opened = [];
    public int WrongThread;

    public int Received
    {
        get
        {
            lock (Bytes) return Bytes.Count;
        }
    }

    public void OnOpened(StreamConnection connection, Instant now)
    {
        Check(connection);
        lock (Opened) Opened.Add(connection);
    }

    public void OnBytes(StreamConnection connection, ReadOnlySpan<byte> bytes, Instant now)
    {
        Check(connection);
        lock (Bytes) Bytes.AddRange(bytes);
        if (echo) connection.TrySend(bytes);
    }

    public void OnClosed(StreamConnection connection, StreamCloseReason reason, Instant now)
    {
        Check(connection);
        lock (Closed) Closed.Add(reason);
    }

    public static TcpListenerPort Listen(NetLoop loop, IStreamHandler handler, StreamOptions? options = null)
    {
        Assert.True(TcpListenerPort.TryListen(loop, new IPEndPoint(IPAddress.Loopback, 0), handler, options ?? StreamOptions.Default,
            out var listener, out var failure), failure?.ToString());
        return listener;
    }

    private void Check(StreamConnection connection)
    {
        if (!connection.Loop.IsLoopThread) WrongThread++;
    }
}
