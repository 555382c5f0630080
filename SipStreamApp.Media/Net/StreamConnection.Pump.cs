using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <content>The life of a connection outside the loop: connect, secure, read and write until one side ends.</content>
internal sealed partial class StreamConnection
{
    private readonly Func<bool> _deliver;
    private byte[] _buffer = [];
    private int _received;

    /// <summary>Runs until the connection is gone; the handler has then been told. Never throws.</summary>
    internal async Task RunAsync(Socket? accepted)
    {
        // Off the caller's thread at once: it may be the loop's.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var socket = accepted ?? NewSocket(Peer.IsIPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6);
        var stream = await OpenAsync(socket, accepted is null);
        if (stream is not null)
        {
            await using (stream)
            {
                Loop.Post(static c => c.Opened(), this);
                var writing = WriteAsync(socket, stream);
                await ReadAsync(stream);
                _queue.Writer.TryComplete();
                await _abort.CancelAsync();
                await writing;
            }
        }

        _onGone?.Invoke(this);
        Loop.Post(static c => c.Gone(), this);
        _abort.Dispose();
    }

    private async Task<Stream?> OpenAsync(Socket socket, bool connect)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_abort.Token);
        limit.CancelAfter(_options.ConnectTimeout);
        var connected = !connect;
        NetworkStream? raw = null;
        try
        {
            if (connect) await socket.ConnectAsync(Peer.ToEndPoint(), limit.Token);
            connected = true;
            Local = (IPEndPoint?)socket.LocalEndPoint;
            raw = new NetworkStream(socket, ownsSocket: false);
            return _options.Secure is { } secure ? await secure(raw, limit.Token) : raw;
        }
        catch (Exception e) when (IsExpected(e))
        {
            TrySetReason(
                Loop.Ending.IsCancellationRequested ? StreamCloseReason.LoopEnded
                : limit.IsCancellationRequested ? StreamCloseReason.ConnectTimeout
                : connected ? StreamCloseReason.SecureFailed
                : StreamCloseReason.ConnectFailed);
            if (raw is not null) await raw.DisposeAsync();
            return null;
        }
    }

    private async Task ReadAsync(Stream stream)
    {
        _buffer = new byte[_options.ReadBytes];
        try
        {
            while (true)
            {
                _received = await stream.ReadAsync(_buffer, _abort.Token);
                if (_received == 0)
                {
                    TrySetReason(StreamCloseReason.Peer);
                    return;
                }

                Touch();
                // The handler is done with the buffer before it is filled again; a slow loop slows the sender down by TCP's own means.
                await Loop.InvokeAsync(_deliver);
            }
        }
        catch (Exception e) when (IsExpected(e))
        {
            TrySetReason(Loop.Ending.IsCancellationRequested ? StreamCloseReason.LoopEnded : StreamCloseReason.Broken);
        }
    }

    private async Task WriteAsync(Socket socket, Stream stream)
    {
        try
        {
            await foreach (var bytes in _queue.Reader.ReadAllAsync(_abort.Token))
            {
                await stream.WriteAsync(bytes, _abort.Token);
                Interlocked.Add(ref _queuedBytes, -bytes.Length);
                Touch();
            }

            if (Volatile.Read(ref _orderly) == 0) return;
            // Our last byte is out: say so, then give the other side a moment to do the same.
            socket.Shutdown(SocketShutdown.Send);
            _abort.CancelAfter(_options.CloseTimeout);
        }
        catch (Exception e) when (IsExpected(e))
        {
            TrySetReason(StreamCloseReason.Broken);
            await _abort.CancelAsync();
        }
    }

    private bool Deliver()
    {
        // After an orderly close of ours the rest is read and thrown away.
        if (IsClosed) return false;
        try
        {
            _handler.OnBytes(this, _buffer.AsSpan(0, _received), Loop.Now);
        }
        catch (Exception e)
        {
            Loop.Fault(e, "stream handler");
        }

        return true;
    }

    private void Opened()
    {
        if (IsClosed) return;
        _idle.Set(Loop.Now + _options.IdleTimeout);
        _handler.OnOpened(this, Loop.Now);
    }

    private void Gone()
    {
        _idle.Cancel();
        _handler.OnClosed(this, (StreamCloseReason)_reason, Loop.Now);
    }

    // What networks, TLS peers and our own Abort do; anything else is a bug and.
    private static bool IsExpected(Exception e) =>
        e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException;
}
