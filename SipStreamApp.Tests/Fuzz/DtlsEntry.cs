using Org.BouncyCastle.Tls;
using SipStreamApp.Media.WebRtc.Dtls;

namespace SipStreamApp.Tests.Fuzz;

/// <summary>The server's half of a DTLS handshake, fed with one input as its records and then nothing: the bytes a stranger sends first.</summary>
internal sealed class DtlsEntry
{
    private readonly Lazy<DtlsIdentity> _identity = new(() => DtlsIdentity.Create(TimeProvider.System.GetUtcNow()));
    private readonly PlatformTlsCrypto _crypto = new();

    public void Run(byte[] data)
    {
        if (!DtlsSession.LooksLikeDtls(data)) return;
        var wire = new OneDatagram(data);
        try
        {
            new DtlsServerProtocol().Accept(new DtlsServerPeer(_crypto, _identity.Value, [], DtlsOptions.Default), wire);
        }
        catch (Exception e) when (DtlsSession.IsPeersFault(e))
        {
            // As the session ends on it. What is sent back before the peer has proved its address is bounded by ICE: no record is
            // read before a check with the right password came from there.
            wire.Close();
        }
    }

    private sealed class OneDatagram(byte[] data) : DatagramTransport
    {
        private bool _read;

        public int GetReceiveLimit() => DtlsPipe.MaxRecordBytes;

        public int GetSendLimit() => 1200;

        public int Receive(byte[] buf, int off, int len, int waitMillis) => Receive(buf.AsSpan(off, len), waitMillis);

        public int Receive(Span<byte> buffer, int waitMillis)
        {
            if (_read) throw new DtlsAbandonedException("Nothing more comes");
            _read = true;
            var length = Math.Min(data.Length, buffer.Length);
            data.AsSpan(0, length).CopyTo(buffer);
            return length;
        }

        public void Send(byte[] buf, int off, int len) => Send(buf.AsSpan(off, len));

        public void Send(ReadOnlySpan<byte> buffer) => Xunit.Assert.InRange(buffer.Length, 1, 1200);

        public void Close() => _read = true;
    }
}
