// RFC 3261 section 18: connections are kept and used both ways; a message goes over the connection that is open to its destination.
using System.Diagnostics.CodeAnalysis;
using System.Net;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>The TCP connections of the SIP port. Lives on the sip loop.</summary>
internal sealed class SipConnections(NetLoop loop, SipConnections.Received received, Action<SipEndpoint, Instant> failed) : IStreamHandler, IDisposable
{
    private readonly Dictionary<PeerAddress, StreamConnection> _open = [];
    private TcpListenerPort? _listener;

    public delegate void Received(ReadOnlySpan<byte> message, SipEndpoint from, Instant now);

    public bool Listen(IPEndPoint local, [NotNullWhen(false)] out Failure? failure) =>
        TcpListenerPort.TryListen(loop, local, this, StreamOptions.Default, out _listener, out failure);

    public void Send(in SipOutgoing message)
    {
        var peer = PeerAddress.From(message.To.Address, message.To.Port);
        if (!_open.TryGetValue(peer, out var connection) || connection.IsClosed)
        {
            connection = StreamConnection.Connect(loop, peer, this, StreamOptions.Default);
            connection.State = new SipStreamFramer();
            _open[peer] = connection;
        }

        connection.TrySend(message.Bytes.Span);
    }

    public void OnOpened(StreamConnection connection, Instant now)
    {
        connection.State ??= new SipStreamFramer();
        _open.TryAdd(connection.Peer, connection);
    }

    public void OnBytes(StreamConnection connection, ReadOnlySpan<byte> bytes, Instant now)
    {
        var framer = (SipStreamFramer)connection.State!;
        var from = Endpoint(connection);
        framer.Receive(bytes);
        while (true)
        {
            switch (framer.TryTake(out var message))
            {
                case SipFrameStatus.Message:
                    received(message, from, now);
                    break;
                case SipFrameStatus.Ping:
                    connection.TrySend(SipStreamFramer.Pong);
                    break;
                case SipFrameStatus.Broken:
                    // What is not SIP, or one endless message: there is no way to find the next start line.
                    connection.Abort(StreamCloseReason.Broken);
                    return;
                default:
                    return;
            }
        }
    }

    public void OnClosed(StreamConnection connection, StreamCloseReason reason, Instant now)
    {
        if (_open.TryGetValue(connection.Peer, out var current) && ReferenceEquals(current, connection)) _open.Remove(connection.Peer);
        if (reason is not (StreamCloseReason.Idle or StreamCloseReason.Local)) failed(Endpoint(connection), now);
    }

    public void Dispose()
    {
        _listener?.Dispose();
        foreach (var connection in _open.Values) connection.Close();
    }

    private static SipEndpoint Endpoint(StreamConnection connection) => new(connection.Peer.Address, connection.Peer.Port, SipTransport.Tcp);
}
