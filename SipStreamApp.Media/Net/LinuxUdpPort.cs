using System.Net.Sockets;
using System.Runtime.InteropServices;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>A UDP port on recvmmsg and sendmmsg.</summary>
internal sealed unsafe class LinuxUdpPort : UdpPort
{
    // Each ICMP error takes one call to read; a flood of them must not keep the port from its datagrams.
    private const int ErrorsPerTurn = 16;

    private readonly LinuxBatch _receive;
    private readonly LinuxBatch _send;
    private readonly ReceiveSlab _slab;
    private readonly bool _ipv6;

    public LinuxUdpPort(NetLoop loop, Socket socket, IDatagramHandler handler, UdpPortOptions options, EpollPoller poller)
        : base(loop, socket, handler)
    {
        (_receive, _send, _slab) = (poller.ReceiveBatch, poller.SendBatch, ReceiveSlab.For(options, poller.Slab));
        _ipv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        Descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        if (!options.ReportUnreachable) return;
        LinuxNative.SetOption(socket, LinuxNative.SOL_IP, LinuxNative.IP_RECVERR, 1);
        if (_ipv6) LinuxNative.SetOption(socket, LinuxNative.SOL_IPV6, LinuxNative.IPV6_RECVERR, 1);
    }

    public int Descriptor { get; }

    public int PollIndex { get; set; }

    /// <summary>The last wait found something in the error queue.</summary>
    public bool HasErrors { get; set; }

    protected override void ReceiveBatch(Instant now)
    {
        if (HasErrors) ReadErrors();
        Tally.ReceiveCalls++;
        var count = _receive.Receive(Descriptor, _slab);
        var messages = _receive.Messages;
        // A failed call is "nothing there" or an ICMP error of an earlier send, which the call has taken off the socket: no reason to stop.
        for (var i = 0; i < count; i++)
        {
            if ((messages[i].Header.Flags & LinuxNative.MSG_TRUNC) != 0) CountTruncated();
            else Deliver(_slab.Datagram(i, (int)messages[i].Length), _receive.From(i), now);
        }
    }

    internal override void Transmit(SendBatch batch)
    {
        var count = _send.PrepareSend(batch, _ipv6);
        var (done, calls, dropped, retried) = (0, 0, batch.Count - count, false);
        long bytes = 0;
        var messages = _send.Messages;
        while (done < count)
        {
            calls++;
            var sent = LinuxNative.SendBatch(Descriptor, messages + done, (uint)(count - done), LinuxNative.MSG_DONTWAIT | LinuxNative.MSG_NOSIGNAL);
            if (sent > 0)
            {
                for (var i = 0; i < sent; i++) bytes += messages[done + i].Length;
                done += sent;
                retried = false;
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == LinuxNative.EINTR) continue;
            // Either the buffer is full, or the call gave back the ICMP error of an earlier datagram: both deserve one more try.
            if (!retried)
            {
                retried = true;
                continue;
            }

            retried = false;
            if (error is LinuxNative.EAGAIN or LinuxNative.ENOBUFS)
            {
                dropped += count - done;
                break;
            }

            if (error is LinuxNative.ENETUNREACH or LinuxNative.EHOSTUNREACH) ReportUnreachable(_send.From(done));
            dropped++;
            done++;
        }

        CountSent(batch.Count - dropped, bytes, calls, dropped, 0);
    }

    protected override void TransmitLong(ReadOnlySpan<byte> datagram, in PeerAddress to)
    {
        Span<byte> address = stackalloc byte[LinuxNative.AddressBytes];
        var length = LinuxAddress.Write(to, _ipv6, address);
        var (sent, calls) = (false, 0);
        fixed (byte* data = datagram, name = address)
        {
            while (length > 0 && !sent && calls < 2)
            {
                calls++;
                sent = LinuxNative.SendTo(Descriptor, data, (nuint)datagram.Length, LinuxNative.MSG_DONTWAIT | LinuxNative.MSG_NOSIGNAL, name, (uint)length) >= 0;
            }
        }

        CountSent(sent ? 1 : 0, sent ? datagram.Length : 0, calls, sent ? 0 : 1, 0);
    }

    private void ReadErrors()
    {
        HasErrors = false;
        for (var i = 0; i < ErrorsPerTurn && LinuxErrorQueue.TryRead(Descriptor, out var peer); i++) ReportUnreachable(peer);
    }
}
