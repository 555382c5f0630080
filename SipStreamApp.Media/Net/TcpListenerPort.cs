using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>Accepts TCP connections and hands them to a handler on a loop.</summary>
internal sealed class TcpListenerPort : IDisposable
{
    private const int Backlog = 512;

    // Out of descriptors, say: trying again at once would only burn the processor.
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private readonly NetLoop _loop;
    private readonly Socket _socket;
    private readonly IStreamHandler _handler;
    private readonly StreamOptions _options;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentDictionary<StreamConnection, bool> _connections = [];
    private long _refused;
    private int _open;

    private TcpListenerPort(NetLoop loop, Socket socket, IStreamHandler handler, StreamOptions options)
    {
        (_loop, _socket, _handler, _options) = (loop, socket, handler, options);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(loop.Ending);
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Connections that are open now.</summary>
    public int Connections => Volatile.Read(ref _open);

    /// <summary>Connections closed at once because <see cref="StreamOptions.MaxConnections"/> were open.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Listens; from any thread.</summary>
    public static bool TryListen(NetLoop loop, IPEndPoint local, IStreamHandler handler, StreamOptions options,
        [NotNullWhen(true)] out TcpListenerPort? listener, [NotNullWhen(false)] out Failure? failure)
    {
        (listener, failure) = (null, null);
        Socket? socket = null;
        try
        {
            socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (local.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = local.Address.Equals(IPAddress.IPv6Any);
            socket.Bind(local);
            socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            failure = UdpSocket.FailureOf(e.SocketErrorCode, local, "TCP");
            return false;
        }

        listener = new TcpListenerPort(loop, socket, handler, options);
        _ = listener.AcceptAsync();
        return true;
    }

    /// <summary>Stops listening and aborts the connections it accepted.</summary>
    public void Dispose()
    {
        // In this order: cancelled first, the loop below may close the socket on another thread, and here it counts as closed before it is; one connection
        // in forty was still taken.
        _socket.Dispose();
        _stop.Cancel();
        foreach (var connection in _connections.Keys) connection.Abort();
    }

    private async Task AcceptAsync()
    {
        using var socket = _socket;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Take(await _socket.AcceptAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!_stop.IsCancellationRequested)
            {
                // The connection went away before it was accepted, or there are no descriptors left; the listener itself lives.
                await Task.Delay(PauseAfterError, CancellationToken.None);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private void Take(Socket socket)
    {
        if (_connections.Count >= _options.MaxConnections || socket.RemoteEndPoint is not IPEndPoint remote)
        {
            Interlocked.Increment(ref _refused);
            socket.Dispose();
            return;
        }

        socket.NoDelay = true;
        var connection = new StreamConnection(_loop, PeerAddress.From(remote), _handler, _options, Forget);
        _connections.TryAdd(connection, true);
        Interlocked.Increment(ref _open);
        _ = connection.RunAsync(socket);
        if (_stop.IsCancellationRequested) connection.Abort();
    }

    private void Forget(StreamConnection connection)
    {
        if (_connections.TryRemove(connection, out _)) Interlocked.Decrement(ref _open);
    }
}
