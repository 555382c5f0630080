// RFC 3550 (RTP and RTCP ports), RFC 5761 (both on one port), RFC 4961 (symmetric RTP).
using System.Diagnostics.CodeAnalysis;
using System.Net;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Inbound;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Sdp;

namespace SipStreamApp.Media.Calls.Legs;

/// <summary>
/// One m-line of a call: its pair of ports, the receiving and the sending side. Bound on any thread, then owned by the rtp loop.
/// </summary>
internal sealed class RtpLeg : IDatagramHandler, IDisposable
{
    private readonly NetLoop _loop;
    private readonly EngineClock _clock;
    private readonly IRtpLegOwner _owner;
    private readonly RtpLegOptions _options;
    private readonly RemoteParty _remote;
    private readonly LoopTimer _timer;
    private readonly byte[] _scratch = new byte[2048];
    private RtpPortPair? _ports;
    private IPacketizer? _packetizer;
    private PayloadMapping? _send;
    private EarlyPackets? _early = new();
    private bool _closed;

    public RtpLeg(NetLoop loop, EngineClock clock, MediaKind kind, IRtpLegOwner owner, RtpLegOptions options)
    {
        (_loop, _clock, _owner, _options, Kind) = (loop, clock, owner, options, kind);
        Ssrc = new Ssrc((uint)Random.Shared.NextInt64(1, uint.MaxValue));
        var clockRate = kind == MediaKind.Video ? 90000 : 8000;
        Receiver = new RtpReceiver(clockRate, [], new RtpReceiverOptions { Jitter = new JitterOptions { Target = options.JitterTarget } });
        Sender = new RtpSender(Ssrc, clockRate, (ulong)Random.Shared.NextInt64());
        Rtcp = new RtcpSession(Ssrc, options.Cname, Sender, Receiver, Random.Shared.Next(), loop.ReadClock());
        _remote = new RemoteParty(options.LatchPackets);
        _timer = loop.CreateTimer(OnTimer);
    }

    public MediaKind Kind { get; }

    public Ssrc Ssrc { get; }

    public RtpReceiver Receiver { get; }

    public RtpSender Sender { get; }

    public RtcpSession Rtcp { get; }

    /// <summary>Our ports as SDP names them; valid once bound.</summary>
    public SipMediaPort SdpPort => new(_ports!.Rtp.LocalEndPoint.Port, _ports.Rtcp.LocalEndPoint.Port, Ssrc);

    /// <summary>Our RTP port; 0 before one is bound.</summary>
    public int LocalPort => _ports?.Rtp.LocalEndPoint.Port ?? 0;

    /// <summary>What the negotiation came to; null before, and where the peer refused the line.</summary>
    public NegotiatedMedia? Negotiated { get; private set; }

    /// <summary>What is sent; null while nothing may be.</summary>
    public TrackFormat? SendFormat => _send?.Format;

    /// <summary>Where RTP goes to; empty before it is known.</summary>
    public PeerAddress RemoteAddress => _remote.Rtp;

    /// <summary>Binds the ports on <paramref name="local"/>. Any thread.</summary>
    public bool TryBind(RtpPorts ports, IPAddress local, [NotNullWhen(false)] out Failure? failure) =>
        ports.TryBind(_loop, local, this, this, UdpPortOptions.Default, out _ports, out failure);

    /// <summary>Takes over what offer and answer came to. May be repeated (early media, re-INVITE).</summary>
    public void Configure(NegotiatedMedia? media, Instant now)
    {
        var before = _send?.Format.Codec;
        Negotiated = media is { Accepted: true } ? media : null;
        _send = null;
        if (Negotiated is null)
        {
            Receiver.SetPayloads([]);
            _early = null;
            return;
        }

        Receiver.Reconfigure(Negotiated.Receive.Length > 0 ? Negotiated.Receive[0].Format.ClockRate : 8000, Accepted(Negotiated));
        if (Negotiated.RemoteRtp is { } rtp) _remote.Signal(PeerAddress.From(rtp), Negotiated.RemoteRtcp is { } rtcp ? PeerAddress.From(rtcp) : default);
        if (Negotiated.Direction is SdpDirection.SendRecv or SdpDirection.SendOnly && Negotiated.Send is { } send)
        {
            if (_packetizer is null || before != send.Format.Codec) _packetizer = Packetizer.Create(send.Format, send.PacketizationMode);
            _send = send;
            Sender.ChangeClockRate(send.Format.ClockRate);
        }

        while (_early is not null && _early.TryTake(now, out var datagram, out var from, out var at)) OnRtp(datagram, from, at);
        _early = null;
        // Not drained here: the owner has yet to learn what the packets are.
        _timer.Set(now);
    }

