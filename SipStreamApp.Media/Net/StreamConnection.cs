using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>A TCP connection (with TLS over it, if wanted) whose handler lives on a loop; reading and writing run outside it.</summary>
internal sealed partial class StreamConnection
{
    private readonly IStreamHandler _handler;
    private readonly StreamOptions _options;
    private readonly Channel<byte[]> _queue = Channel.CreateUnbounded<byte[]>(new() { SingleReader = true });
    private readonly CancellationTokenSource _abort;
    private readonly Action<StreamConnection>? _onGone;
    private readonly LoopTimer _idle;
    private long _lastActivity;
    private int _queuedBytes;
    private int _reason;
    private int _orderly;

    internal StreamConnection(NetLoop loop, PeerAddress peer, IStreamHandler handler, StreamOptions options, Action<StreamConnection>? onGone = null)
    {
        (Loop, Peer, _handler, _options, _onGone) = (loop, peer, handler, options, onGone);
        _abort = CancellationTokenSource.CreateLinkedTokenSource(loop.Ending);
        _idle = loop.CreateTimer(OnIdleTimer);
        _deliver = Deliver;
        _lastActivity = loop.ReadClock().Ticks;
    }

    public NetLoop Loop { get; }

    public PeerAddress Peer { get; }

    /// <summary>This end's address; null until connected.</summary>
    public IPEndPoint? Local { get; private set; }

    /// <summary>Whatever the handler wants to keep with the connection (its framing state, say).</summary>
    public object? State { get; set; }

    public bool IsClosed => Volatile.Read(ref _reason) != 0;

    /// <summary>Bytes that wait to be sent.</summary>
    public int QueuedBytes => Volatile.Read(ref _queuedBytes);

    /// <summary>Starts connecting; returns at once. What is sent before it opens waits in the queue.</summary>
    public static StreamConnection Connect(NetLoop loop, PeerAddress peer, IStreamHandler handler, StreamOptions options)
    {
        var connection = new StreamConnection(loop, peer, handler, options);
        _ = connection.RunAsync(null);
        return connection;
    }

    /// <summary>Queues a copy; from any thread. False once closed, or when the queue is full, which closes the connection.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed) return false;
        if (Interlocked.Add(ref _queuedBytes, bytes.Length) > _options.MaxQueuedBytes)
        {
            Abort(StreamCloseReason.SendQueueFull);
            return false;
        }

        return _queue.Writer.TryWrite(bytes.ToArray());
    }

    /// <summary>Closes in order, from any thread: what is queued is sent first.</summary>
    public void Close()
    {
        if (!TrySetReason(StreamCloseReason.Local)) return;
        Volatile.Write(ref _orderly, 1);
        _queue.Writer.TryComplete();
    }

    /// <summary>Closes at once, from any thread.</summary>
    public void Abort(StreamCloseReason reason = StreamCloseReason.Local)
    {
        TrySetReason(reason);
        _queue.Writer.TryComplete();
        try
        {
            _abort.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this moment.
            return;
        }
    }

    private bool TrySetReason(StreamCloseReason reason) => Interlocked.CompareExchange(ref _reason, (int)reason, 0) == 0;

    private void Touch() => Volatile.Write(ref _lastActivity, Loop.ReadClock().Ticks);

    private void OnIdleTimer(Instant now)
    {
        if (IsClosed) return;
        var due = new Instant(Volatile.Read(ref _lastActivity)) + _options.IdleTimeout;
        if (due <= now) Abort(StreamCloseReason.Idle);
        else _idle.Set(due);
    }

    private static Socket NewSocket(AddressFamily family) => new(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
}
