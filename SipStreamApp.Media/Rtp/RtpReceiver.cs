using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>The receiving side of one m-line: checks, counts, orders, and puts packets on one continuous media clock.</summary>
/// <remarks>Put packets in with <see cref="Receive"/>, drain with <see cref="TryTake"/>, sleep until <see cref="NextDeadline"/>.</remarks>
internal sealed class RtpReceiver
{
    private const int MaxDatagram = 2048;

    private readonly RtpReceiverOptions _options;
    private readonly SourceCandidate _candidate;
    private readonly SequenceTracker _tracker = new(probation: 1);
    private readonly SenderReportMemory _reports = new();
    private readonly TimestampUnwrapper _ticks;
    private readonly AcceptedPayload[] _payloads = new AcceptedPayload[128];
    private JitterBuffer _jitter;
    private JitterEstimator _interarrival;
    private ReceiverStatistics _before;
    private bool _locked;
    private bool _ended;
    private Ssrc _takenFrom;
    private bool _anyTaken;
    private int _lostCarried;
    private bool _gapCarried;
    private bool _newSourceCarried;
    private (ushort First, int Count) _missing;

    public RtpReceiver(int clockRate, ReadOnlySpan<AcceptedPayload> payloads, RtpReceiverOptions? options = null)
    {
        _options = options ?? new RtpReceiverOptions();
        _candidate = new SourceCandidate(Math.Max(2, _options.TakeoverPackets), MaxDatagram);
        _ticks = new TimestampUnwrapper(clockRate);
        _jitter = new JitterBuffer(clockRate, _options.Jitter);
        _interarrival = new JitterEstimator(clockRate);
        SetPayloads(payloads);
    }

    /// <summary>The source this m-line listens to; meaningful once <see cref="HasSource"/>.</summary>
    public Ssrc Source { get; private set; }

    public bool HasSource => _locked;

    /// <summary>The source said BYE and has been silent since.</summary>
    public bool SourceEnded => _ended;

    /// <summary>When the last good packet of the source came; <see cref="Instant.Never"/> before the first.</summary>
    public Instant LastPacketAt { get; private set; } = Instant.Never;

    /// <summary>When anything was heard from the source by RTCP; <see cref="Instant.Never"/> before the first.</summary>
    public Instant LastRtcpAt { get; private set; } = Instant.Never;

    /// <summary>The present distance of release behind the arrival line.</summary>
    public TimeSpan JitterTarget => _jitter.Target;

    public Instant NextDeadline => _jitter.NextDeadline;

    /// <summary>Runs of missing numbers so far, over all sources: with the number lost it tells bursts from single losses.</summary>
    public long LossRuns { get; private set; }

    /// <summary>Payload type of the last packet that was not agreed on; -1 before the first.</summary>
    public int LastUnknownPayload { get; private set; } = -1;

    /// <summary>Figures over all sources so far.</summary>
    public ReceiverStatistics Statistics => _before with
    {
        Received = _before.Received + _tracker.Received - _tracker.Duplicates,
        Expected = _before.Expected + _tracker.Expected,
        Lost = _before.Lost + _tracker.Lost,
        Duplicates = _before.Duplicates + _tracker.Duplicates,
        Reordered = _before.Reordered + _tracker.Reordered,
        Late = _before.Late + _jitter.Late,
        Dropped = _before.Dropped + _jitter.TooLarge + _jitter.Overflows,
        JitterMilliseconds = _interarrival.Milliseconds,
    };

    /// <summary>Replaces the payload types that are let in.</summary>
    public void SetPayloads(ReadOnlySpan<AcceptedPayload> payloads)
    {
        Array.Clear(_payloads);
        foreach (var payload in payloads) if (payload.Type.Value < 128) _payloads[payload.Type.Value] = payload;
    }

    /// <summary>A new offer/answer changed the clock: what is held of the old one is dropped, ticks go on in the new unit.</summary>
    public void Reconfigure(int clockRate, ReadOnlySpan<AcceptedPayload> payloads)
    {
        SetPayloads(payloads);
        if (clockRate == _ticks.ClockRate) return;
        _before = _before with { Late = _before.Late + _jitter.Late, Dropped = _before.Dropped + _jitter.TooLarge + _jitter.Overflows };
        _jitter = new JitterBuffer(clockRate, _options.Jitter);
        _interarrival = new JitterEstimator(clockRate);
        _ticks.ChangeClockRate(clockRate);
        _reports.Clear();
        (_gapCarried, _newSourceCarried) = (_anyTaken, _anyTaken);
    }

