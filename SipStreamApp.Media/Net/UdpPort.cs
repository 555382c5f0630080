using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>A bound UDP socket on a <see cref="NetLoop"/>. Sending is for the loop's thread only.</summary>
internal abstract class UdpPort : IDisposable, IAbandonable
{
    /// <summary>Bytes behind every received datagram that may be overwritten too.</summary>
    public const int TailRoom = 64;

    /// <summary>Room in the slot that <see cref="BeginSend"/> hands out.</summary>
    public const int SendRoom = SendBatch.SlotBytes;

    private const int MaxPendingReports = 16;

    private readonly UdpTally _tally = new();
    private PeerAddress[]? _unreachable;
    private int _unreachableCount;
    private int _closed;
    private int _socketClosed;

    protected UdpPort(NetLoop loop, Socket socket, IDatagramHandler handler)
    {
        (Loop, Socket, Handler) = (loop, socket, handler);
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        (ReceiveBufferBytes, SendBufferBytes) = (socket.ReceiveBufferSize, socket.SendBufferSize);
    }

    public NetLoop Loop { get; }

    /// <summary>Where it is bound, with the port the system chose if none was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>What the kernel gave; Linux counts its own book-keeping in (about double of what was asked).</summary>
    public int ReceiveBufferBytes { get; }

    /// <inheritdoc cref="ReceiveBufferBytes"/>
    public int SendBufferBytes { get; }

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    internal Socket Socket { get; }

    protected IDatagramHandler Handler { get; }

    protected UdpTally Tally => _tally;

    public UdpCounters Snapshot() => _tally.Snapshot();

    /// <summary>A slot of <see cref="SendRoom"/> bytes to write one datagram into; <see cref="EndSend"/> sends it, nothing else needs to be done.</summary>
    public Span<byte> BeginSend(in PeerAddress to)
    {
        Loop.RequireLoopThread();
        return Loop.Batch.Begin(this, to);
    }

    /// <summary>Commits the datagram begun last. It leaves at the end of the turn, or when the batch is full.</summary>
    public void EndSend(int length) => Loop.Batch.Commit(this, length);

    /// <summary>Copies a datagram into the batch; one longer than <see cref="SendRoom"/> is sent at once.</summary>
    public void Send(ReadOnlySpan<byte> datagram, in PeerAddress to)
    {
        Loop.RequireLoopThread();
        if (IsClosed) return;
        if (datagram.Length > SendRoom)
        {
            Loop.Batch.Release(this);
            TransmitLong(datagram, to);
            return;
        }

        datagram.CopyTo(Loop.Batch.Begin(this, to));
        Loop.Batch.Commit(this, datagram.Length);
    }

    /// <summary>Closes the socket, on the loop's thread at once, from another one soon. What was committed before is sent.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return;
        if (Loop.IsLoopThread || Loop.HasEnded) Close();
        else Loop.Post(static p => p.Close(), this);
    }

    /// <summary>The loop ended before it took the port in, or before it closed it.</summary>
    void IAbandonable.Abandon()
    {
        Volatile.Write(ref _closed, 1);
        Close();
    }

    internal void Receive(Instant now)
    {
        var (count, bytes, calls) = (_tally.DatagramsIn, _tally.BytesIn, _tally.ReceiveCalls);
        ReceiveBatch(now);
        Loop.Tally.DatagramsIn += _tally.DatagramsIn - count;
        Loop.Tally.BytesIn += _tally.BytesIn - bytes;
        Loop.Tally.ReceiveCalls += _tally.ReceiveCalls - calls;
        if (_tally.DatagramsIn == count || IsClosed) return;
        try
        {
            Handler.OnBatchEnd(now);
        }
        catch (Exception e)
        {
            Loop.Fault(e, "batch end");
        }
    }

    /// <summary>Sends the batch; never blocks, never throws for what the network does.</summary>
    internal abstract void Transmit(SendBatch batch);

    /// <summary>Reads at most one batch and hands each datagram to <see cref="Deliver"/>.</summary>
    protected abstract void ReceiveBatch(Instant now);

    protected abstract void TransmitLong(ReadOnlySpan<byte> datagram, in PeerAddress to);

    protected void Deliver(Span<byte> datagram, in PeerAddress from, Instant now)
    {
        if (IsClosed) return;
        _tally.DatagramsIn++;
        _tally.BytesIn += datagram.Length;
        try
        {
            Handler.OnDatagram(this, datagram, from, now);
        }
        catch (Exception e)
        {
            Loop.Fault(e, "datagram handler");
        }
    }

    protected void CountSent(int datagrams, long bytes, int calls, int dropped, int segmented)
    {
        foreach (var tally in (ReadOnlySpan<UdpTally>)[_tally, Loop.Tally])
        {
            tally.DatagramsOut += datagrams;
            tally.BytesOut += bytes;
            tally.SendCalls += calls;
            tally.SendDropped += dropped;
            tally.Segmented += segmented;
        }
    }

    protected void CountTruncated()
    {
        _tally.Truncated++;
        Loop.Tally.Truncated++;
    }

    /// <summary>Counts an ICMP error and reports it in a later turn: the handler may be in the middle of sending. An empty peer is not known.</summary>
    protected void ReportUnreachable(in PeerAddress peer)
    {
        _tally.Unreachable++;
        Loop.Tally.Unreachable++;
        if (peer.IsEmpty || _unreachableCount == MaxPendingReports) return;
        _unreachable ??= new PeerAddress[MaxPendingReports];
        _unreachable[_unreachableCount++] = peer;
        if (_unreachableCount == 1) Loop.Post(static p => p.DeliverReports(), this);
    }

    private void DeliverReports()
    {
        var count = _unreachableCount;
        _unreachableCount = 0;
        for (var i = 0; i < count && !IsClosed; i++) Handler.OnUnreachable(this, _unreachable![i], Loop.Now);
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _socketClosed, 1) != 0) return;
        Loop.Batch.Release(this);
        Loop.Detach(this);
        Socket.Dispose();
    }
}
