using SipStreamApp.Media.Net;
using SipStreamApp.Media.Primitives;
using SipStreamApp.Media.Rtp;
using SipStreamApp.Media.Streams;

namespace SipStreamApp.Media.WebRtc.Publishing;

/// <summary>Takes RTCP of a publication on its way to the browser. Loop's thread only.</summary>
internal interface IPublicationLink
{
    void SendRtcp(ReadOnlySpan<byte> packet);
}

/// <summary>
/// The receiving half of a session: what a browser sends becomes a named stream. Fed with authentic packets, drained after each batch of them
/// and at its deadlines; per packet nothing is allocated. Loop's thread only, but for <see cref="Figures"/>.
/// </summary>
internal sealed class Publication
{
    // A browser needs a round trip and a frame to answer; asked more often it sends keyframes back to back, which a bad line carries worst.
    private static readonly TimeSpan KeyframePatience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan FiguresEvery = TimeSpan.FromMilliseconds(500);

    private readonly PublicationSettings _settings;
    private readonly IPublicationLink _link;
    private readonly NetLoop _loop;
    private readonly EngineClock _clock;
    private readonly StreamTimeline _timeline = new();
    private readonly PublishedTrack[] _tracks;
    private readonly PublishedTrack? _video;
    private readonly ArrivalLog? _arrivals;
    private readonly byte[] _cname;
    private readonly LoopTimer _timer;
    private readonly LoopSignal _keyframeWanted;
    private readonly byte[] _scratch = new byte[ArrivalLog.MaxBytes + 128];
    private readonly byte[] _body = new byte[ArrivalLog.MaxBytes];
    private Instant _askedAt = Instant.Never;
    private Instant _figuresAt = Instant.Zero;
    private bool _keyframeOwed;
    private bool _started;
    private bool _ended;

    public Publication(PublicationSettings settings, IPublicationLink link, NetLoop loop, EngineClock clock)
    {
        (_settings, _link, _loop, _clock) = (settings, link, loop, clock);
        _cname = System.Text.Encoding.ASCII.GetBytes(settings.Cname);
        var now = loop.Now;
        _tracks = [.. ((ReadOnlySpan<PublishedMedia?>)[settings.Audio, settings.Video]).ToArray().OfType<PublishedMedia>().Select(m => new PublishedTrack(m, settings, _timeline, now))];
        _video = Array.Find(_tracks, t => t.Kind == MediaKind.Video);
        _arrivals = settings.TransportWideId > 0 ? new ArrivalLog() : null;
        _timer = loop.CreateTimer(Drain);
        _keyframeWanted = loop.CreateSignal(OnKeyframeWanted);
    }

    public LiveStream Stream => _settings.Publisher.Stream;

    /// <summary>True while it waits to be drained; the host's list of those holds it then.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The figures of the last half second. Any thread.</summary>
    public (PublishedTrackSnapshot? Audio, PublishedTrackSnapshot? Video) Figures { get; private set; }

    /// <summary>The keys are there: the stream is live from now on.</summary>
    public void Start(Instant now)
    {
        _started = true;
        _settings.Publisher.KeyframeWanted = _keyframeWanted.Set;
        if (_tracks.Length > 0) _settings.Publisher.Announce(_settings.Audio?.Format, _settings.Video?.Format);
        Drain(now);
    }

    /// <summary>An authentic RTP packet, changed in place. To be followed by <see cref="Drain"/>.</summary>
    public void OnRtp(Span<byte> datagram, Instant now)
    {
        if (!RtpPacket.TryParse(datagram, out var packet)) return;
        if (_arrivals is not null && HeaderExtensions.TryFind(in packet, _settings.TransportWideId, out var number) && number.Length == 2)
            _arrivals.Add((ushort)(number[0] << 8 | number[1]), now);
        // BUNDLE (RFC 8843 section 9.2): a payload type belongs to one m-line.
        foreach (var track in _tracks)
        {
            if (!track.Takes(packet.PayloadType)) continue;
            track.OnPacket(in packet, datagram, now);
            return;
        }
    }

    /// <summary>An authentic compound RTCP packet.</summary>
    public void OnRtcp(ReadOnlySpan<byte> compound, Instant now)
    {
        var wall = NtpTime.FromUtc(_clock.UtcNow);
        foreach (var track in _tracks) track.Rtcp.Receive(compound, now, wall);
    }

    /// <summary>Publishes what is due, asks for what is missing, reports, and sets the next deadline.</summary>
    public void Drain(Instant now)
    {
        if (_ended || !_started) return;
        var next = Instant.Never;
        foreach (var track in _tracks)
        {
            Publish(track, now);
            while (track.Receiver.TryTakeSenderReport(out var report))
            {
                track.Frames.OnSenderReport(in report);
                Stream.AvOffset = _timeline.MeasuredOffset;
            }

            track.Tick(now);
            while (track.Rtcp.TryTake(now, NtpTime.FromUtc(_clock.UtcNow), _scratch, out var length)) _link.SendRtcp(_scratch.AsSpan(0, length));
            next = Instant.Min(next, track.NextDeadline);
        }

        if (_arrivals is not null)
        {
            if (now >= _arrivals.NextDeadline) SendArrivals(_arrivals);
            next = Instant.Min(next, _arrivals.NextDeadline);
        }

        if (now >= _figuresAt) UpdateFigures(now);
        _timer.Set(next);
    }

    /// <summary>Ends the stream and gives everything back, once.</summary>
    public void End(StreamEndReason reason)
    {
        if (_ended) return;
        UpdateFigures(_loop.Now);
        _ended = true;
        _timer.Cancel();
        _keyframeWanted.Close();
        foreach (var track in _tracks) track.Dispose();
        _settings.Publisher.End(reason);
    }

    private void Publish(PublishedTrack track, Instant now)
    {
        while (track.Receiver.TryTake(now, out var packet))
        {
            track.Frames.Push(in packet);
            while (track.Frames.TryTake(out var frame))
            {
                if (track == _video && frame.IsKeyframe) (_keyframeOwed, _askedAt) = (false, Instant.Never);
                _settings.Publisher.Publish(frame);
                frame.Release();
            }
        }

        // Until one comes: a request may be lost like anything else.
        if (track == _video && (_keyframeOwed || track.Frames.KeyframeWanted)) AskForKeyframe(track, now);
    }

    private void OnKeyframeWanted()
    {
        _keyframeOwed = true;
        Drain(_loop.Now);
    }

    private void AskForKeyframe(PublishedTrack video, Instant now)
    {
        if (!video.Receiver.HasSource || (_askedAt != Instant.Never && now - _askedAt < KeyframePatience)) return;
        _askedAt = now;
        video.AskForKeyframe();
    }

    private void SendArrivals(ArrivalLog arrivals)
    {
        var local = _tracks[0].Local;
        var media = Array.Find(_tracks, t => t.Receiver.HasSource)?.Receiver.Source ?? default;
        while (arrivals.TryWrite(_body, out var length))
        {
            var writer = new RtcpWriter(_scratch);
            // RFC 3550 section 6.1: without RFC 5506 every compound begins with a report and a name.
            if (!_settings.ReducedSize)
            {
                writer.ReceiverReport(local, []);
                writer.Cname(local, _cname);
            }

            writer.TransportWide(local, media, _body.AsSpan(0, length));
            _link.SendRtcp(_scratch.AsSpan(0, writer.Length));
        }
    }

    private void UpdateFigures(Instant now)
    {
        _figuresAt = now + FiguresEvery;
        Figures = (Array.Find(_tracks, t => t.Kind == MediaKind.Audio)?.Figures(), _video?.Figures());
    }
}
