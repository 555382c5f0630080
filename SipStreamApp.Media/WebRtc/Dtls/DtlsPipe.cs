using Org.BouncyCastle.Tls;

namespace SipStreamApp.Media.WebRtc.Dtls;

/// <summary>A handshake is to stop. Not a time-out: BouncyCastle takes those for a lost datagram and goes on.</summary>
internal sealed class DtlsAbandonedException(string message) : IOException(message);

/// <summary>
/// The peer's records on their way from the loop to the worker that drives its handshake: bounded, and a record wakes the worker at once.
/// The lock is held for a copy of one record; only handshakes ever pass here, never media.
/// </summary>
internal sealed class DtlsPipe(Action<byte[]> send, DtlsOptions options, Func<bool> isUnderLoad) : DatagramTransport
{
    public const int MaxRecordBytes = 2048;

    // Fits the payload of every path that carries IPv6, with SRTP-like headroom; larger flights are cut by BouncyCastle.
    private const int SendBytes = 1200;
    private const int MaxQueued = 32;

    private readonly object _gate = new();
    private readonly Queue<byte[]> _records = new();
    private bool _closed;
    private bool _blocking = true;

    /// <summary>True once the peer sent close_notify, or a fatal alert went either way.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate) return _closed;
        }
    }

    public bool HasRecords
    {
        get
        {
            lock (_gate) return _records.Count > 0;
        }
    }

    /// <summary>Takes a record from the peer. Beyond the bound it is dropped: DTLS repeats itself.</summary>
    public void Offer(ReadOnlySpan<byte> record)
    {
        if (record.Length > MaxRecordBytes) return;
        lock (_gate)
        {
            if (_closed || _records.Count >= MaxQueued) return;
            _records.Enqueue(record.ToArray());
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>From here on nobody waits: what is queued is read, and that is all.</summary>
    public void StopBlocking()
    {
        lock (_gate) _blocking = false;
    }

    public int GetReceiveLimit() => MaxRecordBytes;

    public int GetSendLimit() => SendBytes;

    public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

    public int Receive(Span<byte> buffer, int waitMillis)
    {
        lock (_gate)
        {
            var silence = (int)options.SilenceUnderLoad.TotalMilliseconds;
            if (_records.Count == 0 && _blocking && !_closed) Monitor.Wait(_gate, waitMillis <= 0 ? silence : Math.Min(waitMillis, silence));
            if (_closed && _blocking) throw new DtlsAbandonedException("The session is over");
            if (_records.Count == 0)
            {
                if (_blocking && waitMillis >= silence && isUnderLoad()) throw new DtlsAbandonedException("Silent while others wait");
                return -1;
            }

            var record = _records.Dequeue();
            var length = Math.Min(record.Length, buffer.Length);
            record.AsSpan(0, length).CopyTo(buffer);
            return length;
        }
    }

    public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

    public void Send(ReadOnlySpan<byte> buffer) => send(buffer.ToArray());

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _records.Clear();
            Monitor.PulseAll(_gate);
        }
    }
}
