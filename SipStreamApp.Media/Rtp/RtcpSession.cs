// RFC 3550 section 6.2 and 6.3 (when to report), RFC 4585 section 3.4 (feedback at once), RFC 5506 (reduced size).
using SipStreamApp.Media.Primitives;

namespace SipStreamApp.Media.Rtp;

/// <summary>Settings of one RTCP session.</summary>
internal sealed record RtcpOptions
{
    /// <summary>Mean interval of reports; each is drawn from half to one and a half of it. 3 s.</summary>
    /// <remarks>RFC 3550 says 5 s, or less in proportion to bandwidth; at 120 kbit/s and more this is within its reduced minimum.</remarks>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The first report goes out after half to one of this: the other side's lip sync waits for it. 800 ms.</summary>
    public TimeSpan FirstWithin { get; init; } = TimeSpan.FromMilliseconds(800);

    /// <summary>Feedback goes out alone, without report and CNAME (only where a=rtcp-rsize was negotiated). False.</summary>
    public bool ReducedSize { get; init; }

    /// <summary>Ask for keyframes by FIR (ccm fir) rather than PLI (nack pli). False.</summary>
    public bool UseFir { get; init; }
}

/// <summary>RTCP of one m-line: decides when to report, builds what is sent, and hands what comes in to sender and receiver.</summary>
/// <remarks>Drive it with <see cref="Receive"/>, <see cref="Tick"/> and the commands; drain with <see cref="TryTake"/>.</remarks>
internal sealed class RtcpSession
{
    private const int NackRoom = 64;

    private readonly RtcpOptions _options;
    private readonly Ssrc _local;
    private readonly byte[] _cname;
    private readonly RtpSender? _sender;
    private readonly RtpReceiver? _receiver;
    private readonly Random _random;
    private readonly byte[] _nack = new byte[NackRoom];
    private int _nackLength;
    private Instant _reportAt;
    private bool _reportDue;
    private bool _keyframeDue;
    private bool _byeDue;
    private bool _ended;
    private byte _firNumber;
    private int _firSeen = -1;
    private bool _keyframeAsked;

    /// <param name="local">Our SSRC, for reports without a sender too.</param>
    /// <param name="cname">Canonical name, the same on every m-line of a call (RFC 7022).</param>
    /// <param name="sender">Sending side, if any.</param>
    /// <param name="receiver">Receiving side, if any.</param>
    /// <param name="seed">For the draw of intervals.</param>
    /// <param name="now">Start of the session.</param>
    /// <param name="options">Settings.</param>
    public RtcpSession(Ssrc local, string cname, RtpSender? sender, RtpReceiver? receiver, int seed, Instant now, RtcpOptions? options = null)
    {
        (_options, _local, _sender, _receiver) = (options ?? new RtcpOptions(), local, sender, receiver);
        _cname = System.Text.Encoding.UTF8.GetBytes(cname);
        _random = new Random(seed);
        _reportAt = now + _options.FirstWithin * (0.5 + 0.5 * _random.NextDouble());
    }

    /// <summary>When the other side's RTCP was last heard; <see cref="Instant.Never"/> before the first.</summary>
    public Instant LastHeardAt { get; private set; } = Instant.Never;

    /// <summary>The receiver's estimate (REMB) in bits per second; 0 before the first.</summary>
    public long RemoteEstimate { get; private set; }

    /// <summary>Datagrams that held nothing readable.</summary>
    public long Malformed { get; private set; }

    public Instant NextDeadline => Pending ? Instant.Zero : _ended ? Instant.Never : _reportAt;

    private bool Pending => _reportDue || _keyframeDue || _byeDue || _nackLength > 0;

