// RFC 6347 and RFC 5764: the server's end of one peer's DTLS association.
using System.Collections.Immutable;
using Org.BouncyCastle.Tls;
using SipStreamApp.Media.Srtp;

namespace SipStreamApp.Media.WebRtc.Dtls;

/// <summary>Why an association is over, or never came to be.</summary>
internal enum DtlsEnd
{
    /// <summary>The peer sent close_notify or a fatal alert after the handshake.</summary>
    ClosedByPeer,

    /// <summary>The peer's certificate is not the one its SDP named.</summary>
    FingerprintMismatch,

    /// <summary>No common suite, no common SRTP profile, a bad message.</summary>
    HandshakeFailed,

    /// <summary>The handshake was not through in time.</summary>
    TimedOut,
}

/// <summary>Where an association reports to. Called on a worker thread: only pass it on to the owner's loop.</summary>
internal interface IDtlsOwner
{
    void OnDtlsSend(byte[] datagram);

    void OnDtlsSecured(DtlsSrtpKeys keys);

    void OnDtlsEnded(DtlsEnd end, string detail);
}

/// <summary>
/// One association. <see cref="Receive"/> and <see cref="Close"/> belong to the loop's thread and never block. A worker drives the handshake and
/// is given back when the keys are there; later records (close_notify, a repeated Finished) borrow one for a moment.
/// </summary>
internal sealed class DtlsSession
{
    private readonly DtlsWorkers _workers;
    private readonly IDtlsOwner _owner;
    private readonly DtlsPipe _pipe;
    private readonly DtlsServerPeer _peer;
    private readonly Action _run;
    private DtlsTransport? _transport;
    private int _scheduled;
    private volatile bool _closing;
    private bool _over;

    public DtlsSession(DtlsWorkers workers, DtlsIdentity identity, ImmutableArray<PeerFingerprint> expected, DtlsOptions options, IDtlsOwner owner)
    {
        (_workers, _owner) = (workers, owner);
        _pipe = new DtlsPipe(owner.OnDtlsSend, options, () => workers.IsUnderLoad);
        _peer = new DtlsServerPeer(new PlatformTlsCrypto(), identity, expected, options);
        _run = Run;
    }

    /// <summary>Records that found no worker.</summary>
    public long Refused { get; private set; }

    /// <summary>RFC 7983: DTLS is what starts with 20 to 63.</summary>
    public static bool LooksLikeDtls(ReadOnlySpan<byte> datagram) => datagram.Length >= 13 && datagram[0] is >= 20 and <= 63;

    /// <summary>A datagram from an address whose check carried the right password.</summary>
    public void Receive(ReadOnlySpan<byte> datagram)
    {
        _pipe.Offer(datagram);
        Schedule();
    }

    /// <summary>Tells the peer that it is over, where there is somebody to tell.</summary>
    public void Close()
    {
        _closing = true;
        if (Volatile.Read(ref _transport) is null) _pipe.Close();
        else Schedule();
    }

    /// <summary>IOException covers TlsFatalAlert. The others are what a parser may throw at bytes nobody foresaw: the peer's fault, its end.</summary>
    internal static bool IsPeersFault(Exception e) => e is IOException or TlsTimeoutException or ArgumentException or InvalidOperationException or IndexOutOfRangeException;

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) != 0) return;
        if (_workers.TryRun(_run)) return;
        Volatile.Write(ref _scheduled, 0);
        Refused++;
    }

    // Only one worker at a time is in here: whoever turned _scheduled on.
    private void Run()
    {
        do
        {
            if (!_over)
            {
                if (_transport is null) Handshake();
                else Drain();
            }

            Volatile.Write(ref _scheduled, 0);
            // A record that came between the last look and the line above has not scheduled anybody.
        }
        while (!_over && (_pipe.HasRecords || (_closing && _transport is not null)) && Interlocked.Exchange(ref _scheduled, 1) == 0);
    }

    private void Handshake()
    {
        try
        {
            var transport = new DtlsServerProtocol().Accept(_peer, _pipe);
            _pipe.StopBlocking();
            Volatile.Write(ref _transport, transport);
            _owner.OnDtlsSecured(_peer.Keys!);
        }
        catch (Exception e) when (IsPeersFault(e))
        {
            var end = _peer.FingerprintMismatch ? DtlsEnd.FingerprintMismatch : e is TlsTimeoutException or DtlsAbandonedException ? DtlsEnd.TimedOut : DtlsEnd.HandshakeFailed;
            End(end, e.Message);
        }
    }

    private void Drain()
    {
        try
        {
            Span<byte> scratch = stackalloc byte[DtlsPipe.MaxRecordBytes];
            while (_pipe.HasRecords && !_pipe.IsClosed) _transport!.Receive(scratch, 1);
            if (_closing && !_pipe.IsClosed) _transport!.Close();
            if (_pipe.IsClosed) End(DtlsEnd.ClosedByPeer, "");
        }
        catch (Exception e) when (e is IOException or TlsTimeoutException)
        {
            End(DtlsEnd.ClosedByPeer, e.Message);
        }
    }

    private void End(DtlsEnd end, string detail)
    {
        _over = true;
        _pipe.Close();
        if (!_closing) _owner.OnDtlsEnded(end, detail);
    }
}
