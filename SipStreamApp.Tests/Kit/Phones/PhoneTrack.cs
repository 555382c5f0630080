using System.Net;
using SipStreamApp.Media.Codecs;
using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Sdp;

namespace SipStreamApp.Tests.Kit.Phones;

/// <summary>One m-line of a phone: ports, packets, reports. Lives on the phone's loop.</summary>
internal sealed class PhoneTrack : IDatagramHandler, IDisposable
{
    private const int MaxPayload = 1200;

    private readonly EngineClock _clock;
    private readonly RtpPortPair _ports;
    private readonly RtpReceiver _receiver = new(8000, []);
    private readonly RtpSender _sender;
    private readonly RtcpSession _rtcp;
    private readonly LoopTimer _timer;
    private readonly byte[] _payload = new byte[2048];
    private readonly byte[] _packet = new byte[2048];
    private IPacketizer? _packetizer;
    private PeerAddress _rtpTo;
    private PeerAddress _rtcpTo;
    private bool _mux;

    public PhoneTrack(NetLoop loop, EngineClock clock, RtpPorts ports, MediaKind kind, PhoneLine line)
    {
        (_clock, Kind, Wire) = (clock, kind, new PhoneWire(loop, line));
        if (!ports.TryBind(loop, IPAddress.Loopback, this, this, UdpPortOptions.Default, out _ports!, out var failure)) throw new InvalidOperationException(failure.Title);
        var ssrc = new Ssrc((uint)Random.Shared.NextInt64(1, uint.MaxValue));
        _sender = new RtpSender(ssrc, kind == MediaKind.Video ? 90000 : 8000, (ulong)line.Seed);
        _rtcp = new RtcpSession(ssrc, "phone@test", _sender, _receiver, line.Seed, loop.ReadClock());
        _timer = loop.CreateTimer(now => Report(now));
    }

    public MediaKind Kind { get; }

    public PhoneWire Wire { get; }

    public SipMediaPort SdpPort => new(_ports.Rtp.LocalEndPoint.Port, _ports.Rtcp.LocalEndPoint.Port, _sender.Ssrc);

    /// <summary>What is sent; null while nothing was agreed on.</summary>
    public PayloadMapping? Sends { get; private set; }

    /// <summary>RTP packets that came from the other side.</summary>
    public long Heard { get; private set; }

    /// <summary>Called when the other side asks for a keyframe by RTCP.</summary>
    public Action<Instant>? KeyframeAsked { get; init; }

    /// <summary>What came in by RTP.</summary>
    public HeardRtp Ear { get; } = new();

    /// <summary>Asks the other side for a keyframe (PLI).</summary>
    public void AskForKeyframe(Instant now)
    {
        _rtcp.RequestKeyframe(byFir: false);
        Report(now);
    }

    public void Configure(NegotiatedMedia? media, Instant now)
    {
        if (media is { Accepted: true, Receive: [var first, ..] })
        {
            Ear.Expect(media);
            _receiver.Reconfigure(first.Format.ClockRate, [.. media.Receive.Select(p => new AcceptedPayload(p.PayloadType, p.Format.ClockRate))]);
        }

        Sends = media is { Accepted: true, RemoteRtp: not null } && media.Direction is SdpDirection.SendRecv or SdpDirection.SendOnly ? media!.Send : null;
        if (Sends is null) return;
        (_rtpTo, _mux) = (PeerAddress.From(media!.RemoteRtp!), media.RtcpMux);
        _rtcpTo = media.RemoteRtcp is { } rtcp ? PeerAddress.From(rtcp) : _rtpTo.WithPort(_rtpTo.Port + 1);
        _sender.ChangeClockRate(Sends.Format.ClockRate);
        _packetizer = Packetizer.Create(Sends.Format, Sends.PacketizationMode);
        Report(now);
    }

    /// <summary>Sends a frame that was captured now.</summary>
    public void Send(MediaFrame frame, Instant now)
    {
        if (Sends is null) return;
        _packetizer!.Begin(frame, MaxPayload);
        while (_packetizer.TryNext(_payload, out var length, out var marker))
        {
            _sender.TryWrite(_packet, Sends.PayloadType, marker, frame.MediaTicks, _payload.AsSpan(0, length), now, out var size);
            Wire.SendRtp(_packet.AsSpan(0, size), _ports.Rtp, _rtpTo, now);
        }
    }

    public void OnDatagram(UdpPort port, Span<byte> datagram, in PeerAddress from, Instant now)
    {
        if (PacketKinds.Of(datagram) == PacketKind.Rtp)
        {
            Heard++;
            Ear.Take(datagram);
            // Only for its reports and wishes: they name the source they are about.
            _receiver.Receive(datagram, now);
            while (_receiver.TryTake(now, out _)) continue;
        }
        else if (PacketKinds.Of(datagram) == PacketKind.Rtcp && _rtcp.Receive(datagram, now, NtpTime.FromUtc(_clock.UtcNow)) && _rtcp.TryTakeKeyframeRequest()) KeyframeAsked?.Invoke(now);
    }

    public void Dispose()
    {
        _timer.Cancel();
        Wire.Dispose();
        _ports.Dispose();
    }

    private void Report(Instant now)
    {
        _rtcp.Tick(now);
        while (_rtcp.TryTake(now, NtpTime.FromUtc(_clock.UtcNow), _packet, out var length)) Wire.SendRtcp(_packet.AsSpan(0, length), _mux ? _ports.Rtp : _ports.Rtcp, _rtcpTo, now);
        _timer.Set(_rtcp.NextDeadline);
    }
}
