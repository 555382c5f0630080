// RFC 3261 section 18: connections are kept and used both ways; a message goes over the connection that is open to its destination.
using System.Diagnostics.CodeAnalysis;
using System.Net;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Sip;

namespace SipStreamApp.Media.Calls.Signalling;

/// <summary>The TCP connections of the SIP port, and those over TLS, which are only made from here. Lives on the sip loop.</summary>
internal sealed class SipConnections(NetLoop loop, SipTls tls, SipConnections.Received received, Action<SipLink, StreamCloseReason, Instant> failed) : IStreamHandler, IDisposable
{
    private const int MaxNames = 256;

    // By name, too: what one domain's certificate vouches for is not for another domain at the same address.
    private readonly Dictionary<(SipEndpoint Peer, string Name), StreamConnection> _open = [];

    // Inside a dialog a server is known by its address alone: the name it was trusted by at first counts on.
    private readonly Dictionary<SipEndpoint, string> _names = [];
    private TcpListenerPort? _listener;

    public delegate void Received(ReadOnlySpan<byte> message, SipEndpoint from, Instant now);

    public bool Listen(IPEndPoint local, [NotNullWhen(false)] out Failure? failure) =>
        TcpListenerPort.TryListen(loop, local, this, StreamOptions.Default, out _listener, out failure);

    public void Send(in SipOutgoing message) => Connection(message.To).TrySend(message.Bytes.Span);

    /// <summary>Connects where there is no connection; <paramref name="done"/> hears that it is open (null), or why not.</summary>
    public void Open(SipEndpoint peer, Action<SipLink, StreamCloseReason?> done)
    {
        var link = (SipLink)Connection(peer).State!;
        if (link.IsOpen) done(link, null);
        else link.Waiting.Add(reason => done(link, reason));
    }

    /// <summary>Our end of the connection to it; null where none is open.</summary>
    public IPEndPoint? LocalEndOf(SipEndpoint peer) =>
        _open.TryGetValue((peer, NameOf(peer)), out var connection) && connection.State is SipLink { IsOpen: true } ? connection.Local : null;

    public void OnOpened(StreamConnection connection, Instant now)
    {
        var link = (SipLink)(connection.State ??= new SipLink(new SipEndpoint(connection.Peer.Address, connection.Peer.Port, SipTransport.Tcp)));
        _open.TryAdd((link.Peer, link.Name), connection);
        link.IsOpen = true;
        if (link.Name.Length > 0)
        {
            if (_names.Count >= MaxNames) _names.Clear();
            _names[link.Peer] = link.Name;
        }

        Tell(link, null);
    }

    public void OnBytes(StreamConnection connection, ReadOnlySpan<byte> bytes, Instant now)
    {
        var link = (SipLink)connection.State!;
        link.Framer.Receive(bytes);
        while (true)
        {
            switch (link.Framer.TryTake(out var message))
            {
                case SipFrameStatus.Message:
                    received(message, link.Peer, now);
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
        if (connection.State is not SipLink link) return; // Accepted, and gone before it was open.
        link.IsOpen = false;
        if (_open.TryGetValue((link.Peer, link.Name), out var current) && ReferenceEquals(current, connection)) _open.Remove((link.Peer, link.Name));
        Tell(link, reason);

        // By TCP we can be called anew; over TLS we are out of reach from now on.
        if (reason != StreamCloseReason.Local && (reason != StreamCloseReason.Idle || link.Peer.Transport == SipTransport.Tls)) failed(link, reason, now);
    }

    public void Dispose()
    {
        _listener?.Dispose();
        foreach (var connection in _open.Values) connection.Close();
    }

    private StreamConnection Connection(SipEndpoint peer)
    {
        var key = (peer, NameOf(peer));
        if (_open.TryGetValue(key, out var open) && !open.IsClosed) return open;
        var link = new SipLink(peer, key.Item2);
        var options = peer.Transport == SipTransport.Tls ? StreamOptions.Default with { Secure = (raw, cancel) => tls.SecureAsync(raw, link, cancel) } : StreamOptions.Default;
        var connection = StreamConnection.Connect(loop, PeerAddress.From(peer.Address, peer.Port), this, options);
        connection.State = link;
        return _open[key] = connection;
    }

    private string NameOf(SipEndpoint peer)
    {
        if (peer.Transport != SipTransport.Tls) return "";
        return peer.Name is { } name && !IPAddress.TryParse(name, out _) ? name : _names.GetValueOrDefault(peer) ?? $"{peer.Address}";
    }

    private static void Tell(SipLink link, StreamCloseReason? reason)
    {
        foreach (var waiting in link.Waiting) waiting(reason);
        link.Waiting.Clear();
    }
}