    /// <summary>Takes one datagram, which is RTCP by <see cref="PacketKinds.Of"/>; false where nothing in it could be read.</summary>
    public bool Receive(ReadOnlySpan<byte> datagram, Instant now, NtpTime wallNow)
    {
        var read = 0;
        foreach (var packet in new RtcpReader(datagram))
        {
            read++;
            if (packet.TryGetSenderReport(out var report)) _receiver?.OnSenderReport(in report, now);
            if (_sender is not null) foreach (var block in packet.ReportBlocks) _sender.OnReportBlock(in block, wallNow);
            if (_receiver is not null && packet.IsByeFor(_receiver.Source)) _receiver.OnBye(_receiver.Source);
            if (RtcpFeedback.IsPli(in packet, _local)) _keyframeAsked = true;
            if (RtcpFeedback.TryGetFir(in packet, _local, out var number) && number != _firSeen) (_firSeen, _keyframeAsked) = (number, true);
            if (RtcpFeedback.TryGetRemb(in packet, out var rate)) RemoteEstimate = rate;
        }

        if (read == 0) Malformed++;
        else LastHeardAt = now;
        return read > 0;
    }

    /// <summary>The other side asked for a keyframe of ours (PLI or a new FIR); once.</summary>
    public bool TryTakeKeyframeRequest()
    {
        var asked = _keyframeAsked;
        _keyframeAsked = false;
        return asked;
    }

    /// <summary>Asks the other side for a keyframe, at once. Nothing goes out before its source is known.</summary>
    public void RequestKeyframe()
    {
        if (_ended || _keyframeDue) return;
        _keyframeDue = true;
        _firNumber++;
    }

    /// <summary>Asks for missing packets, at once; what does not fit in one message is left out.</summary>
    public void RequestMissing(ushort first, int count)
    {
        if (_ended) return;
        var builder = new NackBuilder(_nack.AsSpan(_nackLength));
        for (var i = 0; i < count && builder.TryAdd((ushort)(first + i)); i++)
        {
        }

        _nackLength += builder.Length;
    }

    /// <summary>Says BYE once and falls silent.</summary>
    public void End()
    {
        if (_ended) return;
        (_byeDue, _ended) = (true, true);
        (_reportDue, _keyframeDue, _nackLength) = (false, false, 0);
    }

    public void Tick(Instant now)
    {
        if (_ended || now < _reportAt) return;
        _reportDue = true;
        _reportAt = now + _options.Interval * (0.5 + _random.NextDouble());
    }

    /// <summary>The next datagram to send.</summary>
    /// <param name="now">Now.</param>
    /// <param name="wallNow">The wall clock that belongs to it.</param>
    /// <param name="buffer">At least 512 bytes.</param>
    /// <param name="length">Bytes written.</param>
    public bool TryTake(Instant now, NtpTime wallNow, Span<byte> buffer, out int length)
    {
        length = 0;
        if (!Pending) return false;
        var w = new RtcpWriter(buffer);
        var known = _receiver is { HasSource: true };
        var feedback = known && (_keyframeDue || _nackLength > 0);
        if (_reportDue || _byeDue || (feedback && !_options.ReducedSize))
        {
            Report(ref w, now, wallNow);
            w.Cname(_local, _cname);
        }

        if (feedback) Feedback(ref w, _receiver!.Source);
        if (_byeDue) w.Bye(_local);
        (_reportDue, _keyframeDue, _byeDue, _nackLength) = (false, false, false, 0);
        length = w.Length;
        return length > 0;
    }

    private void Report(ref RtcpWriter w, Instant now, NtpTime wallNow)
    {
        var has = false;
        ReportBlock block = default;
        if (_receiver is not null) has = _receiver.TryMakeReportBlock(now, out block);
        ReadOnlySpan<ReportBlock> blocks = has ? new ReadOnlySpan<ReportBlock>(in block) : default;
        if (_sender is { HasSent: true }) w.SenderReport(_sender.MakeReport(now, wallNow), blocks);
        else w.ReceiverReport(_local, blocks);
    }

    private void Feedback(ref RtcpWriter w, Ssrc media)
    {
        if (_nackLength > 0) w.Nack(_local, media, _nack.AsSpan(0, _nackLength));
        if (!_keyframeDue) return;
        if (_options.UseFir) w.Fir(_local, media, _firNumber);
        else w.Pli(_local, media);
    }
}
