using System.Net.Sockets;
using System.Runtime.InteropServices;
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Net;

/// <summary>A UDP port on recvmmsg and sendmmsg.</summary>
internal sealed unsafe class LinuxUdpPort : UdpPort
{
    // Each ICMP error takes one call to read; a flood of them must not keep the port from its datagrams.
    private const int ErrorsPerTurn = 16;

    private readonly LinuxReceiveBatch _receive;
    private readonly LinuxSendBatch _send;
    private readonly ReceiveSlab _slab;
    private readonly bool _ipv6;

    public LinuxUdpPort(NetLoop loop, Socket socket, IDatagramHandler handler, UdpPortOptions options, EpollPoller poller)
        : base(loop, socket, handler)
    {
        (_receive, _send, _slab) = (poller.ReceiveBatch, poller.SendBatch, ReceiveSlab.For(options, poller.Slab));
        _ipv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        Descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        // Setting the size to "none" changes nothing; a kernel before 4.18 does not know the option.
        if (!LinuxNative.SetOption(socket, LinuxNative.SOL_UDP, LinuxNative.UDP_SEGMENT, 0)) _send.TurnSegmentationOff();
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
        var tally = new Sent();
        var slot = 0;
        // Once, except when the kernel refuses a segmented run: then the rest again, datagram by datagram.
        for (var segment = true; slot < batch.Count; segment = false)
        {
            var count = _send.Prepare(batch, slot, _ipv6, segment);
            slot = TransmitMessages(batch.Count, count, ref tally);
        }

        CountSent(tally.Datagrams, tally.Bytes, tally.Calls, batch.Count - tally.Datagrams, tally.Segmented);
    }

    /// <summary>Sends the prepared messages; returns the slot to go on from: the end, or the first of a run that was refused.</summary>
    private int TransmitMessages(int end, int count, ref Sent tally)
    {
        var (done, retried) = (0, false);
        while (done < count)
        {
            tally.Calls++;
            var sent = LinuxNative.SendBatch(Descriptor, _send.Messages + done, (uint)(count - done), LinuxNative.MSG_DONTWAIT | LinuxNative.MSG_NOSIGNAL);
            if (sent > 0)
            {
                for (var i = done; i < done + sent; i++) tally.Add(_send.Messages[i]);
                done += sent;
                retried = false;
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == LinuxNative.EINTR) continue;
            if (_send.IsRun(done) && error is LinuxNative.EIO or LinuxNative.EINVAL or LinuxNative.EMSGSIZE)
            {
                _send.SegmentationRefused(error);
                return _send.FirstSlot(done);
            }

            // Either the buffer is full, or the call gave back the ICMP error of an earlier datagram: both deserve one more try.
            if (!retried)
            {
                retried = true;
                continue;
            }

            retried = false;
            if (error is LinuxNative.EAGAIN or LinuxNative.ENOBUFS) break;
            if (error is LinuxNative.ENETUNREACH or LinuxNative.EHOSTUNREACH) ReportUnreachable(_send.To(done));
            done++;
        }

        return end;
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

    private struct Sent
    {
        public int Datagrams, Calls, Segmented;
        public long Bytes;

        public void Add(in LinuxNative.BatchMessage message)
        {
            var datagrams = (int)message.Header.VectorCount;
            Datagrams += datagrams;
            Bytes += message.Length;
            if (datagrams > 1) Segmented += datagrams;
        }
    }
}