    /// <summary>Takes one datagram, which is RTP by <see cref="PacketKinds.Of"/> and, where SRTP is in use, already authentic.</summary>
    public ReceiveResult Receive(ReadOnlySpan<byte> datagram, Instant now)
    {
        if (!RtpPacket.TryParse(datagram, out var packet))
        {
            _before = _before with { Malformed = _before.Malformed + 1 };
            return ReceiveResult.Malformed;
        }

        var known = _payloads[packet.PayloadType.Value].ClockRate != 0;
        if (_locked && packet.Ssrc == Source) return FromSource(in packet, datagram, now, known);
        if (!known) return Unknown(in packet);
        if (!_locked || _ended || now - LastPacketAt > _options.TakeoverSilence)
        {
            SwitchTo(packet.Ssrc, now);
            return FromSource(in packet, datagram, now, known);
        }

        _before = _before with { OtherSource = _before.OtherSource + 1 };
        return _candidate.Offer(in packet, datagram, now) >= _options.TakeoverPackets ? TakeOver(now) : ReceiveResult.OtherSource;
    }

    /// <summary>
    /// Takes a packet that was sent again under other numbers and restored (RFC 4588): it fills its place in the order, and counts neither as
    /// received nor as not lost, so that our reports tell what the line does.
    /// </summary>
    public ReceiveResult Restore(ReadOnlySpan<byte> datagram, Instant now)
    {
        if (!RtpPacket.TryParse(datagram, out var packet)) return ReceiveResult.Malformed;
        if (!_locked || packet.Ssrc != Source) return ReceiveResult.OtherSource;
        var payload = _payloads[packet.PayloadType.Value];
        if (payload.ClockRate == 0) return ReceiveResult.UnknownPayload;
        var timed = payload.Timed && payload.ClockRate == _ticks.ClockRate;
        return Outcome(_jitter.Push(in packet, now, timed, resent: true));
    }

    /// <summary>The next packet in order, once its time has come.</summary>
    public bool TryTake(Instant now, out ReceivedPacket packet)
    {
        while (_jitter.TryTake(now, out var p))
        {
            _lostCarried += p.LostBefore;
            _gapCarried |= p.Gap;
            _newSourceCarried |= p.NewSource && _anyTaken;
            // Padding and foreign payload types held their place in the order and have done their work.
            if (p.Payload.IsEmpty) continue;
            if (p.Timed)
            {
                _ticks.Next(p.Timestamp, p.ArrivedAt, _newSourceCarried);
                _takenFrom = p.Ssrc;
            }

            packet = new ReceivedPacket
            {
                Payload = p.Payload, PayloadType = p.PayloadType, Marker = p.Marker, SequenceNumber = p.SequenceNumber,
                Timestamp = p.Timestamp, Ssrc = p.Ssrc, MediaTicks = _ticks.Last, LostBefore = _lostCarried, Gap = _gapCarried,
                NewSource = _newSourceCarried, ArrivedAt = p.ArrivedAt,
            };
            // An untimed packet in front must not eat the mark that the media clock still needs.
            if (p.Timed) (_newSourceCarried, _anyTaken) = (false, true);
            (_lostCarried, _gapCarried) = (0, false);
            return true;
        }

        packet = default;
        return false;
    }

    /// <summary>A sender report, from any source; those of others are kept aside (one) in case their source takes over.</summary>
    public void OnSenderReport(in SenderReport report, Instant now)
    {
        if (_locked && report.Ssrc == Source) LastRtcpAt = now;
        _reports.Add(in report, now);
    }

    /// <summary>BYE. Anything more from the source takes it back; any other source may take over at once.</summary>
    public void OnBye(Ssrc ssrc)
    {
        if (_locked && ssrc == Source) _ended = true;
    }

    /// <summary>The last sender report, once, as soon as its RTP time can be placed on the media clock.</summary>
    public bool TryTakeSenderReport(out ReceivedSenderReport report)
    {
        report = default;
        if (!_anyTaken || _takenFrom != Source || !_reports.TryTake(Source, out var sent, out var at)) return false;
        if (!_ticks.TryMap(sent.RtpTimestamp, out var ticks)) return false;
        report = new ReceivedSenderReport(sent.Ntp, ticks, at);
        return true;
    }

