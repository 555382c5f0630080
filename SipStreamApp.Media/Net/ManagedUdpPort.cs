using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>A UDP port on the plain socket calls of .NET, one datagram each.</summary>
internal sealed class ManagedUdpPort : UdpPort
{
    private readonly ReceiveSlab _slab;
    private readonly SocketAddress _from;
    private readonly SocketAddress _to;
    private readonly bool _ipv6;

    public ManagedUdpPort(NetLoop loop, Socket socket, IDatagramHandler handler, ReceiveSlab slab)
        : base(loop, socket, handler)
    {
        (_slab, _ipv6) = (slab, socket.AddressFamily == AddressFamily.InterNetworkV6);
        (_from, _to) = (new SocketAddress(socket.AddressFamily), new SocketAddress(socket.AddressFamily));
    }

    protected override void ReceiveBatch(Instant now)
    {
        for (var i = 0; i < _slab.Slots && !IsClosed; i++)
        {
            if (i > 0 && Socket.Available == 0) return;
            Tally.ReceiveCalls++;
            try
            {
                // One byte more than may come: Unix cuts a longer datagram without a word, Windows fails the call.
                var length = Socket.ReceiveFrom(_slab.Datagram(0, _slab.MaxDatagram + 1), SocketFlags.None, _from);
                if (length > _slab.MaxDatagram) CountTruncated();
                else Deliver(_slab.Datagram(0, length), Read(_from), now);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                return;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
            {
                CountTruncated();
            }
            catch (SocketException)
            {
                // ICMP errors of earlier datagrams show up here on some systems; the socket itself is sound.
                ReportUnreachable(default);
            }
        }
    }

    internal override void Transmit(SendBatch batch)
    {
        var (sent, dropped) = (0, 0);
        long bytes = 0;
        for (var slot = 0; slot < batch.Count; slot++)
        {
            if (TrySend(batch.Datagram(slot), batch.To(slot)))
            {
                sent++;
                bytes += batch.Length(slot);
            }
            else dropped++;
        }

        CountSent(sent, bytes, batch.Count, dropped, 0);
    }

    protected override void TransmitLong(ReadOnlySpan<byte> datagram, in PeerAddress to)
    {
        var sent = TrySend(datagram, to);
        CountSent(sent ? 1 : 0, sent ? datagram.Length : 0, 1, sent ? 0 : 1, 0);
    }

    private bool TrySend(ReadOnlySpan<byte> datagram, in PeerAddress to)
    {
        if (!_ipv6 && !to.IsIPv4) return false;
        Write(to);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                Socket.SendTo(datagram, SocketFlags.None, _to);
                return true;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.NetworkUnreachable or SocketError.HostUnreachable)
            {
                ReportUnreachable(to);
                return false;
            }
            catch (SocketException e) when (attempt == 0)
            {
                // Buffer full, or the error of an earlier datagram: one more try, then it counts as lost.
                _ = e.SocketErrorCode;
            }
            catch (SocketException)
            {
                return false;
            }
        }

        return false;
    }

    // The layout behind the family field is the same on Linux, Windows and macOS: port, then address (IPv6: flow info, address, scope).
    private static PeerAddress Read(SocketAddress raw)
    {
        var bytes = raw.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return raw.Family == AddressFamily.InterNetwork
            ? PeerAddress.FromIPv4(bytes[4..8], port)
            : PeerAddress.FromIPv6(bytes[8..24], port, BitConverter.ToUInt32(bytes[24..28]));
    }

    private void Write(in PeerAddress to)
    {
        var bytes = _to.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)to.Port);
        if (!_ipv6)
        {
            to.WriteAddress(bytes[4..]);
            return;
        }

        to.WriteIPv6(bytes[8..]);
        BitConverter.TryWriteBytes(bytes[24..], to.ScopeId);
    }
}