    /// <summary>A packet came with a payload type of another clock: the receiver goes on in that one.</summary>
    public void ChangeClock(int clockRate)
    {
        if (Negotiated is null) return;
        Receiver.Reconfigure(clockRate, Accepted(Negotiated));
    }

    /// <summary>Packetises and sends a frame, where sending is agreed and the peer's address is known.</summary>
    public void Send(MediaFrame frame, Instant now) => Send(frame, frame.MediaTicks, now);

    /// <summary>The same, with a place on the time line of what is sent instead of the frame's own.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="mediaTicks">Its place, in ticks of the send format.</param>
    /// <param name="capturedAt">The moment that tick stands for, told in sender reports.</param>
    public void Send(MediaFrame frame, long mediaTicks, Instant capturedAt)
    {
        if (_closed || _send is null || _packetizer is null || _remote.Rtp.IsEmpty) return;
        _packetizer.Begin(frame, _options.MaxPayload);
        while (_packetizer.TryNext(_scratch, out var length, out var marker)) Write(_send.PayloadType, marker, mediaTicks, _scratch.AsSpan(0, length), capturedAt);
    }

    /// <summary>Sends a packet of a key press (RFC 4733); false where that was not agreed on.</summary>
    public bool SendEvent(ReadOnlySpan<byte> payload, bool marker, long mediaTicks, Instant capturedAt)
    {
        if (_closed || _send is null || _remote.Rtp.IsEmpty || Negotiated?.TelephoneEventSend is not { } type) return false;
        Write(type, marker, mediaTicks, payload, capturedAt);
        return true;
    }

    /// <summary>Asks the peer for a keyframe, at once.</summary>
    public void RequestKeyframe(bool byFir, Instant now)
    {
        Rtcp.RequestKeyframe(byFir);
        Drain(now);
    }

    public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now)
    {
        if (_closed) return;
        if (PacketKinds.Of(datagram) == PacketKind.Rtcp)
        {
            if (!Rtcp.Receive(datagram, now, NtpTime.FromUtc(_clock.UtcNow))) return;
            _remote.HeardRtcp(from);
            if (Rtcp.TryTakeKeyframeRequest()) _owner.OnKeyframeAsked(this, now);
            return;
        }

        if (PacketKinds.Of(datagram) != PacketKind.Rtp) return;
        if (_early is not null) _early.Add(datagram, from, now);
        else OnRtp(datagram, from, now);
    }

    public void OnBatchEnd(Instant now) => Drain(now);

    /// <summary>Says BYE and closes the ports. On the rtp loop.</summary>
    public void Dispose()
    {
        if (_closed) return;
        Rtcp.End();
        Drain(_loop.Now);
        _closed = true;
        _timer.Cancel();
        _ports?.Dispose();
    }

    private static AcceptedPayload[] Accepted(NegotiatedMedia media) =>
    [
        .. media.Receive.Select(p => new AcceptedPayload(p.PayloadType, p.Format.ClockRate)),
        .. media.TelephoneEvents.Select(e => new AcceptedPayload(e.PayloadType, e.ClockRate, Timed: false)),
    ];

    private void OnRtp(ReadOnlySpan<byte> datagram, in PeerAddress from, Instant now)
    {
        if (Receiver.Receive(datagram, now) == ReceiveResult.Accepted) _remote.HeardRtp(from);
    }

    private void Write(PayloadType type, bool marker, long mediaTicks, ReadOnlySpan<byte> payload, Instant capturedAt)
    {
        var slot = _ports!.Rtp.BeginSend(_remote.Rtp);
        if (Sender.TryWrite(slot, type, marker, mediaTicks, payload, capturedAt, out var size)) _ports.Rtp.EndSend(size);
    }

    private void OnTimer(Instant now)
    {
        Rtcp.Tick(now);
        Drain(now);
    }

    private void Drain(Instant now)
    {
        if (_closed) return;
        while (Receiver.TryTake(now, out var packet)) _owner.OnPacket(this, in packet, now);
        while (Receiver.TryTakeSenderReport(out var report)) _owner.OnSenderReport(this, in report);
        if (!_remote.Rtcp.IsEmpty)
        {
            var port = Negotiated is { RtcpMux: true } ? _ports!.Rtp : _ports!.Rtcp;
            while (Rtcp.TryTake(now, NtpTime.FromUtc(_clock.UtcNow), _scratch, out var length)) port.Send(_scratch.AsSpan(0, length), _remote.Rtcp);
            _timer.Set(Instant.Min(Receiver.NextDeadline, Rtcp.NextDeadline));
        }
        else
        {
            _timer.Set(Receiver.NextDeadline);
        }
    }
}