    /// <summary>The run of sequence numbers found missing by the last packet, once: what a NACK would ask for.</summary>
    public bool TryTakeMissing(out ushort first, out int count)
    {
        (first, count) = _missing;
        _missing = default;
        return count > 0;
    }

    /// <summary>Our report about the source; begins a new interval for the fraction lost.</summary>
    public bool TryMakeReportBlock(Instant now, out ReportBlock block)
    {
        block = default;
        if (!_locked || !_tracker.Valid) return false;
        var fraction = _tracker.TakeFractionLost();
        _before = _before with { FractionLost = fraction / 256.0 };
        var (last, delay) = _reports.LastReport(Source, now);
        block = new ReportBlock(
            Source, fraction, (int)Math.Clamp(_tracker.CumulativeLost, -0x80_0000, 0x7F_FFFF), (uint)_tracker.Highest,
            (uint)_interarrival.Value, last, delay);
        return true;
    }

    private ReceiveResult FromSource(in RtpPacket packet, ReadOnlySpan<byte> datagram, Instant now, bool known)
    {
        var highest = _tracker.Highest;
        var verdict = _tracker.Update(packet.SequenceNumber, out var extended);
        if (verdict is SequenceVerdict.Suspect or SequenceVerdict.Restarted)
        {
            return _candidate.Offer(in packet, datagram, now) >= 2 ? TakeOver(now) : ReceiveResult.OtherSource;
        }

        _candidate.Clear();
        (LastPacketAt, _ended) = (now, false);
        if (verdict == SequenceVerdict.Duplicate) return ReceiveResult.Duplicate;
        if (verdict == SequenceVerdict.Ahead)
        {
            LossRuns++;
            _missing = ((ushort)(highest + 1), (int)(extended - highest - 1));
        }

        _before = _before with { Bytes = _before.Bytes + packet.Payload.Length };
        var payload = _payloads[packet.PayloadType.Value];
        var timed = known && payload.Timed && payload.ClockRate == _ticks.ClockRate;
        if (timed) _interarrival.Add(packet.Timestamp, now);
        var result = _jitter.Push(in packet, now, timed, keepPlaceOnly: !known);
        return known ? Outcome(result) : Unknown(in packet);
    }

    private static ReceiveResult Outcome(JitterResult result) => result switch
    {
        JitterResult.Held => ReceiveResult.Accepted,
        JitterResult.Duplicate => ReceiveResult.Duplicate,
        JitterResult.Late => ReceiveResult.Late,
        _ => ReceiveResult.Dropped,
    };

    private ReceiveResult Unknown(in RtpPacket packet)
    {
        LastUnknownPayload = packet.PayloadType.Value;
        _before = _before with { UnknownPayload = _before.UnknownPayload + 1 };
        return ReceiveResult.UnknownPayload;
    }

    // The candidate has shown enough packets: its run becomes the source, and what was kept of it goes first.
    private ReceiveResult TakeOver(Instant now)
    {
        var count = _candidate.Count;
        var result = ReceiveResult.Accepted;
        for (var i = 0; i < count; i++)
        {
            var datagram = _candidate.Packet(i, out var arrivedAt);
            if (!RtpPacket.TryParse(datagram, out var packet)) continue;
            if (i == 0) SwitchTo(packet.Ssrc, now);
            result = FromSource(in packet, datagram, arrivedAt, _payloads[packet.PayloadType.Value].ClockRate != 0);
        }

        _candidate.Clear();
        LastPacketAt = now;
        return result;
    }

    private void SwitchTo(Ssrc ssrc, Instant now)
    {
        if (_locked)
        {
            _before = Statistics with
            {
                Late = _before.Late, Dropped = _before.Dropped, SourceChanges = _before.SourceChanges + 1,
                FractionLost = _before.FractionLost,
            };
            _jitter.Restart();
            _interarrival = new JitterEstimator(_ticks.ClockRate);
        }

        _tracker.Reset();
        (Source, _locked, _ended) = (ssrc, true, false);
        _reports.ListenTo(ssrc, now);
    }
}
